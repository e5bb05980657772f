import type { FFProgress } from '../../src/shared/model/backup.ts';
import type { FFVerifyReportDTO } from '../../src/shared/model/reliability.ts';
import { ROOT_CATALOG_FILE, SHARED_SPACE } from '../store/layout.ts';
import { RootCatalog } from '../store/root-catalog.ts';
import type { SpaceTotals } from '../store/space-totals.ts';
import type { Findings } from './findings.ts';
import { checkIndex } from './index-check.ts';
import { checkBackups, checkRoot } from './root-check.ts';
import { ownerOf, type CheckSource, type View } from './source.ts';
import { checkSpace } from './space-check.ts';
import type { SpaceListing } from './space-listing.ts';

/** How often a user is begun with anew who is replaced by a restore meanwhile. */
const ATTEMPTS = 3;

/**
 * Reads a whole store against its checksums, and compares what its parts say of each other. Nothing
 * is changed, and others have their turn all the while: what they change is not held against the
 * store.
 *
 * @param findings told of what is found; also of files that the source cannot read
 * @returns a generator of how far it has come, which ends with the report
 */
export async function* verifyStore(
  source: CheckSource,
  findings: Findings,
): AsyncGenerator<FFProgress, FFVerifyReportDTO> {
  const root = await checkRoot(source, findings);
  if (root === null) return findings.report();
  let doneBytes = 0;
  const progress = (bytes: number): FFProgress => {
    doneBytes += bytes;
    return { doneBytes, totalBytes: Math.max(doneBytes, root.estimatedBytes) };
  };

  for (const spaceId of [...root.userIds, SHARED_SPACE]) {
    const listing = yield* inSteps(checkWholeSpace(source, spaceId, findings), progress);
    if (listing === null) continue;
    if (spaceId !== SHARED_SPACE) findings.totals.users += 1;
    const known = root.totals.get(spaceId);
    if (known !== undefined && !isSame(known, listing.totals)) {
      const now = await source.alone(rootOf);
      const isStill = !now.isCounting(spaceId) && isSame(known, now.totalsOf(spaceId));
      if (isStill && (spaceId === SHARED_SPACE || now.has(spaceId))) {
        findings.add({
          kind: 'wrong-count',
          path: ROOT_CATALOG_FILE,
          ...ownerOf(spaceId),
          message: 'What all of it comes to is not what is listed.',
          repairable: true,
        });
      }
    }
    if (spaceId === SHARED_SPACE) continue;
    yield* inSteps(checkIndex(source, spaceId, listing.folder, findings), progress);
  }
  yield* inSteps(checkBackups(source, root.backups, findings), progress);
  yield { doneBytes, totalBytes: doneBytes };
  return findings.report();
}

async function* checkWholeSpace(
  source: CheckSource,
  spaceId: string,
  findings: Findings,
): AsyncGenerator<number, SpaceListing | null> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const listing = yield* checkSpace(source, spaceId, (view) => folderOf(view, spaceId), findings);
    if (listing !== null) return listing;
    // Deleted, or replaced by a restore.
    const isThere = await source.turn(
      spaceId,
      async (view) => (await folderOf(view, spaceId)) !== null,
    );
    if (!isThere) return null;
  }
  return null;
}

async function folderOf(view: View, spaceId: string): Promise<string | null> {
  const root = await rootOf(view);
  return spaceId === SHARED_SPACE || root.has(spaceId) ? root.folderOf(spaceId) : null;
}

function rootOf({ context }: View): Promise<RootCatalog> {
  return RootCatalog.open(ROOT_CATALOG_FILE, context);
}

/** The bytes of an index are not known to whoever lists the rest. */
function isSame(a: SpaceTotals, b: SpaceTotals): boolean {
  return a.sessions === b.sessions && a.messages === b.messages && a.documents === b.documents;
}

async function* inSteps<T>(
  steps: AsyncGenerator<number, T>,
  progress: (bytes: number) => FFProgress,
): AsyncGenerator<FFProgress, T> {
  try {
    for (;;) {
      const step = await steps.next();
      if (step.done === true) return step.value;
      yield progress(step.value);
    }
  } finally {
    // Whoever stops half-way must not leave a file open.
    await steps.return(undefined as never);
  }
}
