import type { NewMessage } from '../../src/shared/contract.ts';
import { FFValidationError } from '../../src/shared/errors.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { MessageEnding, MessageGrowth } from '../../src/shared/streams.ts';
import type { Change } from '../store/change.ts';
import { growingId } from '../store/user-catalog.ts';
import type { ServiceApi } from './call.ts';
import type { ServiceContext } from './context.ts';
import { openMessages, requireMessages } from './conversation.ts';
import type { GrowingMessage } from './growing-message.ts';
import type { GrowingMessages } from './growing-messages.ts';
import { mergeOneLevel } from './merge.ts';
import { planAppend } from './message-plan.ts';
import { recordsOf } from './recall.ts';

export type GrowingService = Pick<
  ServiceApi,
  'beginMessage' | 'growMessage' | 'endMessage' | 'readGrowth'
>;

export function createGrowingService(
  { store, now }: ServiceContext,
  growing: GrowingMessages,
): GrowingService {
  /** The message that is growing by that name; its text is in memory. */
  async function find(
    userId: string,
    sessionId: string,
    messageId: string,
  ): Promise<GrowingMessage | undefined> {
    const known = growing.get(userId, sessionId, messageId);
    // The rule, and there may be hundreds of calls a second: none of them waits for a lane.
    if (known?.content !== undefined) return known;
    return store.read(userId, () => growing.load(userId, sessionId, messageId));
  }

  return {
    beginMessage: async (call, userId, sessionId, input) => {
      const { messageId } = input;
      let begun: GrowingMessage | undefined;
      try {
        return await store.write(userId, async (): Promise<Change<FFMessageDTO>> => {
          const log = await requireMessages(store, userId, sessionId);
          const known = log.isNew(messageId) ? null : await log.find(messageId);
          if (known !== null) {
            if ((await recordsOf(call, log)) === 0)
              throw idTaken(messageId, known.message === null);
            const value =
              known.message === null
                ? asBegun(input, now())
                : await growing.current(userId, sessionId, log, known.message);
            return { value, durable: log.durable() };
          }
          const at = now();
          const { added } = await planAppend(log, [input], new Date(at).toISOString(), () => '');
          const message = asBegun({ ...input, ...added[0] }, at);
          const value = { sessionId, messageId, caller: call.caller };
          // First, so that whoever opens the store next knows of every message that is not complete.
          const catalog = await store.user(userId);
          await catalog?.putEntity('growing', {
            id: growingId(sessionId, messageId),
            sessionId,
            value,
          });
          begun = growing.begin({ userId, ...value }, message.content);
          const { durable } = await store.change(userId, sessionId, (open) =>
            open.append([message], at, call.operation?.id),
          );
          return { value: message, durable };
        });
      } catch (error) {
        if (begun !== undefined) growing.dismiss(begun);
        throw error;
      }
    },

    growMessage: async (_, userId, sessionId, messageId, from, text) => {
      const message = await find(userId, sessionId, messageId);
      if (message === undefined || message.isAbandoned) return null;
      growing.grow(message, { from, text });
      return message.length;
    },

    endMessage: (call, userId, sessionId, messageId, ending) =>
      growing.end(
        { userId, sessionId, messageId },
        (message) =>
          // A repeated call finds it ended.
          message.status === undefined || message.status === 'aborted'
            ? null
            : endedBy(message, ending),
        call.operation?.id,
      ),

    readGrowth: async (userId, sessionId, messageId) => {
      const known = growing.get(userId, sessionId, messageId);
      if (known?.content !== undefined && !known.isAbandoned) {
        return { content: known.content, done: false, status: 'streaming' };
      }
      return store.read(userId, async () => {
        const log = await openMessages(store, userId, sessionId);
        const message = (await log?.find(messageId))?.message ?? null;
        if (log === null || message === null) return null;
        return growthOf(await growing.current(userId, sessionId, log, message));
      });
    },
  };
}

function asBegun(input: NewMessage, at: number): FFMessageDTO {
  return { timestamp: new Date(at).toISOString(), parentId: null, ...input, status: 'streaming' };
}

function idTaken(messageId: string, isDeleted: boolean): FFValidationError {
  const what = isDeleted ? 'was deleted from' : 'is in';
  return new FFValidationError(
    `messageId: "${messageId}" ${what} the session already; leave it out to have one made`,
    { field: 'messageId' },
  );
}

function endedBy(
  { status: _, ...message }: FFMessageDTO,
  { content, status, parts, metadata }: MessageEnding,
): FFMessageDTO {
  return {
    ...message,
    content,
    ...(status === undefined ? {} : { status }),
    ...(parts === undefined ? {} : { parts }),
    ...mergeOneLevel('metadata', message.metadata, metadata),
  };
}

function growthOf({ content, status }: FFMessageDTO): MessageGrowth {
  const done = status !== 'streaming';
  return { content, done, ...(status === undefined ? {} : { status }) };
}
