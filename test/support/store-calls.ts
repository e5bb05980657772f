import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import { unchanged } from '../../worker/store/change.ts';
import type { Store } from '../../worker/store/store.ts';

/*
 * What services do with a store, without their rules: for tests of the store that go through its lanes
 * as a service would.
 */

/** A message of the first day of 2026, or of so many days later. */
export function testMessage(messageId: string, content: string, day = 0): FFMessageDTO {
  const timestamp = new Date(Date.UTC(2026, 0, 1 + day, day % 24)).toISOString();
  return { messageId, role: day % 2 === 0 ? 'user' : 'assistant', content, timestamp };
}

/** Creates a user who has sessions. */
export async function createUserWith(
  store: Store,
  userId: string,
  sessionIds: readonly string[],
  at = 1,
): Promise<void> {
  const time = new Date(at).toISOString();
  const profile = { userId, createdAt: time, updatedAt: time };
  await store.write(userId, async () => {
    await store.createUser(profile, at);
    return unchanged(undefined);
  });
  for (const sessionId of sessionIds) await createSession(store, userId, sessionId, at);
}

export function createSession(
  store: Store,
  userId: string,
  sessionId: string,
  at = 1,
): Promise<void> {
  return store.write(userId, async () => {
    const catalog = await store.user(userId);
    const session = { sessionId, title: `title of ${sessionId}`, createdAt: at, updatedAt: at };
    return { value: undefined, durable: catalog?.putSession(session) ?? Promise.resolve() };
  });
}

/** Gives whether there was such a session. */
export function deleteSession(store: Store, userId: string, sessionId: string): Promise<boolean> {
  return store.write(userId, async () => {
    const catalog = await store.user(userId);
    if (catalog === null || catalog.session(sessionId) === undefined) return unchanged(false);
    await store.deleteSession(userId, sessionId, catalog);
    return unchanged(true);
  });
}

export function deleteUser(store: Store, userId: string, at = 1): Promise<void> {
  return store.write(userId, async () => {
    await store.deleteUser(userId, at);
    return unchanged(undefined);
  });
}

export function addMessages(
  store: Store,
  userId: string,
  sessionId: string,
  messages: readonly FFMessageDTO[],
  at: number,
): Promise<void> {
  return store.write(userId, async () => {
    if ((await store.user(userId))?.session(sessionId) === undefined) {
      throw new Error(`There is no session ${sessionId}.`);
    }
    return store.change(userId, sessionId, (log) => log.append(messages, at));
  });
}

/** Replaces the text of a message, or deletes the message where there is no text. */
export function changeMessage(
  store: Store,
  userId: string,
  sessionId: string,
  messageId: string,
  content: string | null,
  at: number,
): Promise<void> {
  return store.write(userId, async () => {
    const found = await (await store.messages(userId, sessionId)).find(messageId);
    const message = found?.message ?? null;
    if (found === null || message === null) return unchanged(undefined);
    return store.change(userId, sessionId, (log) =>
      content === null
        ? log.delete(found.ordinal, message, at)
        : log.edit(found.ordinal, message, { ...message, content }, at),
    );
  });
}

/** All that is known of a session and its messages, deleted ones too. */
export function describeSession(
  store: Store,
  userId: string,
  sessionId: string,
  messageIds: readonly string[],
) {
  return store.read(userId, async () => {
    const catalog = await store.user(userId);
    if (catalog?.session(sessionId) === undefined) return null;
    await store.findRange(userId, sessionId);
    const log = await store.messages(userId, sessionId);
    const finds: (FFMessageDTO | 'deleted' | null)[] = [];
    for (const messageId of messageIds) {
      const found = await log.find(messageId);
      finds.push(found === null ? null : (found.message ?? 'deleted'));
    }
    const pages: FFMessageDTO[][] = [];
    for (let at = 0; at < log.count; at += 3) pages.push(await log.page(at, 3));
    const { messageCount, updatedAt, stats } = catalog.session(sessionId) ?? {};
    return {
      pages,
      finds,
      lastMessageId: await log.lastMessageId(),
      count: log.count,
      stats: log.stats,
      listed: { messageCount, updatedAt, stats },
      order: catalog.sessions().map((session) => session.sessionId),
    };
  });
}
