import type { FFVectorConfig } from '../../src/shared/config.ts';
import { STATIC_MODEL, type ModelProgress } from '../../src/shared/embedding.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import type { Embedder, EmbedderSource } from '../embedding/embedder.ts';
import type { Logger } from '../logger.ts';
import { calibrate, PROBE_TEXTS } from './ranking/calibration-probe.ts';
import { CALIBRATIONS, type Calibration } from './ranking/calibration.ts';
import type { VectorFormat } from './vectors/vector-block.ts';

/** How long a model that failed is left alone by what is done unasked. */
export const RETRY_MS = 30_000;

/** Makes the embedder for a configuration. */
export type CreateEmbedder = (
  config: FFVectorConfig,
  onProgress: (progress: ModelProgress) => void,
) => EmbedderSource | undefined;

/** How the model is doing. */
export interface EmbeddingState {
  readonly status: 'off' | 'idle' | 'loading' | 'ready' | 'failed';
  readonly device?: string;
  readonly download?: { readonly doneBytes: number; readonly totalBytes?: number };
  readonly error?: string;
}

/** The embedding model in use, loaded when it is needed first. */
export class Embedding {
  /** Told when another model is to be used. */
  onModelChanged: () => void = () => undefined;
  readonly #config: FFVectorConfig;
  readonly #create: CreateEmbedder;
  readonly #logger: Logger;
  #source: EmbedderSource | undefined;
  /** What the source was made for. */
  #key = '';
  #state: EmbeddingState = { status: 'idle' };
  #failedAt = -Infinity;
  readonly #calibrations = new Map<string, Calibration>();

  constructor(config: FFVectorConfig, create: CreateEmbedder, logger: Logger) {
    this.#config = config;
    this.#create = create;
    this.#logger = logger;
    this.#begin();
  }

  get state(): EmbeddingState {
    return this.#state;
  }

  get isOff(): boolean {
    return this.#source === undefined;
  }

  /** The app's own, or the one that the configuration names. */
  get model(): string {
    return this.#source?.name ?? this.#config.model;
  }

  /** Whether the model has failed lately, so that nothing should be tried unasked. */
  get isResting(): boolean {
    return performance.now() - this.#failedAt < RETRY_MS;
  }

  /** Whether it is the model in the package, which embeds hundreds of texts in the time of a frame. */
  get isFast(): boolean {
    return this.model === STATIC_MODEL;
  }

  /** What vectors are like; `undefined` as long as only the loaded model can tell. */
  formatLike(known: VectorFormat | undefined): VectorFormat | undefined {
    const { precision } = this.#config;
    const stamp = this.#source?.stamp;
    if (stamp === undefined || known?.stamp !== stamp) return undefined;
    return { stamp, precision, dimensions: known.dimensions };
  }

  /** What the vectors of a loaded model are like. */
  formatOf({ stamp, dimensions }: Embedder): VectorFormat {
    return { stamp, dimensions, precision: this.#config.precision };
  }

  /**
   * The model, loaded.
   *
   * @throws FFStorageError `unavailable` when there is none, or it cannot be loaded
   */
  async get(): Promise<Embedder> {
    const source = this.#source;
    if (source === undefined) {
      throw new FFStorageError(
        'There is no embedding model: the configuration has vector.model = "none". Set it to "static", or search in text mode.',
        { code: 'unavailable' },
      );
    }
    if (this.#state.status !== 'ready' && this.#state.status !== 'loading') {
      this.#setState(source, { status: 'loading' });
    }
    try {
      const embedder = await source.get();
      const { device } = embedder;
      this.#setState(source, { status: 'ready', ...(device === undefined ? {} : { device }) });
      return embedder;
    } catch (error) {
      throw this.#failed(source, error);
    }
  }

  /**
   * Runs a task with the model.
   *
   * @throws FFStorageError `unavailable` when it cannot be loaded, or the task fails
   */
  async run<T>(task: (embedder: Embedder) => Promise<T>): Promise<T> {
    const source = this.#source;
    const embedder = await this.get();
    try {
      const result = await task(embedder);
      if (source === this.#source) this.#failedAt = -Infinity;
      return result;
    } catch (error) {
      throw this.#failed(source, error);
    }
  }

  /** What the cosines of a model mean. */
  async calibrationOf(embedder: Embedder): Promise<Calibration> {
    const { stamp } = embedder;
    let calibration = this.#calibrations.get(stamp) ?? knownCalibration(stamp);
    calibration ??= calibrate(await embedder.embed(PROBE_TEXTS));
    this.#calibrations.set(stamp, calibration);
    return calibration;
  }

  /** Takes note that a model could not be loaded or used; gives what to tell whoever asked. */
  #failed(source: EmbedderSource | undefined, error: unknown): FFStorageError {
    if (source !== undefined && source === this.#source) {
      this.#failedAt = performance.now();
      this.#setState(source, { status: 'failed', error: messageOf(error) });
      this.#logger.warn(`The embedding model "${this.model}" cannot be used`, error);
    }
    if (error instanceof FFStorageError && error.code === 'unavailable') return error;
    return new FFStorageError(
      `The embedding model "${this.model}" cannot be used: ${messageOf(error)}`,
      { code: 'unavailable', cause: error },
    );
  }

  /** The configuration may have changed. */
  reconfigure(): void {
    if (this.#key === keyOf(this.#config)) return;
    this.#begin();
    this.onModelChanged();
  }

  close(): void {
    this.#source?.close();
    this.#source = undefined;
  }

  #begin(): void {
    this.close();
    this.#key = keyOf(this.#config);
    this.#failedAt = -Infinity;
    const source = this.#create({ ...this.#config }, ({ file: _file, ...download }) => {
      // It comes by a way of its own, perhaps when the model is loaded already.
      if (source === undefined || this.#state.status !== 'loading') return;
      this.#setState(source, { status: 'loading', download });
    });
    this.#source = source;
    this.#state = { status: source === undefined ? 'off' : 'idle' };
  }

  #setState(source: EmbedderSource, state: EmbeddingState): void {
    if (source === this.#source) this.#state = state;
  }
}

/** What decides which model there is, and how its vectors are kept. */
function keyOf({ similarityThreshold: _threshold, ...rest }: FFVectorConfig): string {
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Of models that were measured, by the beginnings of their stamps. */
function knownCalibration(stamp: string): Calibration | undefined {
  for (const [beginning, calibration] of CALIBRATIONS) {
    if (stamp.startsWith(beginning)) return calibration;
  }
  return undefined;
}
