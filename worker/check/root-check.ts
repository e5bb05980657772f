import { FORMAT_VERSION, type FormatMarker } from '../store/format.ts';
import {
  backupFile,
  BACKUPS_FOLDER,
  catalogFile,
  decodeSegment,
  INCOMING_FOLDER,
  LOSS_NOTE,
  QUARANTINE_FOLDER,
  ROOT_CATALOG_FILE,
  SHARED_SPACE,
  spaceFolder,
  STORE_FILE,
} from '../store/layout.ts';
import { listSpaces } from '../store/recovery.ts';
import { RootCatalog, type StoredBackup } from '../store/root-catalog.ts';
import { SlotFile } from '../store/slot-file.ts';
import type { SpaceTotals } from '../store/space-totals.ts';
import { UserCatalog } from '../store/user-catalog.ts';
import { checkArchive } from './backup-check.ts';
import type { Findings } from './findings.ts';
import { filesIn } from './folder.ts';
import { ownerOf, type CheckSource, type View } from './source.ts';
import { damagedRecords } from './space-check.ts';

/** What the root of a store says. */
export interface RootListing {
  readonly userIds: readonly string[];
  readonly backups: readonly StoredBackup[];
  /** By space, where they are up to date. */
  readonly totals: ReadonlyMap<string, SpaceTotals>;
  /** About so many bytes are there to be read. */
  readonly estimatedBytes: number;
}

/** Looks at what lies at the top of a store; `null` where it is of a format that is not known. */
export function checkRoot(source: CheckSource, findings: Findings): Promise<RootListing | null> {
  return source.alone(async (view) => {
    if (!(await checkMarker(view, findings))) return null;
    const root = await RootCatalog.open(ROOT_CATALOG_FILE, view.context);
    findings.read(root.bytes);
    for (const range of view.damaged.get(root.file.path) ?? []) {
      findings.add(damagedRecords(root.file.path, range));
    }
    const isWhole = !root.isBlank && !root.isDamaged;
    await checkFolders(view, root, isWhole, findings);
    await checkArchives(source, view, root, isWhole, findings);
    for (const [path, bytes] of await filesIn(view, QUARANTINE_FOLDER)) {
      findings.quarantinedBytes += bytes;
      findings.add({ kind: 'set-aside', path, message: setAsideMessage(path), bytes });
    }
    const spaceIds = [...root.userIds, SHARED_SPACE];
    // Where the list is damaged, so may be what it says of that.
    const counted = spaceIds.filter((spaceId) => isWhole && !root.isCounting(spaceId));
    const totals = new Map(counted.map((spaceId) => [spaceId, root.totalsOf(spaceId)]));
    const bytesOf = ({ bytes }: SpaceTotals) => Object.values(bytes).reduce((a, b) => a + b, 0);
    return {
      userIds: root.userIds,
      backups: root.backups.values().map(({ value }) => value),
      totals,
      estimatedBytes: bytesOf(root.sum) + bytesOf(root.totalsOf(SHARED_SPACE)) + root.backups.bytes,
    };
  });
}

/** Gives whether the rest is of a format that can be looked at. */
async function checkMarker({ files, backend }: View, findings: Findings): Promise<boolean> {
  const slot = await SlotFile.open<FormatMarker>(STORE_FILE, files);
  const format = slot.value?.format;
  if (format === FORMAT_VERSION) {
    findings.read((await files.use(STORE_FILE, (file) => file.size())) ?? 0);
    return true;
  }
  const isEmpty = (await backend.list('')).every(({ name }) => name === STORE_FILE);
  // A store that nobody has opened yet.
  if (isEmpty && slot.state === 'missing') return true;
  findings.add({
    kind: 'format-marker',
    path: STORE_FILE,
    message:
      format === undefined
        ? `${STORE_FILE}, which says of what format the store is, is ${slot.state}.`
        : `The store has format ${format}; this release reads format ${FORMAT_VERSION}.`,
    repairable: format === undefined,
  });
  return format === undefined;
}

/** Folders of spaces that the list of users does not have. */
async function checkFolders(
  view: View,
  root: RootCatalog,
  isWhole: boolean,
  findings: Findings,
): Promise<void> {
  for (const folder of await listSpaces(view.backend)) {
    const { spaceId, number } = folder;
    const path = spaceFolder(spaceId, number);
    const isKnown = spaceId === SHARED_SPACE || root.has(spaceId);
    if ((isKnown && root.folderOf(spaceId) === path) || root.isUnswept(folder)) continue;
    const catalog = await UserCatalog.open(spaceId, catalogFile(path), view.context);
    const isLost = !isWhole && !isKnown && !catalog.isBlank;
    findings.add({
      kind: isLost ? 'unlisted-user' : 'leftover',
      path,
      ...ownerOf(spaceId),
      message: isLost
        ? 'The list of users, which is damaged, does not have this one.'
        : 'A folder that a crash has left; nobody needs it.',
      repairable: isLost,
    });
  }
}

/** Archives that no list has. */
async function checkArchives(
  source: CheckSource,
  view: View,
  root: RootCatalog,
  isWhole: boolean,
  findings: Findings,
): Promise<void> {
  const known = new Set(
    root.backups.values().map(({ value: { path, number } }) => backupFile(path, number)),
  );
  for (const [path, bytes] of await filesIn(view, BACKUPS_FOLDER)) {
    if (known.has(path) || source.isBeingWritten(path)) continue;
    const message = isWhole
      ? 'What an interrupted backup has left.'
      : 'A backup that the list, which is damaged, does not have.';
    const kind = isWhole ? 'leftover' : 'unlisted-backup';
    findings.add({ kind, path, message, repairable: true, bytes });
  }
  for (const [path, bytes] of await filesIn(view, INCOMING_FOLDER)) {
    if (source.isBeingWritten(path)) continue;
    const message = 'What an interrupted import has left.';
    findings.add({ kind: 'leftover', path, message, repairable: true, bytes });
  }
}

/** Reads the backups that are listed. */
export async function* checkBackups(
  source: CheckSource,
  backups: readonly StoredBackup[],
  findings: Findings,
): AsyncGenerator<number> {
  for (const { path: backupPath, number, sizeBytes } of backups) {
    const path = backupFile(backupPath, number);
    const found = yield* checkArchive(source, path);
    if (found === null) {
      const message = `The backup "${backupPath}" is gone.`;
      const lost = { kind: 'missing-backup', path, backupPath, message } as const;
      findings.add({ ...lost, repairable: true, bytes: sizeBytes });
      continue;
    }
    findings.read(found.bytes);
    findings.totals.backups += 1;
    if (found.fault === undefined) continue;
    const message = `The backup "${backupPath}" cannot be restored. ${found.fault}`;
    findings.add({ kind: 'damaged-backup', path, backupPath, message, bytes: found.bytes });
  }
}

function setAsideMessage(path: string): string {
  const name = path.slice(QUARANTINE_FOLDER.length + 1).replaceAll('+/', '');
  const dash = name.lastIndexOf('-');
  try {
    const file = decodeSegment(name.slice(0, dash));
    const place = name.slice(dash + 1);
    return place === LOSS_NOTE
      ? `What is known of ${file}, which was lost, is written down here.`
      : `Damaged bytes of ${file}, at ${place}, are kept here.`;
  } catch {
    // Somebody has put a file of theirs here.
    return 'Damaged bytes are kept here.';
  }
}
