import { createHash } from 'node:crypto';

/** What `embed/static/model-file.ts` expects at the beginning: a name and the format's version. */
const MAGIC = Buffer.from('FFstat\x01\0', 'latin1');

/**
 * The steps, in standard deviations, that cost a normal distribution the least squared error when it
 * is cut into 2^bits equal steps (Max, Quantizing for Minimum Distortion, 1960).
 */
const BEST_STEPS = /** @type {Record<number, number>} */ ({ 2: 0.9957, 3: 0.586, 4: 0.3352 });

/**
 * The scale of a row and the odd numbers that, multiplied with it, stand for its values.
 *
 * @param {Float32Array} row
 * @param {number} bits 2 to 4
 * @param {Int8Array} levels where they are written
 * @returns {number}
 */
export function quantize(row, bits, levels) {
  let squares = 0;
  for (const value of row) squares += value * value;
  const step = (BEST_STEPS[bits] ?? 0) * Math.sqrt(squares / row.length) || 1e-9;
  const largest = 2 ** bits - 1;
  for (let i = 0; i < row.length; i += 1) {
    const level = 2 * Math.floor((row[i] ?? 0) / step) + 1;
    levels[i] = level > largest ? largest : level < -largest ? -largest : level;
  }
  return step / 2;
}

/**
 * The file that `embed/static/model-file.ts` reads.
 *
 * @param {object} model
 * @param {string} model.name
 * @param {readonly string[]} model.pieces
 * @param {number} model.bits
 * @param {Float32Array} model.rows one row for each piece
 * @returns {Buffer}
 */
export function packModel({ name, pieces, bits, rows }) {
  const dimensions = rows.length / pieces.length;
  const pieceList = Buffer.from(pieces.map((piece) => `${piece}\n`).join(''));
  const description = Buffer.from(
    JSON.stringify({ name, dimensions, bits, rows: pieces.length, pieceBytes: pieceList.length }),
  );
  const scales = new Float32Array(pieces.length);
  const levels = new Int8Array(rows.length);
  for (let row = 0; row < pieces.length; row += 1) {
    const [start, end] = [row * dimensions, (row + 1) * dimensions];
    scales[row] = quantize(rows.subarray(start, end), bits, levels.subarray(start, end));
  }
  const body = Buffer.concat([
    description,
    pieceList,
    Buffer.from(scales.buffer),
    packLevels(levels, bits),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(description.length);
  return Buffer.concat([MAGIC, length, createHash('sha256').update(body).digest(), body]);
}

/**
 * @param {Int8Array} levels
 * @param {number} bits
 */
function packLevels(levels, bits) {
  const stream = Buffer.alloc(Math.ceil((levels.length * bits) / 8));
  const largest = 2 ** bits - 1;
  let buffer = 0;
  let buffered = 0;
  let at = 0;
  for (const level of levels) {
    buffer |= ((level + largest) / 2) << buffered;
    buffered += bits;
    while (buffered >= 8) {
      stream[at++] = buffer & 255;
      buffer >>>= 8;
      buffered -= 8;
    }
  }
  if (buffered > 0) stream[at] = buffer;
  return stream;
}
