import { FFStorageManager, type FFMessageWriter } from 'flatfile-chat';

const USER = 'alice';

const storage = new FFStorageManager({ storage: { basePath: 'bench-tabs' } });
const arrivals = new Map<string, number>();
const grown: { readonly length: number; readonly at: number }[] = [];
let writer: FFMessageWriter | undefined;
let bareSince: number | undefined;
let isCalling = false;

/** In milliseconds, on the clock that all tabs of a machine share. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

const tab = {
  now,

  async open(): Promise<string | undefined> {
    await storage.initialize();
    return storage.role;
  },

  role: () => storage.role,

  async fill(count: number): Promise<string> {
    await storage.createUser(USER);
    const sessionId = await storage.createSession(USER, 'Measured');
    const messages = Array.from({ length: count }, (_, n) => ({
      role: 'user' as const,
      content: `${n} ${'what was said a while ago '.repeat(12)}`,
    }));
    await storage.addMessages(USER, sessionId, messages);
    await storage.whenIdle();
    return sessionId;
  },

  /** How long each of so many calls takes, one after another. */
  async timeCalls(kind: 'read' | 'add', sessionId: string, count: number): Promise<number[]> {
    const times: number[] = [];
    for (let n = 0; n < count; n++) {
      const begun = performance.now();
      if (kind === 'read') await storage.userExists(USER);
      else await storage.addMessage(USER, sessionId, { role: 'user', content: `timed ${n}` });
      times.push(performance.now() - begun);
    }
    return times;
  },

  listen(sessionId: string): void {
    void (async () => {
      for await (const batch of storage.streamMessages(USER, sessionId)) {
        for (const { content } of batch) arrivals.set(content, now());
      }
    })();
  },

  /** Adds messages, each when the one before must have arrived; gives when each was handed over. */
  async send(sessionId: string, count: number): Promise<Record<string, number>> {
    const sent: Record<string, number> = {};
    for (let n = 0; n < count; n++) {
      const content = `sent ${n} at ${now()}`;
      sent[content] = now();
      await storage.addMessage(USER, sessionId, { role: 'user', content });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return sent;
  },

  arrivals: () => Object.fromEntries(arrivals),

  async startGrowing(sessionId: string): Promise<void> {
    writer = await storage.startMessage(USER, sessionId, {
      role: 'assistant',
      content: '',
      messageId: 'grows',
    });
  },

  follow(sessionId: string): void {
    void (async () => {
      for await (const { content } of storage.followMessage(USER, sessionId, 'grows')) {
        grown.push({ length: content.length, at: now() });
      }
    })();
  },

  /** Writes pieces of one character; gives when each was written. */
  async grow(count: number): Promise<number[]> {
    const written: number[] = [];
    for (let n = 0; n < count; n++) {
      written.push(now());
      writer?.write('x');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await writer?.finish();
    return written;
  },

  grown: () => grown,

  /** Adds messages without a pause, and gives the longest that one took, once it is told to stop. */
  async hammer(sessionId: string): Promise<number> {
    isCalling = true;
    let longest = 0;
    while (isCalling) {
      const begun = performance.now();
      await storage.addMessage(USER, sessionId, { role: 'user', content: 'meanwhile' });
      longest = Math.max(longest, performance.now() - begun);
    }
    return longest;
  },

  stopHammering(): void {
    isCalling = false;
  },

  /** Waits, in a worker, for a bare lock and the handle of a file. */
  waitBare(): void {
    const worker = new Worker(new URL('./bare.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<number>) => (bareSince = data);
  },

  bareSince: () => bareSince,
};

export type MeasuredTab = typeof tab;

declare global {
  // Only what is declared with `var` becomes a property of the global object.
  var measuredTab: MeasuredTab;
}

globalThis.measuredTab = tab;
