import type { Token, TokenUse } from './token.ts';
import type { WordTerms } from './word-terms.ts';

/** The tokens of a text while it is being read. */
export class TokenWriter {
  readonly tokens: Token[] = [];
  readonly text: string;
  readonly use: TokenUse;
  readonly termOf: WordTerms;
  /** Where the next word will be. */
  position = 0;

  constructor(text: string, use: TokenUse, termOf: WordTerms) {
    this.text = text;
    this.use = use;
    this.termOf = termOf;
  }

  /** Adds a word that stands alone. */
  addWord(start: number, end: number): void {
    this.addTerm(this.termOf(this.text.slice(start, end)), start, end);
    this.position++;
  }

  /** Adds a term at {@link position} or behind, unless it is there already or has no letters. */
  addTerm(term: string, start: number, end: number, position = this.position): void {
    if (term === '') return;
    for (let index = this.tokens.length - 1; index >= 0; index--) {
      const token = this.tokens[index];
      if (token === undefined || token.position < position) break;
      if (token.position === position && token.term === term) return;
    }
    this.tokens.push({ term, start, end, position });
  }
}
