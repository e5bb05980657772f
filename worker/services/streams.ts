import { FFValidationError } from '../../src/shared/errors.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { StreamBatch, StreamCursor, StreamStart } from '../../src/shared/streams.ts';
import type { MessageLog } from '../store/message-log.ts';
import { messagesFrom } from '../store/message-slices.ts';
import type { ServiceApi } from './call.ts';
import type { ServiceContext } from './context.ts';
import type { GrowingMessages } from './growing-messages.ts';

export type StreamService = Pick<ServiceApi, 'openStream' | 'readStream'>;

/** What a call reads before it answers, and before others get their turn in the lane. */
const BATCH_BYTES = 1_048_576;

/** Messages that are looked at before others get their turn in the lane. */
const BATCH_MESSAGES = 1_024;

interface Streamed {
  /** Tells the session from others, see {@link StreamCursor.session}. */
  readonly session: string;
  readonly log: MessageLog;
}

/**
 * A stream is a cursor over the ordinals of a session's messages, which neither an edit nor a compaction
 * changes. A message that is growing when its turn comes is put on the cursor's list of those that are
 * waited for; it is delivered when it has ended.
 */
export function createStreamService(
  { store }: ServiceContext,
  growing: GrowingMessages,
): StreamService {
  /** Only in the user's lane. */
  async function open(userId: string, sessionId: string): Promise<Streamed | null> {
    const session = (await store.user(userId))?.session(sessionId);
    if (session === undefined) return null;
    return {
      // A restored session lies in another folder; one that was deleted was created earlier.
      session: `${store.folderOf(userId)}:${session.createdAt}`,
      log: await store.messages(userId, sessionId),
    };
  }

  /** The ordinals, ascending, of messages that grow, of those before `end`. */
  async function growingBefore(
    userId: string,
    sessionId: string,
    log: MessageLog,
    end: number,
  ): Promise<number[]> {
    const catalog = await store.user(userId);
    const ordinals: number[] = [];
    for (const { value } of catalog?.entities.growing.ofSession(sessionId) ?? []) {
      const found = await log.find(value.messageId);
      if (found?.message?.status === 'streaming' && found.ordinal < end) {
        ordinals.push(found.ordinal);
      }
    }
    return ordinals.sort((a, b) => a - b);
  }

  /** A part of what is behind a cursor; it may hold nothing although there is more. */
  async function readSome(
    userId: string,
    sessionId: string,
    { session, log }: Streamed,
    cursor: StreamCursor,
    limit: number,
  ): Promise<StreamBatch & { readonly isAtEnd: boolean }> {
    const messages: FFMessageDTO[] = [];
    const waiting: number[] = [];
    let bytes = 0;
    const deliver = async (ordinal: number, message: FFMessageDTO): Promise<void> => {
      if (message.status === 'streaming') {
        waiting.push(ordinal);
        // Where nobody knows of it, this has it ended.
        await growing.current(userId, sessionId, log, message);
      } else {
        messages.push(message);
        bytes += log.locate(ordinal).length;
      }
    };
    const isFull = (): boolean => messages.length >= limit || bytes >= BATCH_BYTES;

    // What is waited for comes first, because it was added first.
    for (const ordinal of cursor.waiting) {
      const [message] = isFull() ? [] : await log.atOrdinals([ordinal]);
      if (message === undefined) waiting.push(ordinal);
      else if (message !== null) await deliver(ordinal, message);
    }
    let { next } = cursor;
    if (!isFull()) {
      const count = Math.min(limit - messages.length, BATCH_MESSAGES);
      const end = Math.min(log.ordinalCount, next + BATCH_MESSAGES);
      const slice = await messagesFrom(log, next, end, count, BATCH_BYTES);
      for (const { ordinal, message } of slice.found) await deliver(ordinal, message);
      ({ next } = slice);
    }
    const isAtEnd = !isFull() && next >= log.ordinalCount;
    return { messages, cursor: { next, waiting, session }, isAtEnd };
  }

  return {
    openStream: (userId, sessionId, from) =>
      store.read(userId, async () => {
        const streamed = await open(userId, sessionId);
        if (streamed === null) return null;
        const { session, log } = streamed;
        if (from.at === 'start') return { next: 0, waiting: [], session };
        const next = await startOf(log, from);
        // One that was added before and ends from here on is news all the same.
        const end = from.at === 'now' ? next : next - 1;
        return { next, waiting: await growingBefore(userId, sessionId, log, end), session };
      }),

    readStream: async (userId, sessionId, from, limit) => {
      for (let cursor = from; ;) {
        const some = await store.read(userId, async () => {
          const streamed = await open(userId, sessionId);
          if (streamed === null || streamed.session !== cursor.session) return null;
          return readSome(userId, sessionId, streamed, cursor, limit);
        });
        if (some === null) return null;
        const { messages, isAtEnd } = some;
        ({ cursor } = some);
        // An empty batch says that there is nothing more for now; what was passed over does not.
        if (messages.length > 0 || isAtEnd || limit === 0) return { messages, cursor };
      }
    },
  };
}

async function startOf(log: MessageLog, from: StreamStart): Promise<number> {
  if (from.at !== 'message') return log.ordinalCount;
  const found = await log.find(from.messageId);
  if (found !== null) return found.ordinal + 1;
  throw new FFValidationError(
    `from: there is no message "${from.messageId}" in the session; pass 'start', 'now' or the id of one`,
    { field: 'from' },
  );
}
