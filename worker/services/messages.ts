import type { EngineApi, NewMessage } from '../../src/shared/contract.ts';
import { FFValidationError } from '../../src/shared/errors.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { MessageLog } from '../store/message-log.ts';
import { unchanged, type Change } from '../store/change.ts';
import type { ServiceContext } from './context.ts';
import { appendPlanned, readPage } from './conversation.ts';
import { mergeOneLevel } from './merge.ts';
import { planAppend, type AppendPlan } from './message-plan.ts';
import { sessionNotFound, userNotFound } from './not-found.ts';

export type MessageService = Pick<
  EngineApi,
  'addMessage' | 'addMessages' | 'getMessages' | 'getMessage' | 'updateMessage' | 'deleteMessage'
>;

export function createMessageService({ store, indexer, now }: ServiceContext): MessageService {
  /** Opens the messages of a session that exists; `null` where there is none. In the user's lane. */
  async function openMessages(userId: string, sessionId: string): Promise<MessageLog | null> {
    const catalog = await store.user(userId);
    if (catalog?.session(sessionId) === undefined) return null;
    return store.messages(userId, sessionId);
  }

  async function requireMessages(userId: string, sessionId: string): Promise<MessageLog> {
    const log = await openMessages(userId, sessionId);
    if (log !== null) return log;
    if ((await store.user(userId)) === null) throw userNotFound(userId);
    throw sessionNotFound(userId, sessionId);
  }

  async function append(
    userId: string,
    sessionId: string,
    messages: readonly NewMessage[],
    field: (index: number) => string,
  ): Promise<AppendPlan> {
    const plan = await store.write(userId, async (): Promise<Change<AppendPlan>> => {
      const log = await requireMessages(userId, sessionId);
      const at = now();
      const planned = await planAppend(log, messages, new Date(at).toISOString(), field);
      return appendPlanned(store, userId, sessionId, log, planned, at);
    });
    if (plan.added.length > 0) indexer.sessionChanged(userId, sessionId);
    return plan;
  }

  /** Runs a change of one message; `false` where there is no such user, session or message. */
  async function changeMessage(
    userId: string,
    sessionId: string,
    messageId: string,
    change: (
      log: MessageLog,
      message: FFMessageDTO,
      ordinal: number,
      at: number,
    ) => Promise<void> | null,
  ): Promise<boolean> {
    const found = await store.write(userId, async (): Promise<Change<boolean>> => {
      const existing = await (await openMessages(userId, sessionId))?.find(messageId);
      const message = existing?.message;
      if (
        existing === undefined ||
        existing === null ||
        message === null ||
        message === undefined
      ) {
        return unchanged(false);
      }
      const { durable } = await store.change(userId, sessionId, (log) =>
        change(log, message, existing.ordinal, now()),
      );
      return { value: true, durable };
    });
    if (found) indexer.sessionChanged(userId, sessionId);
    return found;
  }

  return {
    addMessage: async (userId, sessionId, message) => {
      const { deletedIds } = await append(userId, sessionId, [message], () => '');
      return !deletedIds.has(message.messageId);
    },

    addMessages: async (userId, sessionId, messages) => {
      const { added } = await append(userId, sessionId, messages, (index) => `messages[${index}].`);
      return added.length;
    },

    getMessages: (userId, sessionId, page) =>
      store.read(userId, async () => {
        const log = await openMessages(userId, sessionId);
        return log === null ? [] : readPage(log, page);
      }),

    getMessage: (userId, sessionId, messageId) =>
      store.read(userId, async () => {
        const found = await (await openMessages(userId, sessionId))?.find(messageId);
        return found?.message ?? null;
      }),

    updateMessage: (userId, sessionId, messageId, changes) =>
      changeMessage(userId, sessionId, messageId, (log, message, ordinal, at) => {
        const { content = message.content, metadata } = changes;
        if (content === '' && message.content !== '' && isBare(message)) {
          throw new FFValidationError(
            'content: must not be empty in a message without parts or attachments',
            { field: 'content' },
          );
        }
        if (content === message.content && metadata === undefined) return null;
        const edited: FFMessageDTO = {
          ...message,
          content,
          ...mergeOneLevel('metadata', message.metadata, metadata),
        };
        return log.edit(ordinal, message, edited, at);
      }),

    deleteMessage: (userId, sessionId, messageId) =>
      changeMessage(userId, sessionId, messageId, (log, message, ordinal, at) =>
        log.delete(ordinal, message, at),
      ),
  };
}

function isBare({ parts, attachments }: FFMessageDTO): boolean {
  const noParts =
    parts === undefined || parts === null || (Array.isArray(parts) && parts.length === 0);
  return noParts && (attachments === undefined || attachments.length === 0);
}
