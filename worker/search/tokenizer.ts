import { components } from '@orama/orama';
import type { FFSearchLanguage } from '../../src/shared/config.ts';

/** A term of a text, and the range of UTF-16 units that it stands for. */
export interface Token {
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

/** Letters, digits and the marks that belong to them, with apostrophes inside: `don't`, `naïve`, `v2`. */
const WORD = /[\p{L}\p{N}_][\p{L}\p{N}\p{M}_]*(?:['’][\p{L}\p{N}\p{M}]+)*/gu;

/** Scripts that put no spaces between words; those of Japanese with the marks that they share, `ー`. */
const UNSPACED =
  /[\p{Script=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;

/** Accents of the Latin, Greek and Cyrillic scripts. Marks of other scripts carry vowels and stay. */
const ACCENTS = /[\u0300-\u036f]/g;

/** Words longer than this (keys, base64) are found by their beginning. */
const MAX_TERM_LENGTH = 64;

/**
 * Splits texts and queries into terms, both in the same way: case and accents are folded, words are
 * reduced to their stem, and scripts without spaces are cut into overlapping pairs of characters.
 */
export class TextAnalyzer {
  readonly #stem: (word: string) => string;

  constructor(language: FFSearchLanguage) {
    this.#stem = language === 'none' ? (word) => word : createEnglishStemmer();
  }

  /** @param use a query is for whole runs of an unspaced script, a text also for their last character */
  tokenize(text: string, use: 'text' | 'query'): Token[] {
    const tokens: Token[] = [];
    for (const match of text.matchAll(WORD)) {
      const [word] = match;
      let spacedFrom = 0;
      for (const run of word.matchAll(UNSPACED)) {
        this.#addWord(tokens, word.slice(spacedFrom, run.index), match.index + spacedFrom);
        addPairs(tokens, run[0], match.index + run.index, use);
        spacedFrom = run.index + run[0].length;
      }
      this.#addWord(tokens, word.slice(spacedFrom), match.index + spacedFrom);
    }
    return tokens;
  }

  #addWord(tokens: Token[], word: string, start: number): void {
    if (word === '') return;
    const term = this.#stem(fold(word)).slice(0, MAX_TERM_LENGTH);
    if (term !== '') tokens.push({ term, start, end: start + word.length });
  }
}

function fold(word: string): string {
  return word
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/'s?$/, '');
}

/**
 * Overlapping pairs of characters. In a text the last character stands alone as well, so that, like
 * every other one, it is the beginning of a term and found by a query of one character.
 */
function addPairs(tokens: Token[], run: string, start: number, use: 'text' | 'query'): void {
  let at = start;
  const characters = [...run];
  for (const [index, character] of characters.entries()) {
    const next = characters[index + 1];
    if (next === undefined && use === 'query' && characters.length > 1) return;
    const pair = character + (next ?? '');
    tokens.push({ term: fold(pair), start: at, end: at + pair.length });
    at += character.length;
  }
}

/** Orama's own stemmer, on words that it was made for. */
function createEnglishStemmer(): (word: string) => string {
  const { stemmer } = components.tokenizer.createTokenizer({ language: 'english', stemming: true });
  return (word) => (stemmer !== undefined && /^[a-z']+$/.test(word) ? stemmer(word) : word);
}
