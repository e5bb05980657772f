import type { FFModelDtype } from './embedding.ts';
import type { FFSearchLanguage } from './search-languages.ts';

/** When a write counts as done. */
export type FFDurability = 'flushed' | 'written';

/** How much the store says on the console; each level includes those before it. */
export type FFLogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/** Where files live, how safely they are written and how large things may be. */
export interface FFStorageConfig {
  /** Names one store inside the origin; two paths are two stores. Letters, digits, `-`, `_`, `.` and `/`. */
  basePath: string;
  /**
   * `flushed`: a resolved write survives even a power cut, as far as the browser's flush reaches the disk.
   * `written`: it survives the death of the tab, the worker or the browser process, not of the machine.
   */
  durability: FFDurability;
  /** Bytes of UTF-8, for the content, the parts and the metadata of a message each. 1 to 67,108,864. */
  maxMessageBytes: number;
  /** Bytes of one document. 0 to 4,294,967,296. */
  maxDocumentBytes: number;
  /** UTF-16 units of an id. 8 to 1,024. */
  maxIdLength: number;
  /** Files kept open at once. 4 to 240: Safari allows 252 for an origin. */
  maxOpenHandles: number;
  /**
   * Bytes that are held back so that deletions succeed on a full disk. 0 (none) to 67,108,864. Chromium
   * lets a file of 1 to 2^n MiB grow only where there is room up to the next power of two; where the
   * messages of a session are larger than this, deleting one of them may be refused on a full disk,
   * but deleting the session is not.
   */
  reserveBytes: number;
}

/** How exactly vectors are kept. */
export type FFVectorPrecision = 'int8' | 'float32';

/** Text search. */
export interface FFSearchConfig {
  /** Results of a search that names no `limit`. 1 to 10,000. */
  defaultLimit: number;
  /**
   * The language by whose rules words are brought to their stem, so that "refunds" finds "refunded".
   * `auto`: by the script of each word, Latin ones as English. `none`: words are found as they are
   * written, but for case and accents. A change has the index made anew, in the background.
   */
  language: FFSearchLanguage;
  /** How many letters a word may differ from a query's word. 0 (none) to 2. */
  typoTolerance: number;
  /** Whether the beginning of a word finds it; with stemming, the beginning of its stem. */
  prefix: boolean;
}

/** Semantic search. A change of the model has everything embedded anew, in the background. */
export interface FFVectorConfig {
  /**
   * `static`: the small English model inside the package. `none`: nothing is embedded. Anything else
   * names a transformers.js model, such as `Xenova/all-MiniLM-L6-v2`, and needs the package
   * `@huggingface/transformers`. An embedder that the app passes comes before all of them.
   */
  model: string;
  /**
   * The folder in which the folders of transformers.js models lie, as a URL or a path that begins
   * with a slash; nothing is then fetched from anywhere else. Absent: the Hugging Face hub.
   */
  modelPath?: string;
  /** URLs of the WebAssembly runtime of transformers.js models; its own choice when absent. */
  wasmPaths?: { mjs: string; wasm: string };
  /** Where transformers.js models run. `auto`: WebGPU where there is one, else WebAssembly. */
  device: 'auto' | 'wasm' | 'webgpu';
  /** Number format of a transformers.js model's weights; when absent `q8`, on WebGPU `fp32`. */
  dtype?: FFModelDtype;
  /** `int8` takes a quarter of the space and of the time; `float32` keeps vectors as they are. */
  precision: FFVectorPrecision;
  /** Least similarity of the hits of `searchSimilarMessages`, 0 to 1. */
  similarityThreshold: number;
}

/** Documents. */
export interface FFDocumentConfig {
  /** MIME types that may be stored, each one type, a kind (`image/*`) or all; all when absent. */
  allowedMimeTypes?: string[];
  /** UTF-16 units of a chunk. 64 to 65,536. */
  chunkSize: number;
  /** UTF-16 units that neighbouring chunks share; less than `chunkSize`. */
  chunkOverlap: number;
}

/** Panels. */
export interface FFPanelConfig {
  /** Personas in one panel. 1 to 1,000. */
  maxPersonas: number;
}

/** Situational context. */
export interface FFContextConfig {
  /** Key points of one context. 1 to 100. */
  maxKeyPoints: number;
  /** UTF-16 units of a summary. 20 to 100,000. */
  maxSummaryLength: number;
  /** Contexts kept for a session. 1 to 100,000. */
  maxHistory: number;
}

/** How the manager and its worker behave. */
export interface FFRuntimeConfig {
  /** Milliseconds until a call that got no answer rejects with `timeout`. 100 to 86,400,000. */
  callTimeoutMs: number;
  logLevel: FFLogLevel;
}

/** The whole configuration, every key present. */
export interface FFConfigurationManagerConfigDTO {
  storage: FFStorageConfig;
  search: FFSearchConfig;
  vector: FFVectorConfig;
  document: FFDocumentConfig;
  panel: FFPanelConfig;
  context: FFContextConfig;
  runtime: FFRuntimeConfig;
}

/** Any part of the configuration; what is left out keeps its default. */
export type FFConfigInput = {
  readonly [Group in keyof FFConfigurationManagerConfigDTO]?:
    | {
        readonly [Key in keyof FFConfigurationManagerConfigDTO[Group]]?:
          | FFConfigurationManagerConfigDTO[Group][Key]
          | undefined;
      }
    | undefined;
};

/** A named set of settings for a situation. */
export type FFConfigPreset = 'development' | 'production' | 'test';

/** What a store is opened with when the app says nothing. */
export const DEFAULT_CONFIG: FFConfigurationManagerConfigDTO = {
  storage: {
    basePath: 'flatfile-chat',
    durability: 'flushed',
    maxMessageBytes: 1_048_576,
    maxDocumentBytes: 104_857_600,
    maxIdLength: 128,
    maxOpenHandles: 48,
    reserveBytes: 2_097_152,
  },
  search: { defaultLimit: 100, language: 'auto', typoTolerance: 0, prefix: true },
  vector: { model: 'static', device: 'auto', precision: 'int8', similarityThreshold: 0.7 },
  document: { chunkSize: 1_000, chunkOverlap: 200 },
  panel: { maxPersonas: 10 },
  context: { maxKeyPoints: 10, maxSummaryLength: 500, maxHistory: 100 },
  runtime: { callTimeoutMs: 60_000, logLevel: 'warn' },
};

/** What each preset changes. `test` keeps away from the app's own store. */
export const PRESETS: Readonly<Record<FFConfigPreset, FFConfigInput>> = {
  development: { runtime: { logLevel: 'debug' } },
  production: { runtime: { logLevel: 'error' } },
  test: {
    storage: { basePath: 'flatfile-chat-test' },
    runtime: { callTimeoutMs: 10_000, logLevel: 'silent' },
  },
};
