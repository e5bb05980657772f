import type { MessageLog } from '../store/message-log.ts';
import type { OperationMark, RecentOperations } from '../store/operations.ts';
import type { CallContext } from './call.ts';

/*
 * How a call is carried out once although it is made twice: what it changes bears its mark, and a call
 * that is repeated looks for its mark first, in the lane in which it would change something. A mark
 * lies where the change does, and is gone with the user, session or panel that it belonged to.
 */

/** A catalog: it is in memory, and so is whose doing it is. */
interface Catalog {
  readonly operations: Omit<RecentOperations, 'note'>;
}

/** The mark of what a call changes; `undefined` where nobody would repeat the call. */
export function markOf({ operation }: CallContext, now: () => number): OperationMark | undefined {
  return operation === undefined ? undefined : { op: operation.id, at: now() };
}

/** Whether a repeated call has already changed the catalog. */
export function wasDone({ operation }: CallContext, { operations }: Catalog): boolean {
  return operation?.repeatedSince !== undefined && operations.has(operation.id);
}

/** What a repeated call gave when it was carried out, where it wrote that down. */
export function resultOf<T>(call: CallContext, catalog: Catalog): T | undefined {
  if (call.operation === undefined || !wasDone(call, catalog)) return undefined;
  // Ids are not used twice, so it is what this very method has given.
  return catalog.operations.resultOf(call.operation.id) as T | undefined;
}

/** How many records a repeated call has already written into a log. Only in the log's lane. */
export async function recordsOf({ operation }: CallContext, log: MessageLog): Promise<number> {
  if (operation?.repeatedSince === undefined) return 0;
  const found = await log.operations.since(operation.repeatedSince);
  return found.get(operation.id)?.records ?? 0;
}
