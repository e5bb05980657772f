import * as Comlink from 'comlink';
import type { EngineApi, EngineMethod } from './shared/contract.ts';
import { FFStorageError } from './shared/errors.ts';
import {
  PROTOCOL_VERSION,
  type Host,
  type OpenReply,
  type OpenRequest,
  type Page,
} from './shared/host.ts';
import { installErrorTransfer } from './shared/wire.ts';
import { spawnStorage, type StorageThread } from './spawn.ts';

installErrorTransfer();

/**
 * Calls without a deadline: how long they take depends on how much is stored, or on how large a
 * document is, and none of that says that something is wrong. A lost worker ends them as well.
 */
const UNHURRIED: ReadonlySet<EngineMethod> = new Set([
  'storeDocument',
  'getDocumentContent',
  'searchDocuments',
  'updateConfiguration',
  'cleanupOldData',
  'optimizeStorage',
  'backupData',
  'restoreData',
  'openExport',
  'readExport',
  'writeImport',
  'continueImport',
  'openCheck',
  'continueCheck',
  'cancelCheck',
  'openSalvage',
  'cancelExport',
  'whenIdle',
]);

/** By how much this side waits longer than the worker, which knows better why there is no answer. */
const GRACE_MS = 1_000;

/** How a call reaches the engine. */
export type EngineCall = <M extends EngineMethod>(
  method: M,
  ...args: Parameters<EngineApi[M]>
) => Promise<Awaited<ReturnType<EngineApi[M]>>>;

/** How a store is reached. */
export interface ConnectionOptions extends OpenRequest {
  readonly createWorker?: () => Worker;
  /** What the worker may ask of this side. */
  readonly page: Page;
}

/**
 * A live link to one storage worker. Comlink alone would leave a call pending for ever when its peer
 * dies: here every call settles, with its result, `worker-lost` or, unless it is one of
 * {@link UNHURRIED}, `timeout`.
 */
export class Connection {
  readonly #thread: StorageThread;
  readonly #host: Comlink.Remote<Host>;
  /** `runtime.callTimeoutMs`; a change holds for the calls that follow. */
  callTimeoutMs: number;
  /** The calls that have no answer yet. Empty once the connection has ended. */
  readonly #pending = new Set<(error: FFStorageError) => void>();
  /** Ends the wait for the worker's death. */
  #watch = new AbortController();
  /** Whether the worker has ever answered. */
  #started = false;
  /** Calls made since the page was put aside, in their order; `undefined` while it takes part. */
  #held: (() => void)[] | undefined;
  #suspended = false;
  /** How often that has changed: an answer to an earlier change says nothing of how things are now. */
  #turns = 0;
  /** Why nothing can be called any more. */
  #ended: FFStorageError | undefined;
  readonly #ending = new AbortController();

  private constructor(thread: StorageThread, timeoutMs: number) {
    this.#thread = thread;
    this.#host = Comlink.wrap<Host>(thread.endpoint);
    this.callTimeoutMs = timeoutMs;
    thread.onFailure((cause) => this.#lose(cause));
  }

  /** Starts a worker and opens the store in it; on failure nothing is left running. */
  static async open({
    createWorker,
    page,
    ...request
  }: ConnectionOptions): Promise<{ connection: Connection; reply: OpenReply }> {
    const thread = await spawnStorage(request.backend, createWorker);
    const connection = new Connection(thread, request.config.runtime.callTimeoutMs);
    try {
      const { protocol, aliveLock } = await connection.#settle('hello', connection.#host.hello());
      connection.#started = true;
      if (protocol !== PROTOCOL_VERSION) {
        throw new FFStorageError(
          `The page speaks protocol ${PROTOCOL_VERSION} and its storage worker ${protocol}: they come from different builds. Reload the page, or rebuild both from one version of flatfile-chat.`,
          { code: 'version' },
        );
      }
      connection.#watchOver(aliveLock);
      // An object cannot be copied with functions in it; a proxy calls back over the wire.
      const opening = connection.#host.open(request, Comlink.proxy(page));
      return { connection, reply: await connection.#settle('open', opening) };
    } catch (error) {
      connection.#end(closedError());
      throw error;
    }
  }

  /**
   * Aborted when the connection is closed or lost, with the error that later calls get. What waits
   * for something other than an answer ends by it.
   */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /**
   * Calls an engine method; rejects with `timeout` or `worker-lost` where no answer comes. A call made
   * while the page is put aside is sent when it is back.
   */
  call<M extends EngineMethod>(
    method: M,
    ...args: Parameters<EngineApi[M]>
  ): Promise<Awaited<ReturnType<EngineApi[M]>>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const held = this.#held;
    if (held !== undefined) {
      return new Promise((resolve, reject) => {
        held.push(() => void this.call(method, ...args).then(resolve, reject));
      });
    }
    // Comlink's Remote type maps a generic method to one that has lost its type parameter.
    const call = this.#host.call as unknown as Host['call'];
    const timeoutMs = UNHURRIED.has(method) ? null : this.callTimeoutMs;
    return this.#settle(method, call(method, args, timeoutMs), timeoutMs);
  }

  /** Names the sessions whose events the page wants; resolves when none of them is missed. */
  async listen(topics: readonly string[]): Promise<void> {
    if (this.#ended !== undefined) throw this.#ended;
    await this.#settle('listen', this.#host.listen(topics));
  }

  /** Tells the worker whether somebody is looking; nobody waits for it. */
  setVisible(visible: boolean): void {
    if (this.#ended !== undefined) return;
    this.#settle('setVisible', this.#host.setVisible(visible)).catch(() => undefined);
  }

  /**
   * Lets go of what others wait for. It must not wait itself: the page may be frozen in the next
   * moment. A lock request that waits would keep the page out of the back-forward cache, so the
   * worker is not watched until {@link resume}.
   */
  suspend(): void {
    if (this.#ended !== undefined || this.#suspended) return;
    this.#suspended = true;
    this.#turns += 1;
    this.#held ??= [];
    this.#watch.abort();
    this.#settle('suspend', this.#host.suspend()).catch(() => undefined);
  }

  /** Takes part again, and sends what was called meanwhile. `false` where nothing came of it. */
  async resume(): Promise<boolean> {
    if (this.#ended !== undefined || !this.#suspended) return false;
    this.#suspended = false;
    const turn = ++this.#turns;
    try {
      const { aliveLock } = await this.#settle('resume', this.#host.resume());
      if (this.#turns !== turn) return false;
      this.#watchOver(aliveLock);
      this.#release();
      return true;
    } catch (cause) {
      // A worker that died while nobody watched it does not answer.
      if (this.#turns === turn) this.#lose(cause);
      return false;
    }
  }

  /** Lets the worker finish what was asked of it, then ends it. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#ending.abort(closedError());
    try {
      await this.#settle('close', this.#host.close());
    } finally {
      this.#end(closedError());
    }
  }

  #settle<T>(
    what: string,
    answer: Promise<T>,
    timeoutMs: number | null = this.callTimeoutMs,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fail = (error: unknown): void => {
        done();
        reject(error);
      };
      const stop =
        timeoutMs === null
          ? () => undefined
          : setDeadline(timeoutMs + GRACE_MS, () => fail(timeoutError(what, timeoutMs)));
      const done = (): void => {
        stop();
        this.#pending.delete(fail);
      };
      this.#pending.add(fail);
      answer.then((value) => {
        done();
        resolve(value);
      }, fail);
    });
  }

  /**
   * A worker that is terminated or crashes fires no event; but its locks are released, and the
   * request that waits for one is granted.
   */
  #watchOver(lockName: string | undefined): void {
    if (lockName === undefined) return;
    this.#watch = new AbortController();
    navigator.locks
      .request(lockName, { signal: this.#watch.signal }, () =>
        this.#lose('it was terminated, or it crashed'),
      )
      // Aborted, because the connection was closed on purpose, or the page is put aside.
      .catch(() => undefined);
  }

  #lose(cause: unknown): void {
    const message = this.#started
      ? 'The storage worker is gone. Writes that had resolved are safe; one that was under way may or may not be there. Call initialize() to start a new worker.'
      : `The storage worker could not be started: ${String(cause)}. Check that the page may load it (its URL, the Content-Security-Policy).`;
    this.#end(new FFStorageError(message, { code: 'worker-lost', cause }));
  }

  #end(error: FFStorageError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#watch.abort();
    for (const fail of [...this.#pending]) fail(error);
    this.#release();
    this.#ending.abort(error);
    this.#thread.terminate();
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const send of held) send();
  }

  /**
   * Whether calls can still be answered. It asks the worker: one that has just died is noticed a
   * moment later. One that is only busy, or put aside with the page, counts as alive.
   */
  async isAlive(): Promise<boolean> {
    // A greeting would have the worker take a lock again that it has let go of.
    if (this.#ended === undefined && !this.#suspended)
      await this.#settle('hello', this.#host.hello()).catch(() => null);
    return this.#ended === undefined;
  }
}

/**
 * Calls back when the time is up, unless it is stopped. A timer that comes much too late says that
 * the page was frozen, and so was the answer: it is waited for once more.
 */
function setDeadline(ms: number, onOver: () => void): () => void {
  const due = performance.now() + ms;
  let timer = setTimeout(() => {
    if (performance.now() < due + GRACE_MS) onOver();
    else timer = setTimeout(onOver, ms);
  }, ms);
  return () => clearTimeout(timer);
}

function timeoutError(what: string, timeoutMs: number): FFStorageError {
  return new FFStorageError(
    `${what}: no answer from the storage worker within ${timeoutMs} ms (runtime.callTimeoutMs). A write may still take effect.`,
    { code: 'timeout' },
  );
}

function closedError(): FFStorageError {
  return new FFStorageError('The store is closed: call initialize() first.', { code: 'closed' });
}
