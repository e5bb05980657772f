import { STATIC_STAMP } from '../../embed/static/stamp.ts';
import {
  NO_MODEL,
  STATIC_MODEL,
  transformersStamp,
  type FFEmbedder,
  type ModelProgress,
  type ModelRequest,
} from '../../src/shared/embedding.ts';
import { appStamp, loadAppEmbedder } from './app-embedder.ts';
import { createModelEmbedder } from './model-embedder.ts';
import { loadStaticEmbedder } from './static-embedder.ts';
import { hasWorkers, startEmbeddingWorker } from './start-worker.ts';

/** Turns texts into vectors. */
export interface Embedder {
  /** Vectors of two stamps cannot be compared. */
  readonly stamp: string;
  readonly dimensions: number;
  /** `wasm` or `webgpu`; absent where it makes no difference. */
  readonly device?: string | undefined;
  /**
   * `texts.length` vectors, one after the other, each of length one, or all zeros for a text that
   * gives the model nothing to go by. Calls may overlap: the one with the fewest texts is served
   * first, so that a query does not wait for everything that was written.
   *
   * @throws FFStorageError `worker-lost` when the embedding worker died, `timeout` when it gave no
   *   answer: the next call starts another. `validation` for an answer of an app's embedder that
   *   cannot be used, `unavailable` when a model fails, `closed` after {@link close}.
   */
  embed(texts: readonly string[]): Promise<Float32Array>;
  /** Ends its worker; calls that have no answer yet reject with `closed`. */
  close(): void;
}

/** An embedder that is not loaded before it is needed. */
export interface EmbedderSource {
  /** What {@link Embedder.stamp} will be; undefined when only the loaded model can tell. */
  readonly stamp: string | undefined;
  /** What the app calls it; absent for the models that the configuration names. */
  readonly name?: string;
  /** Loads it at the first call; a call after a failed one tries again. */
  get(): Promise<Embedder>;
  /** Ends its worker and whatever is under way, for good. */
  close(): void;
}

/** What the embedder depends on besides the configuration. */
export interface EmbedderOptions {
  /** The app's own; its `embed` may be a Comlink proxy. */
  readonly appEmbedder?: FFEmbedder;
  /** How far the download of a transformers.js model is. */
  readonly onProgress?: (progress: ModelProgress) => void;
}

/**
 * The embedder that a configuration asks for; the app's own, where there is one, comes first.
 * Undefined when nothing is to be embedded. A changed configuration needs another one.
 */
export function createEmbedder(
  config: ModelRequest,
  { appEmbedder, onProgress }: EmbedderOptions = {},
): EmbedderSource | undefined {
  if (appEmbedder !== undefined) {
    const { id: name = 'custom' } = appEmbedder;
    const load = (signal: AbortSignal) => loadAppEmbedder(appEmbedder, signal);
    return { ...loadedOnce(appStamp(appEmbedder), load), name };
  }
  if (config.model === NO_MODEL) return undefined;
  const request = modelRequest(config);
  const isStatic = request.model === STATIC_MODEL;
  return loadedOnce(isStatic ? STATIC_STAMP : transformersStamp(request), (signal) =>
    isStatic && !hasWorkers()
      ? loadStaticEmbedder(signal)
      : createModelEmbedder(request, { start: startEmbeddingWorker, signal, onProgress }),
  );
}

/** What the embedding worker has to know: the configuration's group holds more than that. */
function modelRequest({ model, modelPath, wasmPaths, device, dtype }: ModelRequest): ModelRequest {
  return {
    model,
    device,
    ...(modelPath === undefined ? {} : { modelPath }),
    ...(wasmPaths === undefined ? {} : { wasmPaths }),
    ...(dtype === undefined ? {} : { dtype }),
  };
}

function loadedOnce(
  stamp: string | undefined,
  load: (signal: AbortSignal) => Promise<Embedder>,
): EmbedderSource {
  const closing = new AbortController();
  let loading: Promise<Embedder> | undefined;
  return {
    stamp,
    get: () => {
      loading ??= load(closing.signal);
      loading.catch(() => (loading = undefined));
      return loading;
    },
    close: () => closing.abort(),
  };
}
