/**
 * `npm run model:static`: makes models/static-en.bin. A quarter of an hour on two cores, most of it
 * for the teacher's opinion of the texts, which is kept in node_modules/.cache/static-model.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { center, principalDirections, project, scaleRows } from './matrix.mjs';
import { packModel } from './pack.mjs';
import { makePairs } from './pairs.mjs';
import { createRandom } from './random.mjs';
import { TEACHER_DIMENSIONS, openTeacher } from './teacher.mjs';
import { readTopics } from './topics.mjs';
import { createTrainer } from './trainer.mjs';
import { chooseVocabulary } from './vocabulary.mjs';

const FILE = new URL('../../../models/static-en.bin', import.meta.url);
/** Where the file has the checksum that its stamp is made of. */
const HASH_AT = 12;
const TOKENIZER = new URL('../../../embed/static/word-piece.ts', import.meta.url);

const SEED = 7;
const DIMENSIONS = 192;
const BITS = 4;
const TEXTS = { seed: SEED, deeds: 28_000, facts: 8_000, examples: 48_000, definitions: 36_000 };
/** Whole words that are given a row of their own. */
const FREQUENT_WORDS = 1_600;

const BATCH = 256;
const EPOCHS = 1;
const RATE = 0.004;
const PAIR_WEIGHT = 0.8;
/** Batches at the end that are measured and not learned from. */
const HELD_OUT = 0.03;

/** @typedef {typeof import('../../../embed/static/word-piece.ts')} Tokenizer */

/** @type {{ module: Tokenizer }} */
const { module: tokenizer } = await runnerImport(fileURLToPath(TOKENIZER), {
  configFile: false,
  logLevel: 'error',
});

const topics = readTopics();
const pairs = makePairs(topics, TEXTS);
const sides = [pairs.map(([message]) => message), pairs.map(([, query]) => query)];
console.log(`${pairs.length} pairs, such as:`);
for (const [message, query] of pairs.slice(0, 5)) console.log(`  ${message}\n    <- ${query}`);

const teacher = await openTeacher();
/** @type {Float32Array[]} */
const taught = [];
for (const texts of sides) taught.push(await teacher.embedTexts(texts));
const directions = principalDirections(
  everyNth(taught[0] ?? new Float32Array(), 8),
  TEACHER_DIMENSIONS,
  DIMENSIONS,
  createRandom(SEED),
);

const { vocabulary, rows } = await firstRows();
const wordPiece = new tokenizer.WordPiece(vocabulary);
train();
const file = packModel({ name: 'static-en', pieces: vocabulary, bits: BITS, rows });
writeFileSync(FILE, file);
const stampFile = new URL('../../../embed/static/stamp.ts', import.meta.url);
const stamp = `static-en:${file.subarray(HASH_AT, HASH_AT + 8).toString('hex')}`;
writeFileSync(
  stampFile,
  readFileSync(stampFile, 'utf8').replace(/'static-en:.*'/, () => `'${stamp}'`),
);
console.log(`${fileURLToPath(FILE)}: ${file.length} bytes, ${vocabulary.length} pieces`);

/**
 * The pieces, and what the teacher says of each of them alone. A piece weighs less the more frequent
 * it is, which BERT's vocabulary shows by its order (the frequency of the nth word is about 1/n).
 */
async function firstRows() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const text of sides.flat()) {
    for (const word of tokenizer.splitWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const { kept, added, emoji } = chooseVocabulary({
    pieces: teacher.pieces,
    counts,
    isKnown: (word) => topics.isCommon(word, 40),
    size: FREQUENT_WORDS,
  });
  const wholeWords = [...added, ...emoji.map(({ meaning }) => meaning)];
  const alone = join([await teacher.embedPieces(kept), await teacher.embedTexts(wholeWords)]);
  // What all of them have in common says nothing about any.
  center(alone, TEACHER_DIMENSIONS);
  const rows = project(alone, TEACHER_DIMENSIONS, directions);
  const zipf = Math.log(teacher.pieces.length);
  scaleRows(rows, DIMENSIONS, (row) => {
    const id = kept[row];
    if (id === undefined) return row < kept.length + added.length ? 1 : 0.5;
    const frequency = 1 / (Math.max(1, id - 990) * zipf);
    return 1e-4 / (1e-4 + frequency);
  });
  const names = kept.map((id) => teacher.pieces[id] ?? '');
  return { vocabulary: [...names, ...added, ...emoji.map(({ character }) => character)], rows };
}

function train() {
  const targets = taught.map((vectors) => {
    const projected = project(vectors, TEACHER_DIMENSIONS, directions);
    scaleRows(projected, DIMENSIONS, () => 1);
    return projected;
  });
  const pieces = sides.map((texts) => texts.map((text) => Int32Array.from(wordPiece.encode(text))));
  const trainer = createTrainer(
    rows,
    DIMENSIONS,
    { pieces, teacher: taught, targets, teacherWidth: TEACHER_DIMENSIONS },
    { batch: BATCH, pairWeight: PAIR_WEIGHT },
  );
  const batches = Array.from({ length: Math.floor(pairs.length / BATCH) }, (_, i) => i * BATCH);
  const heldOut = batches.splice(Math.floor(batches.length * (1 - HELD_OUT)));
  const report = (/** @type {string} */ when) => {
    let [distance, ranking] = [0, 0];
    for (const first of heldOut) {
      const losses = trainer.measure(first);
      distance += losses.distance / heldOut.length;
      ranking += losses.ranking / heldOut.length;
    }
    console.log(
      `${when}: cosine to the teacher ${(1 - distance).toFixed(4)}, cross entropy ${ranking.toFixed(4)}`,
    );
  };
  report('before');
  const random = createRandom(SEED);
  const steps = EPOCHS * batches.length;
  let step = 0;
  for (let epoch = 1; epoch <= EPOCHS; epoch += 1) {
    for (const first of random.shuffle(batches)) {
      step += 1;
      // Warm up, so that Adam's averages mean something; then ever smaller steps.
      trainer.learn(first, RATE * Math.min(1, step / 50) * (1 - step / steps));
    }
    report(`epoch ${epoch}`);
  }
}

/** @param {Float32Array} rows @param {number} n */
function everyNth(rows, n) {
  const chosen = [];
  for (let start = 0; start < rows.length; start += n * TEACHER_DIMENSIONS) {
    chosen.push(...rows.subarray(start, start + TEACHER_DIMENSIONS));
  }
  return Float32Array.from(chosen);
}

/** @param {readonly Float32Array[]} parts */
function join(parts) {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
