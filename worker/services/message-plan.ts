import type { NewMessage } from '../../src/shared/contract.ts';
import { FFValidationError } from '../../src/shared/errors.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { MessageLog } from '../store/message-log.ts';

/** What adding a batch comes to. */
export interface AppendPlan {
  readonly added: readonly FFMessageDTO[];
  /** Ids of the batch that were deleted from the session and so stay out. */
  readonly deletedIds: ReadonlySet<string>;
}

/**
 * Decides which messages of a batch are new and what each of them answers.
 *
 * An id that the session knows, or that came earlier in the batch, adds nothing. A parent may be any
 * live message of the session or any message of the batch, later ones too, as long as no message
 * answers itself in a circle.
 *
 * @param field names a message of the batch in an error, with a dot behind it
 * @throws FFValidationError for a parent that is neither, before anything is written
 */
export async function planAppend(
  log: MessageLog,
  messages: readonly NewMessage[],
  timestamp: string,
  field: (index: number) => string,
): Promise<AppendPlan> {
  const deletedIds = new Set<string>();
  const newById = new Map<string, { readonly message: NewMessage; readonly index: number }>();
  for (const [index, message] of messages.entries()) {
    const { messageId } = message;
    if (newById.has(messageId)) continue;
    const found = log.isNew(messageId) ? null : await log.find(messageId);
    if (found === null) newById.set(messageId, { message, index });
    else if (found.message === null) deletedIds.add(messageId);
  }

  const added: FFMessageDTO[] = [];
  let previousId = newById.size === 0 ? null : await log.lastMessageId();
  for (const { message, index } of newById.values()) {
    const { messageId, role, content, parentId = previousId, ...rest } = message;
    if (typeof parentId === 'string' && !newById.has(parentId) && !(await log.has(parentId))) {
      const name = `${field(index)}parentId`;
      throw new FFValidationError(
        `${name}: there is no message "${parentId}" in the conversation or in the batch; pass null for a new root`,
        { field: name },
      );
    }
    added.push({ messageId, role, content, timestamp, ...rest, parentId });
    previousId = messageId;
  }
  refuseCircles(added, (messageId) => field(newById.get(messageId)?.index ?? 0));
  return { added, deletedIds };
}

/** Follows every message of the batch up to a root, to the session, or to where an earlier walk was. */
function refuseCircles(added: readonly FFMessageDTO[], field: (messageId: string) => string): void {
  const parentById = new Map(added.map(({ messageId, parentId }) => [messageId, parentId]));
  const walkById = new Map<string, number>();
  for (const [walk, { messageId }] of added.entries()) {
    let id: string | null | undefined = messageId;
    while (typeof id === 'string' && parentById.has(id) && !walkById.has(id)) {
      walkById.set(id, walk);
      id = parentById.get(id);
    }
    // Meeting the walk of another message is fine; meeting one's own is a circle.
    if (typeof id === 'string' && walkById.get(id) === walk) {
      throw circleError(field(messageId), id);
    }
  }
}

function circleError(prefix: string, messageId: string): FFValidationError {
  return new FFValidationError(
    `${prefix}parentId: the messages of the batch answer each other in a circle through "${messageId}"`,
    { field: `${prefix}parentId` },
  );
}
