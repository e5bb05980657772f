import {
  STATIC_MODEL,
  type ModelInfo,
  type ModelProgress,
  type ModelRequest,
} from '../../src/shared/embedding.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import { BatchQueue } from './batch-queue.ts';
import type { Embedder } from './embedder.ts';
import { ModelThread, type ThreadDeadlines } from './model-thread.ts';
import type { EmbeddingThread } from './start-worker.ts';

/** A slow phone needs seconds for a batch of long texts; a download is judged by its progress. */
const DEADLINES: ThreadDeadlines = { loadMs: 120_000, embedMs: 120_000 };

/**
 * Texts that are embedded without a pause. A query waits for one batch at most: the static model does
 * its texts in some milliseconds, WebAssembly gains next to nothing from larger batches.
 */
const BATCH_SIZES = { [STATIC_MODEL]: 256, wasm: 8, webgpu: 32 } as const;

export interface ModelEmbedderOptions {
  readonly start: () => EmbeddingThread;
  /** Closes the embedder, also one that is still being loaded. */
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: ModelProgress) => void) | undefined;
  readonly deadlines?: ThreadDeadlines;
}

/** A model in a thread of its own, which is started anew when it is lost. */
export async function createModelEmbedder(
  request: ModelRequest,
  { signal, ...options }: ModelEmbedderOptions,
): Promise<Embedder> {
  const supervisor = new ThreadSupervisor(request, options);
  let queue: BatchQueue | undefined;
  const close = (): void => {
    queue?.close();
    supervisor.close();
  };
  signal.addEventListener('abort', close);
  if (signal.aborted) close();

  const { stamp, dimensions, device } = await supervisor.load();
  const size = BATCH_SIZES[device ?? STATIC_MODEL];
  queue = new BatchQueue({ dimensions, size, run: (texts) => supervisor.embed(texts) });
  return {
    stamp,
    dimensions,
    get device() {
      return supervisor.device;
    },
    embed: queue.embed.bind(queue),
    close,
  };
}

/** Keeps one thread with the model in it, and knows when to start another. Calls must not overlap. */
class ThreadSupervisor {
  readonly #options: Omit<ModelEmbedderOptions, 'signal'>;
  #request: ModelRequest;
  /** The newest thread, which may be still loading, or gone. */
  #thread: ModelThread | undefined;
  /** What the thread has loaded. */
  #info: ModelInfo | undefined;
  #isClosed = false;

  constructor(request: ModelRequest, options: Omit<ModelEmbedderOptions, 'signal'>) {
    this.#request = request;
    this.#options = options;
  }

  get device(): ModelInfo['device'] {
    return this.#info?.device;
  }

  async load(): Promise<ModelInfo> {
    if (this.#isClosed) throw closedError();
    const { start, deadlines = DEADLINES, onProgress } = this.#options;
    const thread = new ModelThread(start(), deadlines);
    this.#thread = thread;
    let device: ModelInfo['device'];
    try {
      await thread.start();
      if (this.#request.model !== STATIC_MODEL) {
        device = await thread.selectDevice(this.#request.device);
      }
      const request = device === undefined ? this.#request : { ...this.#request, device };
      this.#info = await thread.load(request, onProgress);
      return this.#info;
    } catch (error) {
      thread.end(closedError());
      this.#surviveWithoutGpu(device, error);
      return this.load();
    }
  }

  async embed(texts: readonly string[]): Promise<Float32Array> {
    if (this.#thread?.isAlive !== true) await this.load();
    const thread = this.#thread;
    if (thread === undefined) throw closedError();
    try {
      return await thread.embed(texts);
    } catch (error) {
      // What the runtime fails at once it fails at from then on, whatever it is asked.
      thread.end(closedError());
      this.#surviveWithoutGpu(this.#info?.device, error);
      return this.embed(texts);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#thread?.end(closedError());
  }

  /** Graphics drivers fail in more ways than one can ask for beforehand. */
  #surviveWithoutGpu(device: ModelInfo['device'], error: unknown): void {
    if (device !== 'webgpu' || this.#isClosed) throw error;
    this.#request = { ...this.#request, device: 'wasm' };
  }
}

function closedError(): FFStorageError {
  return new FFStorageError('The embedder is closed.', { code: 'closed' });
}
