import { FFQuotaExceededError, FFStorageError } from '../../src/shared/errors.ts';
import type { FFImportReportDTO, FFProgress } from '../../src/shared/model/backup.ts';
import { openArchive, type Archive } from '../archive/read.ts';
import type { ArchiveSource } from '../archive/source.ts';
import { SHARED_SPACE } from '../store/layout.ts';
import type { OperationMark } from '../store/operations.ts';
import { readQuota } from '../store/quota.ts';
import type { RootRecord } from '../store/root-catalog.ts';
import type { StagedSpace } from '../store/staged-space.ts';
import type { Store } from '../store/store.ts';
import { mergeShared } from './restore-shared.ts';
import { stageUser } from './restore-user.ts';

/** More than any browser grants; how much there is space for is looked at apart. */
const MAX_TOTAL_BYTES = 2 ** 40;

/** What a restore has made so far, to be undone unless it gets to its end. */
export interface Restoring {
  readonly store: Store;
  readonly archive: Archive;
  /** The users that are replaced. */
  readonly userIds: ReadonlySet<string>;
  readonly at: number;
  readonly staged: StagedSpace[];
  readonly records: RootRecord[];
  readonly report: FFImportReportDTO;
  /** Users whose documents are to be read for their text. */
  readonly withDocuments: string[];
}

/**
 * Puts what an archive holds in the place of what the store has of the same users. First everything is
 * verified, then the users are made anew beside the store; the last step shows all of it at once. Until
 * then nothing has changed, and stopping leaves nothing behind. Doing it twice changes nothing more.
 *
 * @param mark of whoever waits for the last step; what it gives then is stored with the step
 * @returns a generator of how far it has come, which ends with the report
 * @throws FFStorageError `corrupt` or `version` for an archive that is not in order, `not-found` when it
 *   does not hold the user
 * @throws FFQuotaExceededError when there is no space for it beside what there is
 */
export async function* restoreArchive(
  store: Store,
  source: ArchiveSource,
  wantedUserId: string | undefined,
  at: number,
  mark: () => OperationMark | undefined = () => undefined,
): AsyncGenerator<FFProgress, FFImportReportDTO> {
  const free = await freeBytes();
  const archive = await openArchive(source, { maxTotalBytes: MAX_TOTAL_BYTES });
  const restoring: Restoring = {
    store,
    archive,
    userIds: new Set(chosenUsers(archive, wantedUserId)),
    at,
    staged: [],
    records: [],
    report: { users: 0, sessions: 0, messages: 0, documents: 0, skipped: 0, warnings: [] },
    withDocuments: [],
  };
  // Each byte is read once to be verified, and once more to be written.
  const totalBytes = 2 * archive.totalBytes;
  let doneBytes = 0;
  let isAdopted = false;
  try {
    for await (const bytes of archive.verify()) {
      doneBytes += bytes;
      yield { doneBytes, totalBytes };
    }
    if (archive.totalBytes > free) throw noSpace(archive.totalBytes, free);
    for (const userId of restoring.userIds) {
      for await (const bytes of stageUser(restoring, userId)) {
        doneBytes += bytes;
        yield { doneBytes: Math.min(doneBytes, totalBytes), totalBytes };
      }
    }
    const { records, userIds, report } = restoring;
    report.skipped = archive.manifest.users.length - userIds.size;
    // What is shared can change until the last moment, so it is merged while nothing else happens.
    await store.alone(async () => {
      const isSharedReplaced = await mergeShared(restoring, wantedUserId !== undefined);
      const done = mark();
      if (done !== undefined) records.push({ type: 'done', ...done, result: report });
      await store.adopt(records, isSharedReplaced ? [...userIds, SHARED_SPACE] : [...userIds]);
    });
    isAdopted = true;
    await openUsers(restoring);
    return report;
  } finally {
    archive.close();
    if (!isAdopted) await discard(restoring);
  }
}

function chosenUsers({ manifest }: Archive, wantedUserId: string | undefined): string[] {
  const userIds = manifest.users.map(({ userId }) => userId);
  if (wantedUserId === undefined) return userIds;
  if (userIds.includes(wantedUserId)) return [wantedUserId];
  throw new FFStorageError(
    `The backup does not hold the user "${wantedUserId}"; it holds ${userIds.length} others. Nothing was restored.`,
    { code: 'not-found' },
  );
}

async function freeBytes(): Promise<number> {
  const { quotaBytes, usageBytes } = await readQuota();
  return quotaBytes === undefined || usageBytes === undefined ? Infinity : quotaBytes - usageBytes;
}

function noSpace(needed: number, free: number): FFQuotaExceededError {
  return new FFQuotaExceededError(
    `The backup unpacks to ${needed} bytes and ${free} are free; a restore needs them beside what it replaces. Nothing was restored.`,
  );
}

/** An opening of the user finds out of which documents the text is still to be extracted. */
async function openUsers({ store, withDocuments }: Restoring): Promise<void> {
  for (const userId of withDocuments) {
    // A failure tells nothing of the restore: whoever asks for the user next will hear of it.
    await store.background(userId, () => store.user(userId)).catch(() => undefined);
  }
}

async function discard({ store, staged }: Restoring): Promise<void> {
  for (const space of staged) {
    await store.background(space.folder.spaceId, () => space.discard());
  }
}
