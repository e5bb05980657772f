import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AutoModel, AutoTokenizer, Tensor, env } from '@huggingface/transformers';
import { MINILM_MODEL, MODELS_FOLDER, provideMiniLm } from '../minilm.mjs';

/** Dimensions of the teacher's vectors. */
export const TEACHER_DIMENSIONS = 384;

const CACHE = new URL('../../../node_modules/.cache/static-model/', import.meta.url);
const BATCH = 64;
/** Pieces of a text beyond which the teacher does not read: what is taught is short. */
const LONGEST = 128;
/** Tokens of BERT that begin and end a text. */
const [CLS, SEP] = [101n, 102n];

/** @typedef {{ data: Float32Array, dims: number[] }} Hidden */

/**
 * The sentence model that the static model learns from. What it says of a list of texts is kept on
 * disk: it takes minutes.
 */
export async function openTeacher() {
  await provideMiniLm();
  env.localModelPath = fileURLToPath(MODELS_FOLDER);
  env.allowRemoteModels = false;
  const tokenizer = await AutoTokenizer.from_pretrained(MINILM_MODEL);
  const model = await AutoModel.from_pretrained(MINILM_MODEL, { dtype: 'q8' });

  /** Pieces of the teacher's vocabulary, by number. */
  const file = new URL(`${MINILM_MODEL}/tokenizer.json`, MODELS_FOLDER);
  /** @type {Record<string, number>} */
  const numbers = JSON.parse(readFileSync(file, 'utf8')).model.vocab;
  /** @type {string[]} */
  const pieces = [];
  for (const [piece, number] of Object.entries(numbers)) pieces[number] = piece;

  return {
    pieces,

    /**
     * Vectors of length one.
     *
     * @param {readonly string[]} texts
     * @returns {Promise<Float32Array>}
     */
    embedTexts: (texts) =>
      remember('texts', texts, async (vectors) => {
        // Texts of one length waste no time on padding.
        const order = [...texts.keys()].sort((a, b) => lengthOf(texts, a) - lengthOf(texts, b));
        for (let start = 0; start < order.length; start += BATCH) {
          const batch = order.slice(start, start + BATCH);
          const input = tokenizer(
            batch.map((index) => texts[index] ?? ''),
            { padding: true, truncation: true, max_length: LONGEST },
          );
          const { last_hidden_state: hidden } = await model(input);
          for (const [at, index] of batch.entries()) {
            average(hidden, at, input.attention_mask.data, rowOf(vectors, index));
          }
          if (start % (BATCH * 200) === 0) console.log(`teacher: ${start} of ${order.length}`);
        }
      }),

    /**
     * Vectors of single pieces, as if each were a text.
     *
     * @param {readonly number[]} ids
     * @returns {Promise<Float32Array>}
     */
    embedPieces: (ids) =>
      remember('pieces', ids.map(String), async (vectors) => {
        for (let start = 0; start < ids.length; start += BATCH) {
          const batch = ids.slice(start, start + BATCH);
          const shape = [batch.length, 3];
          const length = batch.length * 3;
          const ones = new BigInt64Array(length).fill(1n);
          const { last_hidden_state: hidden } = await model({
            input_ids: new Tensor(
              'int64',
              BigInt64Array.from(batch.flatMap((id) => [CLS, BigInt(id), SEP])),
              shape,
            ),
            attention_mask: new Tensor('int64', ones, shape),
            token_type_ids: new Tensor('int64', new BigInt64Array(length), shape),
          });
          for (const at of batch.keys()) average(hidden, at, ones, rowOf(vectors, start + at));
        }
      }),
  };
}

/**
 * @param {string} kind
 * @param {readonly string[]} inputs
 * @param {(vectors: Float32Array) => Promise<void>} compute fills a row for each input
 * @returns {Promise<Float32Array>}
 */
async function remember(kind, inputs, compute) {
  const hash = createHash('sha256').update(JSON.stringify([MINILM_MODEL, kind, inputs]));
  const file = new URL(`${hash.digest('hex').slice(0, 16)}.f32`, CACHE);
  if (existsSync(file)) {
    const bytes = Uint8Array.from(readFileSync(file));
    return new Float32Array(bytes.buffer);
  }
  const vectors = new Float32Array(inputs.length * TEACHER_DIMENSIONS);
  await compute(vectors);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(file, new Uint8Array(vectors.buffer));
  return vectors;
}

/**
 * The mean over the pieces of a text, normalised.
 *
 * @param {Hidden} hidden
 * @param {number} at which text of the batch
 * @param {BigInt64Array} mask 1 where there is a piece
 * @param {Float32Array} vector
 */
function average({ data, dims }, at, mask, vector) {
  const length = dims[1] ?? 0;
  for (let piece = at * length; piece < (at + 1) * length; piece += 1) {
    if (mask[piece] !== 1n) continue;
    const start = piece * TEACHER_DIMENSIONS;
    for (let i = 0; i < TEACHER_DIMENSIONS; i += 1) {
      vector[i] = (vector[i] ?? 0) + (data[start + i] ?? 0);
    }
  }
  let squares = 0;
  for (const value of vector) squares += value * value;
  for (let i = 0; i < TEACHER_DIMENSIONS; i += 1) {
    vector[i] = (vector[i] ?? 0) / Math.sqrt(squares);
  }
}

/** @param {Float32Array} vectors @param {number} index */
function rowOf(vectors, index) {
  return vectors.subarray(index * TEACHER_DIMENSIONS, (index + 1) * TEACHER_DIMENSIONS);
}

/** @param {readonly string[]} texts @param {number} index */
function lengthOf(texts, index) {
  return texts[index]?.length ?? 0;
}
