import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { FFStorageError } from '../../src/shared/errors.ts';

/** `FFstat` and the version of the format, little-endian like all numbers in the file. */
const magic = [0x46, 0x46, 0x73, 0x74, 0x61, 0x74, 1, 0] as const;

/** Magic, length of the description, and the SHA-256 of all that follows the hash. */
const prefixBytes = magic.length + 4 + 32;

/** What the file says about itself, as JSON after the prefix. */
interface Description {
  readonly name: string;
  readonly dimensions: number;
  /** Bits of a number: 2 to 7. */
  readonly bits: number;
  /** Pieces, which are rows. */
  readonly rows: number;
  /** Bytes of the pieces' list: UTF-8, each piece ended by a line feed. */
  readonly pieceBytes: number;
}

/** A static model, unpacked. */
export interface ModelRows {
  readonly stamp: string;
  readonly dimensions: number;
  readonly pieces: readonly string[];
  /** By row: what its values are to be multiplied with. */
  readonly scales: Float32Array;
  /** Row after row, odd numbers: with so few of them, a zero in the middle would be a waste. */
  readonly values: Int8Array;
}

/**
 * Reads the file that `scripts/models/static` writes: description, pieces, one 32-bit scale for each
 * row, and the rows as a stream of numbers of few bits, the lowest bits of each byte first. The
 * numbers stand for -7, -5, -3 ... 5, 7 (with three bits).
 *
 * @throws FFStorageError `corrupt` when a byte is not what was written, or `version` when another
 *   version of the format wrote it
 */
export function readModelFile(file: ArrayBuffer): ModelRows {
  const bytes = new Uint8Array(file);
  const view = new DataView(file);
  if (bytes.length < prefixBytes || magic.some((byte, at) => at < 6 && bytes[at] !== byte)) {
    throw damaged('it does not begin as one');
  }
  if (bytes[6] !== magic[6] || bytes[7] !== magic[7]) {
    throw new FFStorageError(
      `The static embedding model has format ${view.getUint16(6, true)}, and this version of the package reads format ${magic[6]}. The file and the code must come from the same release.`,
      { code: 'version' },
    );
  }
  const hash = bytesToHex(sha256(bytes.subarray(prefixBytes)));
  if (hash !== bytesToHex(bytes.subarray(prefixBytes - 32, prefixBytes))) {
    throw damaged('its checksum does not match');
  }
  const piecesAt = prefixBytes + view.getUint32(magic.length, true);
  const { name, dimensions, bits, rows, pieceBytes } = describe(
    bytes.subarray(prefixBytes, piecesAt),
  );
  const scalesAt = piecesAt + pieceBytes;
  const valuesAt = scalesAt + 4 * rows;
  if (valuesAt + Math.ceil((rows * dimensions * bits) / 8) !== bytes.length)
    throw damaged('its length is wrong');
  const pieces = new TextDecoder().decode(bytes.subarray(piecesAt, scalesAt)).split('\n');
  // What follows the last line feed.
  pieces.pop();
  return {
    stamp: `${name}:${hash.slice(0, 16)}`,
    dimensions,
    pieces,
    // A copy, which is aligned.
    scales: new Float32Array(file.slice(scalesAt, valuesAt)),
    values: unpack(bytes.subarray(valuesAt), bits, rows * dimensions),
  };
}

function describe(json: Uint8Array): Description {
  try {
    return JSON.parse(new TextDecoder().decode(json)) as Description;
  } catch (cause) {
    throw damaged('its description is unreadable', cause);
  }
}

function unpack(stream: Uint8Array, bits: number, count: number): Int8Array {
  const values = new Int8Array(count);
  const mask = (1 << bits) - 1;
  let buffer = 0;
  let buffered = 0;
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    if (buffered < bits) {
      buffer |= stream[at]! << buffered;
      buffered += 8;
      at += 1;
    }
    values[i] = 2 * (buffer & mask) - mask;
    buffer >>>= bits;
    buffered -= bits;
  }
  return values;
}

function damaged(how: string, cause?: unknown): FFStorageError {
  return new FFStorageError(
    `The file of the static embedding model is damaged: ${how}. Check that it is served whole and unchanged.`,
    { code: 'corrupt', cause },
  );
}
