import * as Comlink from 'comlink';
import {
  PROTOCOL_VERSION,
  type EngineApi,
  type EngineMethod,
  type Host,
  type OpenReply,
  type OpenRequest,
  type Page,
} from './shared/contract.ts';
import { FFStorageError } from './shared/errors.ts';
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
  'whenIdle',
]);

/** How a store is reached. */
export interface ConnectionOptions extends OpenRequest {
  readonly createWorker?: () => Worker;
  /** What the worker may ask of this side. */
  readonly page?: Page;
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
  /** Ends the wait for the worker's death when it is closed on purpose. */
  readonly #closing = new AbortController();
  /** Whether the worker has ever answered. */
  #started = false;
  /** Why nothing can be called any more. */
  #ended: FFStorageError | undefined;

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
      if (aliveLock !== undefined) connection.#watch(aliveLock);
      const reply = await connection.#settle(
        'open',
        // An object cannot be copied with functions in it; a proxy calls back over the wire.
        page === undefined
          ? connection.#host.open(request)
          : connection.#host.open(request, Comlink.proxy(page)),
      );
      return { connection, reply };
    } catch (error) {
      connection.#end(closedError());
      throw error;
    }
  }

  /** Calls an engine method; rejects with `timeout` or `worker-lost` where no answer comes. */
  call<M extends EngineMethod>(
    method: M,
    ...args: Parameters<EngineApi[M]>
  ): Promise<Awaited<ReturnType<EngineApi[M]>>> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    // Comlink's Remote type maps a generic method to one that has lost its type parameter.
    const call = this.#host.call as unknown as Host['call'];
    const timeoutMs = UNHURRIED.has(method) ? Number.POSITIVE_INFINITY : this.callTimeoutMs;
    return this.#settle(method, call(method, args), timeoutMs);
  }

  /** Lets the worker finish what was asked of it, then ends it. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    try {
      await this.#settle('close', this.#host.close());
    } finally {
      this.#end(closedError());
    }
  }

  #settle<T>(what: string, answer: Promise<T>, timeoutMs = this.callTimeoutMs): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timer = Number.isFinite(timeoutMs)
        ? setTimeout(() => fail(timeoutError(what, timeoutMs)), timeoutMs)
        : undefined;
      const fail = (error: unknown): void => {
        done();
        reject(error);
      };
      const done = (): void => {
        clearTimeout(timer);
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
  #watch(lockName: string): void {
    navigator.locks
      .request(lockName, { signal: this.#closing.signal }, () =>
        this.#lose('it was terminated, or it crashed'),
      )
      // Aborted, because the connection was closed on purpose.
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
    this.#closing.abort();
    for (const fail of [...this.#pending]) fail(error);
    this.#thread.terminate();
  }

  /**
   * Whether calls can still be answered. It asks the worker: one that has just died is noticed a
   * moment later. One that is only busy counts as alive.
   */
  async isAlive(): Promise<boolean> {
    if (this.#ended === undefined)
      await this.#settle('hello', this.#host.hello()).catch(() => null);
    return this.#ended === undefined;
  }
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
