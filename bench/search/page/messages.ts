import { createRandom } from './random.ts';

/** A message as every system gets it; about 405 bytes as JSON. */
export interface SeededMessage {
  /** As long as a ULID. */
  readonly messageId: string;
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly timestamp: string;
}

/** Messages of one session that are added at once. */
export interface Batch {
  readonly session: string;
  readonly messages: SeededMessage[];
}

const SESSIONS = 100;

/** Of all messages, those in the first session. */
const LARGEST_SHARE = 0.1;

const BATCH = 1_000;
const START_TIME = Date.parse('2025-01-01T00:00:00Z');

const MIN_LENGTH = 190;
const MAX_LENGTH = 385;
const SENTENCE_WORDS = 12;

const VOCABULARY = 20_000;

/** They lead the ranks, as they do in every English text. */
const FUNCTION_WORDS =
  'the to i you and a it of that is in we for have on do be not this with my so can but was if are just what me they at or all there like your about would get up one out know how when as will from then more';

const ONSETS = 'b c d f g h j k l m n p r s t v w br ch cl dr fl gr pl pr sh sp st th tr'.split(
  ' ',
);
const NUCLEI = 'a e i o u ai ea oo ou'.split(' ');
const CODAS = ['', '', '', 'l', 'm', 'n', 'r', 's', 't', 'ck', 'nd', 'rt', 'st'];

/** Words by their rank: the frequent ones are short. */
const vocabulary = makeVocabulary();

/** Up to which share of a text's words those up to a rank come; a word's share is 1 / (rank + 2). */
const cumulated = makeCumulated();

/** Seeded messages in batches of their sessions; the same for the same count. */
export function makeBatches(count: number): Batch[] {
  const random = createRandom(1);
  const batches: Batch[] = [];
  const largest = Math.round(count * LARGEST_SHARE);
  for (let session = 0, from = 0; session < SESSIONS; session++) {
    const rest = SESSIONS - session;
    const size = session === 0 ? largest : Math.round((count - from) / rest);
    for (let start = from; start < from + size; start += BATCH) {
      const length = Math.min(BATCH, from + size - start);
      const messages = Array.from({ length }, (_, index) => makeMessage(random, start + index));
      batches.push({ session: `session-${session}`, messages });
    }
    from += size;
  }
  return batches;
}

/**
 * Queries of one to four words, common and rare ones. Function words are left out: only some of the
 * systems know them, and would answer queries of nothing else for free.
 */
export function makeQueries(count: number): string[] {
  const random = createRandom(2);
  const bands = [
    { from: 80, to: 500 },
    { from: 500, to: 4_000 },
    { from: 4_000, to: VOCABULARY },
  ];
  return Array.from({ length: count }, (_, index) => {
    const words = Array.from({ length: 1 + (index % 4) }, () => {
      const { from, to } = pick(random, bands);
      return vocabulary[from + Math.floor(random() * (to - from))];
    });
    return words.join(' ');
  });
}

function makeMessage(random: () => number, number: number): SeededMessage {
  return {
    messageId: `01K${number.toString(36).padStart(23, '0')}`,
    role: number % 2 === 0 ? 'user' : 'assistant',
    content: makeText(random),
    timestamp: new Date(START_TIME + number * 60_000).toISOString(),
  };
}

function makeText(random: () => number): string {
  const length = MIN_LENGTH + random() * (MAX_LENGTH - MIN_LENGTH);
  let text = '';
  let isStart = true;
  while (text.length < length) {
    const word = vocabulary[rankAt(random())] ?? '';
    text += `${text === '' ? '' : ' '}${isStart ? capitalize(word) : word}`;
    isStart = random() < 1 / SENTENCE_WORDS;
    if (isStart) text += random() < 0.8 ? '.' : '?';
    else if (random() < 0.05) text += ',';
  }
  return text;
}

function rankAt(share: number): number {
  let low = 0;
  let high = cumulated.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulated[middle] ?? 1) < share) low = middle + 1;
    else high = middle;
  }
  return low;
}

function makeVocabulary(): string[] {
  const random = createRandom(3);
  const words = new Set(FUNCTION_WORDS.split(' '));
  while (words.size < VOCABULARY) {
    const syllables = 1 + Math.floor(random() * Math.min(4, 1 + words.size / 500));
    let word = '';
    for (let index = 0; index < syllables; index++) {
      word += pick(random, ONSETS) + pick(random, NUCLEI) + pick(random, CODAS);
    }
    if (word.length > 2) words.add(word);
  }
  return [...words];
}

function makeCumulated(): Float64Array {
  const sums = new Float64Array(VOCABULARY);
  let sum = 0;
  for (let rank = 0; rank < VOCABULARY; rank++) {
    sum += 1 / (rank + 2);
    sums[rank] = sum;
  }
  return sums.map((value) => value / sum);
}

function pick<T>(random: () => number, list: readonly T[]): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new Error('There is nothing to pick from.');
  return item;
}

function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
