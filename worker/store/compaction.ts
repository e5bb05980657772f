import { offsetsFile } from './layout.ts';
import { LogRewrite } from './log-file.ts';
import type { MessageLog } from './message-log.ts';
import { MessageLogWriter } from './message-log-writer.ts';
import { unchanged, type Store } from './store.ts';

/** What is copied before others get their turn in the lane. */
const SLICE_BYTES = 262_144;

/** How often a session is tried whose log was let go of, or replaced, while it was being copied. */
const ATTEMPTS = 3;

/**
 * Rewrites a session's messages without what edits and deletions have superseded; of a deleted message
 * its tombstone stays, because its id must not come back. Reads and writes go on meanwhile. A crash at
 * any point leaves the log as it was, or as it is to be.
 *
 * @returns whether there was anything to gain
 */
export async function compactMessages(
  store: Store,
  userId: string,
  sessionId: string,
): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const outcome = await tryCompactMessages(store, userId, sessionId);
    if (outcome !== 'interrupted') return outcome === 'done';
  }
  return false;
}

async function tryCompactMessages(
  store: Store,
  userId: string,
  sessionId: string,
): Promise<'done' | 'nothing' | 'interrupted'> {
  const begun = await store.write(userId, async () => {
    const log = await openLog(store, userId, sessionId);
    if (log === null || log.supersededBytes === 0) return unchanged(null);
    await log.settled();
    const rewrite = await LogRewrite.begin(log.file, store.files);
    return unchanged({ log, rewrite, changesFrom: log.committedEnd });
  });
  if (begun === null) return 'nothing';
  const { log, rewrite, changesFrom } = begun;
  const writer = new MessageLogWriter(rewrite, store.files);

  try {
    for (let ordinal = 0; ; ) {
      const next = await store.background(userId, async () => {
        // It may have been deleted, let go of, or opened anew after a failure.
        if ((await openLog(store, userId, sessionId)) !== log) return 'interrupted' as const;
        const slice = await log.survivors(ordinal, SLICE_BYTES);
        await writer.add(slice.records);
        if (slice.next < log.ordinalCount) return slice.next;
        await log.settled();
        if (log.failed) return 'interrupted' as const;
        await copyChanges(log, changesFrom, writer);
        await writer.commit();
        await store.replaceMessages(userId, sessionId);
        return 'done' as const;
      });
      if (next === 'done') return 'done';
      if (next === 'interrupted') break;
      ordinal = next;
    }
  } catch (error) {
    await abandon(store, rewrite);
    throw error;
  }
  await abandon(store, rewrite);
  return 'interrupted';
}

/** What has been edited or deleted since copying began, maybe after it was copied. */
async function copyChanges(
  log: MessageLog,
  from: number,
  writer: MessageLogWriter,
): Promise<void> {
  for (let offset = from; ; ) {
    const { records, next } = await log.recordsFrom(offset, SLICE_BYTES);
    if (next === offset) return;
    await writer.addChanges(records.filter(({ type }) => type !== 'message'));
    offset = next;
  }
}

async function openLog(
  store: Store,
  userId: string,
  sessionId: string,
): Promise<MessageLog | null> {
  const catalog = await store.user(userId);
  return catalog?.session(sessionId) === undefined ? null : store.messages(userId, sessionId);
}

/** A failure leaves files that the next opening of the log removes. */
async function abandon(store: Store, rewrite: LogRewrite): Promise<void> {
  try {
    await rewrite.abandon();
    await store.files.remove(offsetsFile(rewrite.path));
  } catch {
    // Whatever led here is the thing to report.
  }
}

/** Rewrites the catalog of a space with what still counts. */
export async function compactCatalog(store: Store, userId: string): Promise<void> {
  await store.write(userId, async () => {
    const catalog = await store.user(userId);
    if (catalog === null || catalog.isBlank) return unchanged(undefined);
    await catalog.durable();
    const rewrite = await LogRewrite.begin(catalog.file, store.files);
    await rewrite.append(catalog.snapshot());
    await rewrite.commit();
    await store.reopenUser(userId);
    // Opening it again removes the old file.
    await store.user(userId);
    return unchanged(undefined);
  });
}

/** Rewrites the root catalog with what still counts. */
export async function compactRoot(store: Store, at: number): Promise<void> {
  await store.alone(async () => {
    const root = await store.root();
    const rewrite = await LogRewrite.begin(root.file, store.files);
    await rewrite.append(root.snapshot(at));
    await rewrite.commit();
    await store.reopenRoot();
  });
}
