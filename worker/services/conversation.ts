import type { MessagePage } from '../../src/shared/contract.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { MessageLog } from '../store/message-log.ts';
import type { Change } from '../store/change.ts';
import type { Store } from '../store/store.ts';
import type { AppendPlan } from './message-plan.ts';
import { sessionNotFound, userNotFound } from './not-found.ts';

/** Opens the messages of a session; `null` where there is none. Only in the user's lane. */
export async function openMessages(
  store: Store,
  userId: string,
  sessionId: string,
): Promise<MessageLog | null> {
  const catalog = await store.user(userId);
  if (catalog?.session(sessionId) === undefined) return null;
  return store.messages(userId, sessionId);
}

/**
 * The same for whoever writes under it.
 *
 * @throws FFUserNotFoundError, FFSessionNotFoundError
 */
export async function requireMessages(
  store: Store,
  userId: string,
  sessionId: string,
): Promise<MessageLog> {
  const log = await openMessages(store, userId, sessionId);
  if (log !== null) return log;
  if ((await store.user(userId)) === null) throw userNotFound(userId);
  throw sessionNotFound(userId, sessionId);
}

/** Appends what a plan for a log adds. Only in the lane of the space. */
export async function appendPlanned(
  store: Store,
  spaceId: string,
  sessionId: string,
  log: MessageLog,
  plan: AppendPlan,
  { at, op }: { readonly at: number; readonly op: string | undefined },
): Promise<Change<AppendPlan>> {
  // What is there already may still be on its way to the disk.
  if (plan.added.length === 0) return { value: plan, durable: log.durable() };
  const { durable } = await store.change(spaceId, sessionId, (open) =>
    open.append(plan.added, at, op),
  );
  return { value: plan, durable };
}

/** The messages of a page, in the order that it asks for. */
export async function readPage(
  log: MessageLog,
  { limit = Infinity, offset, reverse }: MessagePage,
): Promise<FFMessageDTO[]> {
  if (!reverse) return log.page(offset, limit);
  const end = Math.max(log.count - offset, 0);
  const start = Math.max(end - limit, 0);
  return (await log.page(start, end - start)).reverse();
}
