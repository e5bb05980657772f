import type { FFFindingDTO } from '../../src/shared/model/reliability.ts';
import { unchanged } from '../store/change.ts';
import { compactMessages, hasGrowing } from '../store/compaction.ts';
import { offsetsFile } from '../store/layout.ts';
import { hashId } from '../store/message-record.ts';
import { readOffsetBlocks } from '../store/offset-block.ts';
import type { UserCatalog } from '../store/user-catalog.ts';
import type { ServiceContext } from './context.ts';

/** Messages that are looked at at once. */
const PAGE = 500;

type SessionTask = (catalog: UserCatalog) => Promise<void>;

/** Runs a task on a session that is there, then counts its messages anew. */
async function withSession(
  { store }: ServiceContext,
  spaceId: string,
  sessionId: string | undefined,
  task: SessionTask = async () => undefined,
): Promise<boolean> {
  if (sessionId === undefined) return false;
  return store.write(spaceId, async () => {
    const catalog = await store.user(spaceId);
    if (catalog === null || catalog.session(sessionId) === undefined) return unchanged(false);
    await task(catalog);
    // Says that it is to be counted, which saving the counts takes back.
    await catalog.markWriting(sessionId);
    await store.messages(spaceId, sessionId);
    await store.saveCounts(spaceId, catalog);
    return unchanged(true);
  });
}

/** Counts the messages of a session; gives what was done. */
export async function countAnew(
  context: ServiceContext,
  spaceId: string,
  sessionId: string | undefined,
): Promise<string | null> {
  const { store } = context;
  const isDone = await withSession(context, spaceId, sessionId, async () => {
    if (sessionId !== undefined) await store.rereadMessages(spaceId, sessionId);
  });
  return isDone ? 'The messages were counted anew.' : null;
}

/** Makes the table of where messages lie anew; gives what was done. */
export async function remakeOffsets(
  context: ServiceContext,
  spaceId: string,
  sessionId: string | undefined,
): Promise<string | null> {
  const { store } = context;
  const isDone = await withSession(context, spaceId, sessionId, async () => {
    if (sessionId === undefined) return;
    await (await store.rereadMessages(spaceId, sessionId)).saveOffsets();
  });
  return isDone ? 'The table was made anew from the messages.' : null;
}

/**
 * Writes a session's log anew without what is damaged in it, which is kept aside first. Of a message
 * whose newest version was lost an older one counts again; one whose deletion was lost stays deleted,
 * where the table of places still knows of it. Gives what was done.
 */
export async function rewriteMessages(
  context: ServiceContext,
  spaceId: string,
  sessionId: string,
  path: string,
  damaged: readonly Pick<FFFindingDTO, 'offset' | 'bytes'>[],
): Promise<string | null> {
  const { store, indexer, now } = context;
  // It can be rewritten when all that grows in it has ended.
  if (await store.read(spaceId, () => hasGrowing(store, spaceId, sessionId))) return null;
  const isDone = await withSession(context, spaceId, sessionId, async () => {
    const deleted = new Set<number>();
    await store.files.use(offsetsFile(path), (file) =>
      readOffsetBlocks(file, (entry) => {
        const isLost = damaged.some(
          ({ offset = 0, bytes }) => entry.offset >= offset && entry.offset < offset + bytes,
        );
        if (entry.kind === 'delete' && isLost) deleted.add(entry.hash);
      }),
    );
    const log = await store.rereadMessages(spaceId, sessionId);
    await store.damage.secure(log.file.path);
    if (deleted.size === 0) return;
    const messages = [];
    for (let at = 0; at < log.count; at += PAGE) {
      const page = await log.page(at, PAGE);
      messages.push(...page.filter(({ messageId }) => deleted.has(hashId(messageId))));
    }
    for (const message of messages) {
      const ordinal = await log.ordinalOf(message.messageId);
      if (ordinal !== null) await log.delete(ordinal, message, now());
    }
  });
  if (!isDone) return null;
  await compactMessages(store, spaceId, sessionId);
  await store.write(spaceId, async () => {
    const catalog = await store.user(spaceId);
    if (catalog !== null) await store.saveCounts(spaceId, catalog);
    return unchanged(undefined);
  });
  indexer.logRewritten(spaceId, sessionId);
  return 'What is left was written anew; the damaged bytes are kept aside.';
}
