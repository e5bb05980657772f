import type { FFMessageDTO, GetMessagesOptions } from 'flatfile-chat';

/**
 * The run of neighbouring messages that is on the page. A conversation may hold many thousands; the
 * page holds at most {@link MAX_LOADED} and lets go at one end of what it loads at the other.
 */
export interface MessageWindow<M extends FFMessageDTO = FFMessageDTO> {
  /** Oldest first. */
  readonly messages: readonly M[];
  /** How many messages lie after the last one here. */
  readonly newer: number;
  readonly hasOlder: boolean;
}

export type ReadMessages<M extends FFMessageDTO = FFMessageDTO> = (
  options: GetMessagesOptions,
) => Promise<M[]>;

const PAGE_SIZE = 50;
const MAX_LOADED = 300;
/** Messages passed through at once while looking for one, which are not shown. */
const SCAN_SIZE = 500;

export const EMPTY_WINDOW: MessageWindow<never> = { messages: [], newer: 0, hasOlder: false };

/** The end of the conversation. */
export async function loadLatest<M extends FFMessageDTO>(
  read: ReadMessages<M>,
): Promise<MessageWindow<M>> {
  const newestFirst = await read({ limit: PAGE_SIZE, reverse: true });
  return {
    messages: newestFirst.toReversed(),
    newer: 0,
    hasOlder: newestFirst.length === PAGE_SIZE,
  };
}

/**
 * The same stretch again, after something may have changed in it. `added` is by how much the
 * conversation has grown: at its end the stretch grows with it, elsewhere it stays where it is.
 */
export async function reload<M extends FFMessageDTO>(
  read: ReadMessages<M>,
  { messages, newer }: MessageWindow<M>,
  added: number,
): Promise<MessageWindow<M>> {
  const growth = Math.max(0, added);
  const atEnd = newer === 0;
  const offset = atEnd ? 0 : newer + growth;
  const wanted = Math.max(PAGE_SIZE, messages.length + (atEnd ? growth : 0));
  const limit = Math.min(MAX_LOADED, wanted);
  const newestFirst = await read({ limit, offset, reverse: true });
  return {
    messages: newestFirst.toReversed(),
    newer: offset,
    hasOlder: newestFirst.length === limit,
  };
}

export async function loadOlder<M extends FFMessageDTO>(
  read: ReadMessages<M>,
  window: MessageWindow<M>,
): Promise<MessageWindow<M>> {
  const { messages, newer } = window;
  const older = await read({ limit: PAGE_SIZE, offset: newer + messages.length, reverse: true });
  const all = joined(older.toReversed(), messages);
  const kept = all.slice(0, MAX_LOADED);
  return {
    messages: kept,
    newer: newer + all.length - kept.length,
    hasOlder: older.length === PAGE_SIZE,
  };
}

export async function loadNewer<M extends FFMessageDTO>(
  read: ReadMessages<M>,
  window: MessageWindow<M>,
): Promise<MessageWindow<M>> {
  const { messages, newer } = window;
  const offset = Math.max(0, newer - PAGE_SIZE);
  const page = await read({ limit: newer - offset, offset, reverse: true });
  const all = joined(messages, page.toReversed());
  const kept = all.slice(-MAX_LOADED);
  return {
    messages: kept,
    newer: offset,
    hasOlder: window.hasOlder || kept.length < all.length,
  };
}

/** The messages around one of them; `null` when it is not in the conversation. */
export async function loadAround<M extends FFMessageDTO>(
  read: ReadMessages<M>,
  messageId: string,
): Promise<MessageWindow<M> | null> {
  const half = PAGE_SIZE / 2;
  for (let offset = 0; ; offset += SCAN_SIZE) {
    const page = await read({ limit: SCAN_SIZE, offset, reverse: true });
    const index = page.findIndex((message) => message.messageId === messageId);
    if (index >= 0) {
      const newer = Math.max(0, offset + index - half);
      const around = await read({ limit: PAGE_SIZE + 1, offset: newer, reverse: true });
      return {
        messages: around.toReversed(),
        newer,
        hasOlder: around.length === PAGE_SIZE + 1,
      };
    }
    if (page.length < SCAN_SIZE) return null;
  }
}

/** Pages overlap when messages were added or deleted elsewhere between two reads. */
function joined<M extends FFMessageDTO>(first: readonly M[], second: readonly M[]): readonly M[] {
  const seen = new Set(first.map((message) => message.messageId));
  return [...first, ...second.filter((message) => !seen.has(message.messageId))];
}
