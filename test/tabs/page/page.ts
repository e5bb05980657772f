import {
  FFStorageError,
  FFStorageManager,
  type BackendKind,
  type FFMessageDTO,
  type FFMessageWriter,
  type FFTabRole,
} from 'flatfile-chat';

const USER = 'alice';

/** How a call ended: with its result, or with the code of its error. */
export interface Outcome {
  readonly content: string;
  readonly result: unknown;
  readonly code?: string;
}

/** What a tab is opened with. */
export interface TabOptions {
  readonly basePath: string;
  readonly backend: BackendKind;
  readonly callTimeoutMs?: number;
  /** Lets the test stop the worker, see `held.worker.ts`, by what it says on the channel of this name. */
  readonly holdChannel?: string;
}

let storage: FFStorageManager;
let options: TabOptions;
let worker: Worker | undefined;
const outcomes: Outcome[] = [];
const roles: FFTabRole[] = [];
const streams = new Map<string, { readonly messages: FFMessageDTO[]; ended: boolean }>();
const growths = new Map<string, { readonly contents: string[]; status?: string; done: boolean }>();
const writers = new Map<string, FFMessageWriter>();
let shows = 0;
let imported = 0;

/** The packaged worker, in the hands of the test. */
function createWorker(): Worker {
  const { holdChannel } = options;
  worker =
    holdChannel === undefined
      ? new Worker(new URL('../../../worker/index.ts', import.meta.url), { type: 'module' })
      : new Worker(new URL('./held.worker.ts', import.meta.url), {
          type: 'module',
          name: holdChannel,
        });
  return worker;
}

async function settle(content: string, call: Promise<unknown>): Promise<Outcome> {
  const outcome = await call.then(
    (result): Outcome => ({ content, result }),
    (error: unknown): Outcome => ({
      content,
      result: undefined,
      code: error instanceof FFStorageError ? error.code : String(error),
    }),
  );
  outcomes.push(outcome);
  return outcome;
}

/** Opens the store again after the worker was lost, as the documentation tells apps to. */
async function reopen(): Promise<void> {
  await storage.initialize();
}

/** What a test can ask of a tab. */
const tab = {
  async open(given: TabOptions): Promise<FFTabRole | undefined> {
    options = given;
    const { basePath, backend, callTimeoutMs = 30_000 } = given;
    storage = new FFStorageManager(
      { storage: { basePath }, runtime: { callTimeoutMs, logLevel: 'warn' } },
      { backend, worker: createWorker, onRoleChange: (role) => roles.push(role) },
    );
    await storage.initialize();
    return storage.role;
  },

  hasLocks: (): boolean => 'locks' in navigator,
  isLeader: async (): Promise<boolean> => (await storage.getPerformanceMetrics()).leader,
  role: (): FFTabRole | undefined => storage.role,
  backend: (): BackendKind | undefined => storage.backend,
  roles: (): FFTabRole[] => roles,
  options: (): TabOptions => options,

  async createSession(title: string): Promise<string> {
    await storage.createUser(USER);
    return storage.createSession(USER, title);
  },

  add: (sessionId: string, content: string, messageId?: string): Promise<Outcome> =>
    settle(content, storage.addMessage(USER, sessionId, { role: 'user', content, messageId })),

  /** Adds so many messages in batches of so many. */
  async importNumbered(sessionId: string, count: number, batchSize: number): Promise<void> {
    for (imported = 0; imported < count; imported += batchSize) {
      const messages = Array.from({ length: batchSize }, (_, n) => ({
        role: 'user' as const,
        content: `number ${imported + n} of many`,
      }));
      await storage.addMessages(USER, sessionId, messages);
    }
  },

  importedCount: (): number => imported,

  count: async (sessionId: string): Promise<number | undefined> =>
    (await storage.getSession(USER, sessionId))?.messageCount,

  /**
   * Writes so many messages of its own, several at a time. Their ids are the manager's, so that nothing
   * but the store keeps one from being there twice.
   */
  async write(sessionId: string, name: string, count: number, atOnce: number): Promise<void> {
    let n = 0;
    const line = async (): Promise<void> => {
      while (n < count) {
        const { code } = await tab.add(sessionId, `${name}-${n++}`);
        if (code === 'worker-lost' || code === 'closed') await reopen();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, line));
  },

  /** How the calls have ended, since this was asked last. */
  takeOutcomes: (): Outcome[] => outcomes.splice(0),

  startStream(name: string, sessionId: string, from: string, bufferSize?: number): void {
    const stream = { messages: [] as FFMessageDTO[], ended: false };
    streams.set(name, stream);
    const read = async (): Promise<void> => {
      let next = from;
      for (;;) {
        try {
          const batches = storage.streamMessages(USER, sessionId, {
            from: next,
            ...(bufferSize === undefined ? {} : { bufferSize }),
          });
          for await (const batch of batches) stream.messages.push(...batch);
          return;
        } catch (error) {
          // The own worker was lost: the stream goes on behind what it has given.
          if (!(error instanceof FFStorageError) || error.code !== 'worker-lost') throw error;
          await reopen();
          next = stream.messages.at(-1)?.messageId ?? from;
        }
      }
    };
    void read().finally(() => (stream.ended = true));
  },

  streamed: (name: string): string[] =>
    (streams.get(name)?.messages ?? []).map(({ content }) => content),
  hasEnded: (name: string): boolean => streams.get(name)?.ended === true,

  contents: async (sessionId: string): Promise<string[]> =>
    (await storage.getAllMessages(USER, sessionId)).map(({ content }) => content),

  message: (sessionId: string, messageId: string): Promise<FFMessageDTO | null> =>
    storage.getMessage(USER, sessionId, messageId),

  search: async (query: string): Promise<string[]> =>
    (await storage.searchMessages(USER, query)).map(({ content }) => content),

  titles: async (): Promise<string[]> =>
    (await storage.listSessions(USER)).map(({ title }) => title),

  async rename(sessionId: string, title: string): Promise<Outcome> {
    return settle(title, storage.updateSession(USER, sessionId, { title }));
  },

  async startMessage(sessionId: string, messageId: string): Promise<void> {
    const message = { role: 'assistant', content: '', messageId } as const;
    writers.set(messageId, await storage.startMessage(USER, sessionId, message));
  },

  writeDelta: (messageId: string, delta: string): void => writers.get(messageId)?.write(delta),

  /** Writes so many pieces, with as many milliseconds between them, and tells of each. */
  async writeSlowly(messageId: string, pieces: number, pauseMs: number): Promise<void> {
    for (let n = 0; n < pieces; n++) {
      tab.writeDelta(messageId, `${n} `);
      await tellWritten(n);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  },

  finish: (messageId: string) => writers.get(messageId)?.finish(),

  followMessage(name: string, sessionId: string, messageId: string): void {
    const growth: { contents: string[]; status?: string; done: boolean } = {
      contents: [],
      done: false,
    };
    growths.set(name, growth);
    void (async () => {
      for await (const { content, done, status } of storage.followMessage(
        USER,
        sessionId,
        messageId,
      )) {
        growth.contents.push(content);
        growth.done = done;
        if (status !== undefined) growth.status = status;
      }
    })();
  },

  growth: (name: string) => growths.get(name),

  updateDefaultLimit: (defaultLimit: number): Promise<boolean> =>
    storage.updateConfiguration({ search: { defaultLimit } }),
  defaultLimit: (): number => storage.getConfiguration().search.defaultLimit,

  /** Stops the worker of a tab until the test's server answers. */
  hold(holdChannel: string, url: string): void {
    const channel = new BroadcastChannel(holdChannel);
    channel.postMessage(url);
    channel.close();
  },

  /** Has the page seem to be in view, or not. */
  setVisible(isVisible: boolean): void {
    const value = isVisible ? 'visible' : 'hidden';
    Object.defineProperty(document, 'visibilityState', { configurable: true, value });
    document.dispatchEvent(new Event('visibilitychange'));
  },

  /** Ends the own worker, as a crash of it would. */
  loseWorker(): void {
    worker?.terminate();
  },

  close: (): Promise<void> => storage.close(),

  /** How often the page came out of the back-forward cache. */
  returns: (): number => shows,
};

addEventListener('pageshow', ({ persisted }) => {
  if (persisted) shows++;
});

export type Tab = typeof tab;

declare global {
  // Only what is declared with `var` becomes a property of the global object.
  var chatTab: Tab;
  /** Made by the test: hears of what was written. */
  function tellWritten(n: number): Promise<void>;
}

globalThis.chatTab = tab;
