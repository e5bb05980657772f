import { asEnded } from './growth.ts';
import { offsetsFile } from './layout.ts';
import { LogRewrite, type LogFile } from './log-file.ts';
import type { MessageLog } from './message-log.ts';
import { MessageLogWriter } from './message-log-writer.ts';
import { messageIdOf, type MessageRecord } from './message-record.ts';
import { recordsFrom, survivors } from './message-slices.ts';
import { operationsRecords } from './operations.ts';
import type { RecordBody } from './record.ts';
import { unchanged } from './change.ts';
import type { Store } from './store.ts';
import { growingId } from './user-catalog.ts';

/** What is copied before others get their turn in the lane. */
const SLICE_BYTES = 262_144;

/** How often a session is tried whose log was let go of, or replaced, while it was being copied. */
const ATTEMPTS = 3;

/**
 * Rewrites a session's messages without what edits and deletions have superseded; of a deleted message
 * its tombstone stays, because its id must not come back. Reads and writes go on meanwhile. A crash at
 * any point leaves the log as it was, or as it is to be.
 *
 * @param keepSince operations that were carried out since then are remembered; default: all
 * @returns whether there was anything to gain
 */
export function compactMessages(
  store: Store,
  userId: string,
  sessionId: string,
  keepSince = -Infinity,
): Promise<boolean> {
  // Two at a time would write into the same file.
  return store.rewrites.run(`${userId}/${sessionId}`, async () => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const outcome = await tryCompactMessages(store, userId, sessionId, keepSince);
      if (outcome !== 'interrupted') return outcome === 'done';
    }
    return false;
  });
}

async function tryCompactMessages(
  store: Store,
  userId: string,
  sessionId: string,
  keepSince: number,
): Promise<'done' | 'nothing' | 'interrupted'> {
  const begun = await store.write(userId, async () => {
    const log = await openLog(store, userId, sessionId);
    if (log === null || log.supersededBytes === 0) return unchanged(null);
    // What there is of a growing message would go with the records of its text.
    if (await hasGrowing(store, userId, sessionId)) return unchanged(null);
    await log.settled();
    const rewrite = await LogRewrite.begin(log.file, store.files);
    return unchanged({ log, rewrite, changesFrom: log.committedEnd });
  });
  if (begun === null) return 'nothing';
  const { log, rewrite, changesFrom } = begun;
  const writer = new MessageLogWriter(rewrite, store.files);
  let committed = false;

  try {
    for (let ordinal = 0; ;) {
      const next = await store.background(userId, async () => {
        // It may have been deleted, let go of, or opened anew after a failure.
        if ((await openLog(store, userId, sessionId)) !== log) return 'interrupted' as const;
        const slice = await survivors(log, ordinal, SLICE_BYTES);
        await writer.add(await endAbandoned(store, userId, sessionId, log, slice.records));
        if (slice.next < log.ordinalCount) return slice.next;
        await log.settled();
        if (log.failed) return 'interrupted' as const;
        await copyChanges(log, changesFrom, writer);
        await copyOperations(log, keepSince, writer);
        await store.replaceMessages(userId, sessionId, async () => {
          await writer.commit();
          committed = true;
        });
        return 'done' as const;
      });
      if (next === 'done') return 'done';
      if (next === 'interrupted') break;
      ordinal = next;
    }
  } catch (error) {
    // From then on it is the log; the other file may be gone.
    if (!committed) await abandon(store, rewrite);
    throw error;
  }
  await abandon(store, rewrite);
  return 'interrupted';
}

/** What has been edited, deleted or written on since copying began, maybe after it was copied. */
async function copyChanges(log: MessageLog, from: number, writer: MessageLogWriter): Promise<void> {
  for (let offset = from; ;) {
    const { records, next } = await recordsFrom(log, offset, SLICE_BYTES);
    if (next === offset) return;
    // Text too, of a message that was begun meanwhile.
    await writer.addChanges(records.filter(({ type }) => type !== 'message'));
    offset = next;
  }
}

/** Keeps in mind whose doing the records are: what was copied does not tell any more. */
export async function copyOperations(
  log: MessageLog,
  keepSince: number,
  writer: MessageLogWriter,
): Promise<void> {
  const operations = await log.operations.since(keepSince);
  const kept = [...operations.values()].filter(({ at }) => at >= keepSince);
  await writer.addChanges(operationsRecords(kept));
}

async function openLog(
  store: Store,
  userId: string,
  sessionId: string,
): Promise<MessageLog | null> {
  const catalog = await store.user(userId);
  return catalog?.session(sessionId) === undefined ? null : store.messages(userId, sessionId);
}

/**
 * Ends what seems to grow while the catalog, which was damaged, does not know of it: the text of such a
 * message would go with its records.
 */
async function endAbandoned(
  store: Store,
  userId: string,
  sessionId: string,
  log: MessageLog,
  records: readonly MessageRecord[],
): Promise<readonly MessageRecord[]> {
  const growing = (await store.user(userId))?.entities.growing;
  return Promise.all(
    records.map(async (record) => {
      const isKnown = growing?.get(growingId(sessionId, messageIdOf(record))) !== undefined;
      return isKnown ? record : asEnded(log, record);
    }),
  );
}

/** Whether a message of a session is being written. Only in the user's lane. */
export async function hasGrowing(
  store: Store,
  userId: string,
  sessionId: string,
): Promise<boolean> {
  const catalog = await store.user(userId);
  return (catalog?.entities.growing.countOfSession(sessionId) ?? 0) > 0;
}

/** A failure leaves files that the next opening of the log removes. */
async function abandon(store: Store, rewrite: LogRewrite): Promise<void> {
  try {
    // In this order: what opens the log looks for the table only beside a file that is there.
    await store.files.remove(offsetsFile(rewrite.path));
    await rewrite.abandon();
  } catch {
    // Whatever led here is the thing to report.
  }
}

/** Rewrites the catalog of a space with what still counts; see {@link compactMessages}. */
export async function compactCatalog(
  store: Store,
  userId: string,
  keepSince = -Infinity,
): Promise<void> {
  await store.write(userId, async () => {
    const catalog = await store.user(userId);
    if (catalog === null || catalog.isBlank) return unchanged(undefined);
    await catalog.durable();
    await rewriteLog(store, catalog, catalog.snapshot(keepSince), () => store.reopenUser(userId));
    // Opening it again removes the old file.
    await store.user(userId);
    return unchanged(undefined);
  });
}

/** Rewrites the root catalog with what still counts; see {@link compactMessages}. */
export async function compactRoot(store: Store, at: number, keepSince = -Infinity): Promise<void> {
  await store.alone(async () => {
    const root = await store.root();
    await rewriteLog(store, root, root.snapshot(at, keepSince), () => store.spaces.reopen());
  });
}

/** Writes a log anew, and has it read again come what may: only the disk knows which file counts. */
async function rewriteLog(
  store: Store,
  { file }: { readonly file: LogFile },
  records: readonly RecordBody[],
  reopen: () => Promise<void>,
): Promise<void> {
  const rewrite = await LogRewrite.begin(file, store.files);
  try {
    await rewrite.append(records);
    await rewrite.commit();
  } catch (error) {
    await rewrite.abandon().catch(() => undefined);
    throw error;
  } finally {
    await reopen();
  }
}
