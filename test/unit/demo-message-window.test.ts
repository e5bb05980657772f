import type { FFMessageDTO } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import {
  EMPTY_WINDOW,
  loadAround,
  loadLatest,
  loadNewer,
  loadOlder,
  reload,
  type MessageWindow,
  type ReadMessages,
} from '../../demo/conversation/message-window.ts';

/** A conversation of `count` messages, `m0` being the oldest, as the store would page it. */
function conversation(count: number): ReadMessages {
  const newestFirst = Array.from({ length: count }, (_, index) => message(count - 1 - index));
  return async ({ limit = count, offset = 0 }) => newestFirst.slice(offset, offset + limit);
}

function message(number: number): FFMessageDTO {
  return {
    messageId: `m${number}`,
    role: 'user',
    content: `${number}`,
    timestamp: '2026-01-01T00:00:00.000Z',
  };
}

/** The first and the last message, and how many there are. */
function extent({ messages }: MessageWindow): [string | undefined, string | undefined, number] {
  return [messages[0]?.messageId, messages.at(-1)?.messageId, messages.length];
}

describe('message window', () => {
  it('starts at the end of the conversation, oldest first', async () => {
    const window = await loadLatest(conversation(120));
    expect(extent(window)).toEqual(['m70', 'm119', 50]);
    expect(window).toMatchObject({ newer: 0, hasOlder: true });
  });

  it('holds a short conversation whole', async () => {
    const window = await loadLatest(conversation(3));
    expect(extent(window)).toEqual(['m0', 'm2', 3]);
    expect(window.hasOlder).toBe(false);
  });

  it('reaches the first message page by page', async () => {
    const read = conversation(120);
    let window = await loadLatest(read);
    window = await loadOlder(read, window);
    window = await loadOlder(read, window);
    expect(extent(window)).toEqual(['m0', 'm119', 120]);
    expect(window.hasOlder).toBe(false);
  });

  it('lets go of the newest messages on the long way back, and finds them again', async () => {
    const read = conversation(1000);
    let window = await loadLatest(read);
    for (let page = 0; page < 8; page += 1) window = await loadOlder(read, window);
    expect(extent(window)).toEqual(['m550', 'm849', 300]);
    expect(window.newer).toBe(150);

    while (window.newer > 0) window = await loadNewer(read, window);
    expect(extent(window)).toEqual(['m700', 'm999', 300]);
    expect(window.hasOlder).toBe(true);
  });

  it('shows a message that lies far back with its neighbours', async () => {
    const window = await loadAround(conversation(2000), 'm100');
    expect(extent(window ?? EMPTY_WINDOW)).toEqual(['m75', 'm125', 51]);
    expect(window).toMatchObject({ newer: 1874, hasOlder: true });
  });

  it('shows the newest and the oldest message with the neighbours that they have', async () => {
    const read = conversation(100);
    expect(extent((await loadAround(read, 'm99')) ?? EMPTY_WINDOW)).toEqual(['m49', 'm99', 51]);
    expect(extent((await loadAround(read, 'm0')) ?? EMPTY_WINDOW)).toEqual(['m0', 'm25', 26]);
  });

  it('does not find a message that is not there', async () => {
    expect(await loadAround(conversation(1200), 'elsewhere')).toBeNull();
  });

  it('grows with the conversation at its end', async () => {
    const window = await loadLatest(conversation(60));
    expect(extent(await reload(conversation(62), window, 2))).toEqual(['m10', 'm61', 52]);
  });

  it('stays where it is when the conversation grows elsewhere', async () => {
    const window = (await loadAround(conversation(500), 'm200')) ?? EMPTY_WINDOW;
    const reloaded = await reload(conversation(503), window, 3);
    expect(extent(reloaded)).toEqual(extent(window));
    expect(reloaded.newer).toBe(window.newer + 3);
  });

  it('shows no message twice when pages overlap', async () => {
    const window = await loadLatest(conversation(100));
    // Five messages have been added since, so that the next page starts among those already shown.
    const ids = (await loadOlder(conversation(105), window)).messages.map(
      ({ messageId }) => messageId,
    );
    expect(new Set(ids).size).toBe(ids.length);
  });
});
