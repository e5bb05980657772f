import type { FFMessageDTO } from '../shared/model/message.ts';
import type { StreamCursor } from '../shared/streams.ts';
import type { StreamOptions } from '../validation/streams.ts';
import { iterate, LiveReading } from './live-reading.ts';
import type { StoreLink } from './store-link.ts';

/** For how long an event that was lost, as may happen when the owner changes, holds a stream up. */
const POLL_MS = 5_000;

/**
 * The messages of a session from a place on, in batches. Where it starts is settled now, whenever it
 * is read; nothing is fetched before a reader asks for it.
 */
export function streamMessages(
  link: StoreLink,
  userId: string,
  sessionId: string,
  { bufferSize, timeoutMs, from, signal }: StreamOptions,
): AsyncIterable<FFMessageDTO[]> {
  const reading = new LiveReading(link, signal);
  const opening = reading.call('openStream', userId, sessionId, from);
  // Whoever reads it learns of a failure; maybe nobody does.
  opening.catch(() => undefined);

  return iterate(reading, async function* () {
    const subscription = link.events.subscribe(userId, sessionId, () => reading.ring());
    try {
      await reading.until(subscription.ready);
      let cursor = await opening;
      // What a reader does between two batches takes its own time, not the stream's.
      let deadline = performance.now() + timeoutMs;
      while (cursor !== null) {
        reading.hush();
        const batch = await reading.call('readStream', userId, sessionId, cursor, bufferSize);
        if (batch === null) return;
        const isAtEnd = isSamePlace(cursor, batch.cursor);
        cursor = batch.cursor;
        if (batch.messages.length > 0) {
          yield [...batch.messages];
          deadline = performance.now() + timeoutMs;
        } else if (isAtEnd) {
          const remainingMs = deadline - performance.now();
          if (remainingMs <= 0) return;
          await reading.wait(Math.min(remainingMs, POLL_MS));
        }
      }
    } finally {
      subscription.end();
    }
  });
}

/** Whether a pull that gave nothing had nothing to pass over either, such as deleted messages. */
function isSamePlace(before: StreamCursor, after: StreamCursor): boolean {
  return before.next === after.next;
}
