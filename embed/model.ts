import type { ModelInfo } from '../src/shared/embedding.ts';

/** A model that is loaded. */
export interface Model {
  readonly info: ModelInfo;
  /** `texts.length` vectors of length one, one after the other, in memory of their own. */
  embed(texts: readonly string[]): Promise<Float32Array>;
}
