import type { NewMessage } from '../../src/shared/contract.ts';
import { FFValidationError } from '../../src/shared/errors.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { MessageLog } from '../store/message-log.ts';
import { unchanged, type Change } from '../store/change.ts';
import type { CallContext, ServiceApi } from './call.ts';
import type { ServiceContext } from './context.ts';
import { appendPlanned, openMessages, readPage, requireMessages } from './conversation.ts';
import type { GrowingMessages } from './growing-messages.ts';
import { mergeOneLevel } from './merge.ts';
import { planAppend } from './message-plan.ts';
import { recordsOf } from './recall.ts';

export type MessageService = Pick<
  ServiceApi,
  'addMessage' | 'addMessages' | 'getMessages' | 'getMessage' | 'updateMessage' | 'deleteMessage'
>;

/** What adding messages has come to. */
interface Added {
  readonly count: number;
  /** Ids that were deleted from the session and so stay out. */
  readonly deletedIds: ReadonlySet<string>;
}

export function createMessageService(
  { store, indexer, now, publish }: ServiceContext,
  growing: GrowingMessages,
): MessageService {
  async function append(
    call: CallContext,
    userId: string,
    sessionId: string,
    messages: readonly NewMessage[],
    field: (index: number) => string,
  ): Promise<Added> {
    const added = await store.write(userId, async (): Promise<Change<Added>> => {
      const log = await requireMessages(store, userId, sessionId);
      const count = await recordsOf(call, log);
      if (count > 0) return { value: { count, deletedIds: new Set() }, durable: log.durable() };
      const at = now();
      const planned = await planAppend(log, messages, new Date(at).toISOString(), field);
      const { durable } = await appendPlanned(store, userId, sessionId, log, planned, {
        at,
        op: call.operation?.id,
      });
      const { added, deletedIds } = planned;
      return { value: { count: added.length, deletedIds }, durable };
    });
    if (added.count > 0) {
      indexer.sessionChanged(userId, sessionId);
      publish({ type: 'messages', userId, sessionId });
    }
    return added;
  }

  /**
   * Runs a change of one message; `false` where there is no such user, session or message.
   *
   * @param change gets the message as it is stored, and as it is to be seen
   */
  async function changeMessage(
    call: CallContext,
    userId: string,
    sessionId: string,
    messageId: string,
    change: (
      log: MessageLog,
      message: FFMessageDTO,
      ordinal: number,
      at: number,
      seen: FFMessageDTO,
    ) => Promise<void> | null,
  ): Promise<boolean> {
    const found = await store.write(userId, async (): Promise<Change<boolean>> => {
      const messages = await openMessages(store, userId, sessionId);
      if (messages === null) return unchanged(false);
      if ((await recordsOf(call, messages)) > 0) {
        return { value: true, durable: messages.durable() };
      }
      const existing = await messages.find(messageId);
      const message = existing?.message ?? null;
      if (existing === null || message === null) return unchanged(false);
      const seen = await growing.current(userId, sessionId, messages, message);
      const { durable } = await store.change(userId, sessionId, (log) =>
        change(log, message, existing.ordinal, now(), seen),
      );
      return { value: true, durable };
    });
    if (found) indexer.sessionChanged(userId, sessionId);
    return found;
  }

  return {
    addMessage: async (call, userId, sessionId, message) => {
      const { deletedIds } = await append(call, userId, sessionId, [message], () => '');
      return !deletedIds.has(message.messageId);
    },

    addMessages: async (call, userId, sessionId, messages) => {
      const field = (index: number) => `messages[${index}].`;
      return (await append(call, userId, sessionId, messages, field)).count;
    },

    getMessages: (userId, sessionId, page) =>
      store.read(userId, async () => {
        const log = await openMessages(store, userId, sessionId);
        if (log === null) return [];
        const messages = await readPage(log, page);
        return growing.currentAll(userId, sessionId, log, messages);
      }),

    getMessage: (userId, sessionId, messageId) =>
      store.read(userId, async () => {
        const log = await openMessages(store, userId, sessionId);
        const message = (await log?.find(messageId))?.message ?? null;
        if (log === null || message === null) return null;
        return growing.current(userId, sessionId, log, message);
      }),

    updateMessage: (call, userId, sessionId, messageId, changes) =>
      changeMessage(call, userId, sessionId, messageId, (log, message, ordinal, at, seen) => {
        if (message.status === 'streaming' && changes.content !== undefined) {
          throw new FFValidationError('content: the message is still being written', {
            field: 'content',
          });
        }
        const { content = seen.content, metadata } = changes;
        if (content === '' && message.content !== '' && isBare(message)) {
          throw new FFValidationError(
            'content: must not be empty in a message without parts or attachments',
            { field: 'content' },
          );
        }
        if (content === seen.content && metadata === undefined) return null;
        const edited: FFMessageDTO = {
          ...message,
          content,
          ...mergeOneLevel('metadata', message.metadata, metadata),
        };
        return log.edit(ordinal, message, edited, at, call.operation?.id);
      }),

    deleteMessage: async (call, userId, sessionId, messageId) => {
      const found = await changeMessage(
        call,
        userId,
        sessionId,
        messageId,
        (log, message, ordinal, at) => log.delete(ordinal, message, at, call.operation?.id),
      );
      const wasGrowing = growing.get(userId, sessionId, messageId) !== undefined;
      if (found && wasGrowing) growing.ended(userId, sessionId, messageId);
      return found;
    },
  };
}

function isBare({ parts, attachments }: FFMessageDTO): boolean {
  const noParts =
    parts === undefined || parts === null || (Array.isArray(parts) && parts.length === 0);
  return noParts && (attachments === undefined || attachments.length === 0);
}
