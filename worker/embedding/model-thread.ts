import * as Comlink from 'comlink';
import type {
  EmbeddingHost,
  ModelInfo,
  ModelProgress,
  ModelRequest,
} from '../../src/shared/embedding.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import { installErrorTransfer } from '../../src/shared/wire.ts';
import type { EmbeddingThread } from './start-worker.ts';

installErrorTransfer();

/** How long a thread may be silent. */
export interface ThreadDeadlines {
  /** Milliseconds without any news of a model that is being loaded. */
  readonly loadMs: number;
  /** Milliseconds for one batch. */
  readonly embedMs: number;
}

/**
 * A link to one embedding thread. Every call settles: with its result, `timeout`, `worker-lost` or
 * `closed`. After any of the latter three the thread is gone.
 */
export class ModelThread {
  readonly #thread: EmbeddingThread;
  readonly #host: Comlink.Remote<EmbeddingHost>;
  readonly #deadlines: ThreadDeadlines;
  readonly #pending = new Set<(error: unknown) => void>();
  /** Ends the wait for the thread's death when it is ended on purpose. */
  readonly #ending = new AbortController();
  /** Why nothing can be called any more. */
  #ended: FFStorageError | undefined;

  constructor(thread: EmbeddingThread, deadlines: ThreadDeadlines) {
    this.#thread = thread;
    this.#deadlines = deadlines;
    this.#host = Comlink.wrap<EmbeddingHost>(thread.endpoint);
    thread.onFailure((cause) => this.#lose(cause));
  }

  get isAlive(): boolean {
    return this.#ended === undefined;
  }

  /** Waits until the thread runs. */
  async start(): Promise<void> {
    const { aliveLock } = await this.#settle('start', this.#deadlines.loadMs, this.#host.hello());
    if (aliveLock !== undefined) this.#watch(aliveLock);
  }

  selectDevice(wish: ModelRequest['device']): ReturnType<EmbeddingHost['selectDevice']> {
    return this.#settle('selectDevice', this.#deadlines.loadMs, this.#host.selectDevice(wish));
  }

  async load(
    request: ModelRequest,
    onProgress: ((progress: ModelProgress) => void) | undefined,
  ): Promise<ModelInfo> {
    let isLoading = true;
    try {
      return await this.#settle('load', this.#deadlines.loadMs, (goOn) => {
        // Progress has a channel of its own, so the last of it may come after the answer.
        const report = (progress: ModelProgress): void => {
          if (!isLoading) return;
          goOn();
          onProgress?.(progress);
        };
        return this.#host.load(request, Comlink.proxy(report));
      });
    } finally {
      isLoading = false;
    }
  }

  embed(texts: readonly string[]): Promise<Float32Array> {
    return this.#settle('embed', this.#deadlines.embedMs, this.#host.embed(texts));
  }

  end(error: FFStorageError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#ending.abort();
    for (const fail of [...this.#pending]) fail(error);
    this.#thread.terminate();
  }

  /** `goOn`, which a call that tells of its progress is given, lets the deadline begin anew. */
  #settle<T>(
    what: string,
    timeoutMs: number,
    call: Promise<T> | ((goOn: () => void) => Promise<T>),
  ): Promise<T> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise<T>((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const goOn = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => this.end(timeoutError(what, timeoutMs)), timeoutMs);
      };
      const done = (): void => {
        clearTimeout(timer);
        this.#pending.delete(fail);
      };
      const fail = (error: unknown): void => {
        done();
        reject(error);
      };
      this.#pending.add(fail);
      goOn();
      (typeof call === 'function' ? call(goOn) : call).then((value) => {
        done();
        resolve(value);
      }, fail);
    });
  }

  /** A worker that crashes fires no event; but its locks are released. */
  #watch(lockName: string): void {
    navigator.locks
      .request(lockName, { signal: this.#ending.signal }, () => this.#lose('it crashed'))
      // Aborted, because the thread was ended on purpose.
      .catch(() => undefined);
  }

  #lose(cause: unknown): void {
    this.end(
      new FFStorageError(
        `The embedding worker is gone: ${String(cause)}. The next call starts another. If it never starts, check that the page may load it (its URL, the Content-Security-Policy).`,
        { code: 'worker-lost', cause },
      ),
    );
  }
}

function timeoutError(what: string, timeoutMs: number): FFStorageError {
  return new FFStorageError(
    `${what}: nothing was heard from the embedding worker for ${timeoutMs} ms. The next call starts another.`,
    { code: 'timeout' },
  );
}
