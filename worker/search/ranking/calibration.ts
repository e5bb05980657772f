/**
 * How cosines of a model become similarities. Models differ in what a cosine means: two unrelated
 * texts have about 0 in one, 0.75 in another. It is known of a model, not taken from what is stored,
 * so that it is the same for three messages as for a million.
 */
export interface Calibration {
  /** The cosine of texts that have nothing to do with each other: similarity 0. */
  readonly unrelated: number;
  /** The least cosine of most texts that say the same in other words: similarity {@link RELATED}. */
  readonly related: number;
}

/** The similarity at which texts count as related; the default of `vector.similarityThreshold`. */
export const RELATED = 0.7;

/** The least similarity that makes a hit of what holds no word of a query, where words count too. */
export const SIMILAR_WITHOUT_WORDS = 0.5;

/**
 * By the beginning of a model's stamp, from 60 pairs of paraphrases and all other pairs of the same texts. Others
 * are calibrated by what they make of a few texts, see `calibrate`.
 */
export const CALIBRATIONS: ReadonlyMap<string, Calibration> = new Map([
  ['static-en:', { unrelated: 0.06, related: 0.38 }],
  ['transformers/Xenova/all-MiniLM-L6-v2/', { unrelated: 0.05, related: 0.4 }],
]);

/** 0 to 1: straight from {@link Calibration.unrelated} to `related`, and from there to a cosine of 1. */
export function toSimilarity(cosine: number, { unrelated, related }: Calibration): number {
  if (!(cosine > unrelated)) return 0;
  if (cosine >= 1) return 1;
  if (cosine < related) return (RELATED * (cosine - unrelated)) / (related - unrelated);
  return RELATED + ((1 - RELATED) * (cosine - related)) / (1 - related);
}

/** The least cosine that has at least this similarity; -1 for 0, which all have. */
export function toCosine(similarity: number, { unrelated, related }: Calibration): number {
  if (!(similarity > 0)) return -1;
  if (similarity < RELATED) return unrelated + (similarity / RELATED) * (related - unrelated);
  return related + ((Math.min(1, similarity) - RELATED) / (1 - RELATED)) * (1 - related);
}
