import type { FFMessageGrowth } from '../api/streams.ts';
import type { StoreEvent } from '../shared/events.ts';
import { iterate, LiveReading } from './live-reading.ts';
import type { StoreLink } from './store-link.ts';

/** For how long an event that was lost, as may happen when the owner changes, goes unnoticed. */
const POLL_MS = 5_000;

type Grew = Extract<StoreEvent, { type: 'grew' }>;

/** One message as it grows: what there is of it whenever its reader asks, until it is done. */
export function followMessage(
  link: StoreLink,
  userId: string,
  sessionId: string,
  messageId: string,
  signal: AbortSignal | undefined,
): AsyncIterable<FFMessageGrowth> {
  const reading = new LiveReading(link, signal);

  return iterate(reading, async function* () {
    let text = '';
    let isStale = true;
    /** What was heard of before an answer says what there is. */
    let early: Grew[] | undefined = [];

    const apply = ({ from, text: added }: Grew): void => {
      // A gap: an event was lost.
      if (from > text.length) isStale = true;
      else if (from === text.length) text += added;
      // The rest comes twice, because another owner was sent it anew.
      else if (from + added.length > text.length) text = text.slice(0, from) + added;
    };
    const subscription = link.events.subscribe(userId, sessionId, (event) => {
      if (event.type === 'messages') return;
      if ('messageId' in event && event.messageId !== messageId) return;
      if (event.type !== 'grew') isStale = true;
      else if (early !== undefined) early.push(event);
      else apply(event);
      reading.ring();
    });

    try {
      await reading.until(subscription.ready);
      let given: string | undefined;
      for (;;) {
        reading.hush();
        if (isStale) {
          isStale = false;
          early ??= [];
          const growth = await reading.call('readGrowth', userId, sessionId, messageId);
          if (growth === null) return;
          if (growth.done) {
            yield growth;
            return;
          }
          // An owner that came later may lack the end, until the writer has sent it that again.
          if (growth.content.length > text.length) text = growth.content;
          early.forEach(apply);
          early = undefined;
        }
        if (text !== given) {
          given = text;
          yield { content: text, done: false, status: 'streaming' };
        } else if (!isStale && !(await reading.wait(POLL_MS))) {
          isStale = true;
        }
      }
    } finally {
      subscription.end();
    }
  });
}
