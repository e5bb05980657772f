import { EMOJI, MODERN_WORDS } from './modern-words.mjs';

/**
 * Pieces of BERT's vocabulary that no English chat has: reserved ones, and fragments of several
 * characters in other scripts. Single characters stay, as what is left of words in other languages.
 *
 * @param {string} piece
 * @param {number} id
 */
function isUseful(piece, id) {
  if (id < 999 && /^\[.+\]$/.test(piece)) return false;
  const text = piece.replace(/^##/, '');
  return /^(?:[a-z]+|[0-9]+)$/.test(text) || [...text].length === 1;
}

/**
 * The pieces of the static model: BERT's, and whole words that BERT would cut.
 *
 * @param {object} from
 * @param {readonly string[]} from.pieces BERT's, by number
 * @param {ReadonlyMap<string, number>} from.counts how often each word is in the texts to learn from
 * @param {(word: string) => boolean} from.isKnown whether it is a word that most people know
 * @param {number} from.size of words to add by count
 * @returns {{ kept: number[], added: string[], emoji: { character: string, meaning: string }[] }}
 */
export function chooseVocabulary({ pieces, counts, isKnown, size }) {
  const kept = [...pieces.keys()].filter((id) => isUseful(pieces[id] ?? '', id));
  const present = new Set(kept.map((id) => pieces[id] ?? ''));
  const added = MODERN_WORDS.filter((word) => !present.has(word));
  for (const word of added) present.add(word);
  const frequent = [...counts]
    .filter(([word]) => /^[a-z]{4,}$/.test(word) && !present.has(word) && isKnown(word))
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, size)
    .map(([word]) => word);
  return { kept, added: [...added, ...frequent], emoji: EMOJI };
}
