import { readModelFile } from './model-file.ts';
import { WordPiece } from './word-piece.ts';

/**
 * What is beyond is not embedded: the mean of so many words says little, and a text of megabytes
 * would hold up the others.
 */
const longestText = 20_000;

/** A model without layers: a text's vector is the sum of its pieces' rows, normalised. */
export interface StaticModel {
  /** Names the file: vectors of models with different stamps cannot be compared. */
  readonly stamp: string;
  readonly dimensions: number;
  /**
   * `texts.length` vectors of length one, one after the other. A text without words has a vector of
   * zeros, which is similar to nothing.
   */
  embed(texts: readonly string[]): Float32Array;
}

/**
 * The model in the bytes of a file such as `models/static-en.bin`.
 *
 * @throws FFStorageError `corrupt` or `version` when they are not such a file
 */
export function loadStaticModel(bytes: ArrayBuffer): StaticModel {
  const { stamp, dimensions, pieces, scales, values } = readModelFile(bytes);
  const wordPiece = new WordPiece(pieces);

  const addText = (text: string, sum: Float32Array): void => {
    for (const row of wordPiece.encode(text.slice(0, longestText))) {
      const scale = scales[row]!;
      const start = row * dimensions;
      for (let i = 0; i < dimensions; i += 1) sum[i]! += scale * values[start + i]!;
    }
  };

  return {
    stamp,
    dimensions,
    embed(texts) {
      const vectors = new Float32Array(texts.length * dimensions);
      for (const [index, text] of texts.entries()) {
        const vector = vectors.subarray(index * dimensions, (index + 1) * dimensions);
        addText(text, vector);
        normalize(vector);
      }
      return vectors;
    },
  };
}

function normalize(vector: Float32Array): void {
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (squares === 0) return;
  const factor = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i += 1) vector[i]! *= factor;
}
