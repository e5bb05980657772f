import { readFileSync } from 'node:fs';

/**
 * An 8-bit tensor: a value is `scale * (byte - zeroPoint)`.
 *
 * @typedef {{
 *   readonly shape: number[],
 *   readonly bytes: Uint8Array,
 *   readonly scale: number,
 *   readonly min: number,
 * }} QuantizedTensor
 */

/**
 * @typedef {{
 *   name: string,
 *   shape: number[],
 *   dtype: string,
 *   quantization?: { dtype: string, min: number, scale: number },
 * }} WeightEntry
 */

/**
 * Reads the 8-bit weights of a TensorFlow.js graph model, by name. What is not quantized are constants
 * of the graph, which are left out.
 *
 * @param {URL} folder
 * @returns {Map<string, QuantizedTensor>}
 */
export function readQuantizedWeights(folder) {
  /** @type {{ weightsManifest: { paths: string[], weights: WeightEntry[] }[] }} */
  const { weightsManifest } = JSON.parse(readFileSync(new URL('model.json', folder), 'utf8'));
  const tensors = new Map();
  for (const { paths, weights } of weightsManifest) {
    const bytes = Buffer.concat(paths.map((path) => readFileSync(new URL(path, folder))));
    let offset = 0;
    for (const { name, shape, dtype, quantization } of weights) {
      const count = shape.reduce((product, size) => product * size, 1);
      if (quantization === undefined) {
        if (dtype !== 'int32' && dtype !== 'float32')
          throw new Error(`${name} is of type ${dtype}.`);
        offset += count * 4;
        continue;
      }
      if (quantization.dtype !== 'uint8') throw new Error(`${name} is not of 8 bits.`);
      const { min, scale } = quantization;
      tensors.set(name, { shape, bytes: bytes.subarray(offset, offset + count), scale, min });
      offset += count;
    }
    if (offset !== bytes.length)
      throw new Error(`${folder.href} has ${bytes.length - offset} bytes too many.`);
  }
  return tensors;
}

/**
 * @param {QuantizedTensor} tensor
 * @returns {Float32Array<ArrayBuffer>}
 */
export function dequantize({ bytes, scale, min }) {
  return Float32Array.from(bytes, (byte) => byte * scale + min);
}

/**
 * The byte that stands for zero. It is whole in what TensorFlow.js writes for ranges around zero.
 *
 * @param {QuantizedTensor} tensor
 */
export function zeroPointOf({ min, scale }) {
  const zeroPoint = Math.round(-min / scale);
  if (zeroPoint < 0 || zeroPoint > 255 || Math.abs(zeroPoint + min / scale) > 1e-3) {
    throw new Error(`A range that begins at ${min} in steps of ${scale} has no byte for zero.`);
  }
  return zeroPoint;
}
