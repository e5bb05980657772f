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

/** Making one costs milliseconds, which every search would pay. */
const analyzers = new Map<FFSearchLanguage, Promise<TextAnalyzer>>();

/** Loads what is known of a language, the first time. */
export function createAnalyzer(language: FFSearchLanguage): Promise<TextAnalyzer> {
  let analyzer = analyzers.get(language);
  if (analyzer === undefined) {
    analyzer = makeAnalyzer(language);
    analyzers.set(language, analyzer);
    // It may have been a chunk of the package that could not be fetched.
    analyzer.catch(() => analyzers.delete(language));
  }
  return analyzer;
}

async function makeAnalyzer(language: FFSearchLanguage): Promise<TextAnalyzer> {
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
