/**
 * An embedder of the app's own, used instead of the models that the package can run.
 *
 * It runs where the app made it, not in the store's worker. It is called with at most 32 texts at a
 * time and never again before the last call has settled. A text is what is searched for or what was
 * written: a message as `name says: content` when its sender has a name, a chunk of a document as it
 * stands. It is not shortened: a model with a limit cuts what is too long for it.
 *
 * A call may be repeated, because it failed, because its answer was refused or because the store was
 * closed in between, so the same text must always give much the same vector. A call that rejects
 * loses nothing: the texts stay without vectors, and are tried again later.
 *
 * ```ts
 * const embedder: FFEmbedder = {
 *   id: 'my-model-2',
 *   dimensions: 384,
 *   embed: async (texts) => (await post('/embed', texts)).vectors,
 * };
 * ```
 */
export interface FFEmbedder {
  /**
   * Names the model behind it, `custom` when absent. Vectors are kept under this name: another one
   * makes the store embed everything again, in the background.
   */
  readonly id?: string;
  /** Numbers in a vector, 1 to 4,096. When absent, one word is embedded to find out. */
  readonly dimensions?: number;
  /**
   * A vector for each text, in the order of the texts, all of one length and of finite numbers. They
   * need not be normalised: only their directions count. All zeros means "nothing to go by".
   */
  embed(texts: readonly string[]): Promise<readonly (Float32Array | readonly number[])[]>;
}

/** How the numbers of a transformers.js model are stored; each is a file of its own. */
export const MODEL_DTYPES = ['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4'] as const;

export type FFModelDtype = (typeof MODEL_DTYPES)[number];

/** What does a model's arithmetic. */
export type ModelDevice = 'wasm' | 'webgpu';

/** The name of the model inside the package. */
export const STATIC_MODEL = 'static';

/** In the place of a model's name: nothing is embedded. */
export const NO_MODEL = 'none';

/** Which model to load, and how: the part of the group `vector` that matters to the embedding thread. */
export interface ModelRequest {
  /** {@link STATIC_MODEL}, or the name of a transformers.js model. */
  readonly model: string;
  readonly modelPath?: string;
  readonly wasmPaths?: { readonly mjs: string; readonly wasm: string };
  readonly device: 'auto' | ModelDevice;
  /** When absent, `q8` on WebAssembly and `fp32` on WebGPU. */
  readonly dtype?: FFModelDtype;
}

/** A model that is ready. */
export interface ModelInfo {
  /** Names everything that decides what its vectors mean: those of two stamps cannot be compared. */
  readonly stamp: string;
  readonly dimensions: number;
  /** Where it runs; absent for the static model, which needs no device. */
  readonly device?: ModelDevice;
}

/** How far the download of a model is, all of its files together. */
export interface ModelProgress {
  readonly doneBytes: number;
  /** Absent while it is not known; it may grow as more files turn out to be needed. */
  readonly totalBytes?: number;
  /** The file that it was last heard of. */
  readonly file: string;
}

/** What a thread that embeds says of itself. */
export interface EmbeddingHello {
  /** A lock that the thread holds as long as it lives; absent where there are no locks. */
  readonly aliveLock?: string;
}

/** What the embedding thread exposes. Calls must not overlap. */
export interface EmbeddingHost {
  hello(): Promise<EmbeddingHello>;
  /** The device that a model would run on here. */
  selectDevice(wish: ModelRequest['device']): Promise<ModelDevice>;
  /** Loads a model; once for a thread, also when it fails. */
  load(request: ModelRequest, onProgress?: (progress: ModelProgress) => void): Promise<ModelInfo>;
  /** `texts.length` vectors of length one, one after the other. */
  embed(texts: readonly string[]): Promise<Float32Array>;
}

/**
 * The stamp of a transformers.js model. Where it runs and which version of the library runs it are
 * not part of it: they change a vector less than they would cost. The number goes up when the way
 * from a text to its vector changes.
 */
export function transformersStamp({ model, dtype }: ModelRequest): string {
  return `transformers/${model}/${dtype ?? 'default'}/mean/1`;
}
