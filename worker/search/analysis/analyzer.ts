import type { FFSearchLanguage } from '../../../src/shared/search-languages.ts';
import { loadLanguagePacks } from './language-packs.ts';
import type { Token, TokenUse } from './token.ts';
import { tokenize } from './tokenizer.ts';
import { createWordTerms, foldWord } from './word-terms.ts';

export type { Token, TokenUse } from './token.ts';

/** To be raised with every change, also of the packages of stemmers, that gives other terms. */
const VERSION = 1;

/** Turns texts and queries into terms, both in the same way. */
export interface TextAnalyzer {
  /** Changes whenever the same text might give other terms, so that an index knows to be rebuilt. */
  readonly stamp: string;
  /**
   * Tokens in ascending order of start and of position, in time linear in the length of the text.
   *
   * @param use `text` by default
   */
  tokenize(text: string, use?: TokenUse): Token[];
  /** @param word as it is written, not its term */
  isStopWord(word: string): boolean;
}

/** Loads what is known of a language. */
export async function createAnalyzer(language: FFSearchLanguage): Promise<TextAnalyzer> {
  const packs = await loadLanguagePacks(language);
  const termOf = createWordTerms(packs);
  const stopWords = new Set(packs.flatMap((pack) => pack.stopWords.map(foldWord)));
  // The lists have marks that no word is left of.
  stopWords.delete('');
  return {
    stamp: `${VERSION}:${language}`,
    tokenize: (text, use = 'text') => tokenize(text, use, termOf),
    isStopWord: (word) => stopWords.has(foldWord(word)),
  };
}
