import { FFStorageError } from '../../src/shared/errors.ts';

/** How texts are embedded, some at a time. */
export interface BatchQueueOptions {
  readonly dimensions: number;
  /** Texts in a batch. */
  readonly size: number;
  /** Embeds one batch; never called again before the last call has settled. */
  run(texts: readonly string[]): Promise<Float32Array>;
}

/** One call, of which some batches may be done. */
interface Job {
  readonly texts: readonly string[];
  /** The texts' numbers, shortest text first. */
  readonly order: readonly number[];
  /** How many of `order` are done. */
  done: number;
  readonly vectors: Float32Array;
  readonly resolve: (vectors: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Cuts calls into batches and runs these one at a time. A batch holds texts of like length, as a model
 * works on all of them as if they were as long as the longest. Between two batches the call with the
 * fewest texts left goes first: a query has one, what was written since may be thousands.
 */
export class BatchQueue {
  readonly #options: BatchQueueOptions;
  readonly #jobs = new Set<Job>();
  #isRunning = false;
  #isClosed = false;

  constructor(options: BatchQueueOptions) {
    this.#options = options;
  }

  embed(texts: readonly string[]): Promise<Float32Array> {
    if (this.#isClosed) return Promise.reject(closedError());
    const vectors = new Float32Array(texts.length * this.#options.dimensions);
    if (texts.length === 0) return Promise.resolve(vectors);
    const order = [...texts.keys()].sort((a, b) => lengthOf(texts, a) - lengthOf(texts, b));
    return new Promise((resolve, reject) => {
      this.#jobs.add({ texts, order, done: 0, vectors, resolve, reject });
      if (!this.#isRunning) void this.#runAll();
    });
  }

  /** Rejects what is not done with `closed`. */
  close(): void {
    this.#isClosed = true;
    for (const job of this.#jobs) job.reject(closedError());
    this.#jobs.clear();
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    for (let job = this.#next(); job !== undefined; job = this.#next()) await this.#runBatch(job);
    this.#isRunning = false;
  }

  #next(): Job | undefined {
    let next: Job | undefined;
    for (const job of this.#jobs) {
      if (next === undefined || remaining(job) < remaining(next)) next = job;
    }
    return next;
  }

  async #runBatch(job: Job): Promise<void> {
    const { dimensions, size, run } = this.#options;
    const batch = job.order.slice(job.done, job.done + size);
    try {
      const vectors = await run(batch.map((number) => job.texts[number] ?? ''));
      if (vectors.length !== batch.length * dimensions) {
        throw new RangeError(
          `${vectors.length} numbers for ${batch.length} texts of ${dimensions}`,
        );
      }
      batch.forEach((number, row) => {
        const vector = vectors.subarray(row * dimensions, (row + 1) * dimensions);
        job.vectors.set(vector, number * dimensions);
      });
      job.done += batch.length;
      if (remaining(job) > 0) return;
      job.resolve(job.vectors);
    } catch (error) {
      job.reject(error);
    }
    this.#jobs.delete(job);
  }
}

function remaining({ order, done }: Job): number {
  return order.length - done;
}

function lengthOf(texts: readonly string[], number: number): number {
  return texts[number]?.length ?? 0;
}

function closedError(): FFStorageError {
  return new FFStorageError('The embedder is closed.', { code: 'closed' });
}
