/** No word of a language is longer; what is longer is cut, so that looking it up stays cheap. */
const longestWord = 64;

/** Words whose pieces are remembered: few words make up most of all text. */
const rememberedWords = 20_000;

const mark = /\p{Mn}/u;
/** Control and format characters, halves of surrogate pairs and what Unicode has not assigned. */
const control = /\p{C}/u;
const space = /\s/u;
/** Words of one character: punctuation, symbols, emoji, and scripts written without spaces. */
const single = /[\p{P}\p{S}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;

/**
 * Cuts a text into words the way BERT's uncased models do: lower case, without accents and control
 * characters, punctuation and ideographs as words of their own. So are symbols and emoji, which BERT
 * leaves inside of words.
 */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let word = '';
  const end = (): void => {
    if (word !== '') words.push(word);
    word = '';
  };
  for (const character of text.normalize('NFD').toLowerCase()) {
    const code = character.codePointAt(0)!;
    if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57)) {
      word += character;
    } else if (code < 128 ? code <= 32 : space.test(character)) {
      end();
    } else if (code < 128 ? code !== 127 : single.test(character)) {
      end();
      words.push(character);
    } else if (code >= 128 && !mark.test(character) && !control.test(character)) {
      word += character;
    }
    if (word.length >= longestWord) end();
  }
  end();
  return words;
}

/** Greedy longest-match-first WordPiece over a fixed vocabulary. */
export class WordPiece {
  readonly #ids: ReadonlyMap<string, number>;
  readonly #known = new Map<string, readonly number[]>();

  constructor(vocabulary: readonly string[]) {
    this.#ids = new Map(vocabulary.map((piece, id) => [piece, id]));
  }

  /** The pieces of a text as numbers of rows, in the order of the text; what has none is left out. */
  encode(text: string): number[] {
    const pieces: number[] = [];
    for (const word of splitWords(text)) for (const id of this.#piecesOf(word)) pieces.push(id);
    return pieces;
  }

  #piecesOf(word: string): readonly number[] {
    let pieces = this.#known.get(word);
    if (pieces === undefined) {
      pieces = this.#cut(word);
      if (this.#known.size >= rememberedWords) this.#known.clear();
      this.#known.set(word, pieces);
    }
    return pieces;
  }

  #cut(word: string): readonly number[] {
    const pieces: number[] = [];
    const whole = this.#ids.get(word);
    if (whole !== undefined) return [whole];
    const characters = [...word];
    let start = 0;
    while (start < characters.length) {
      let end = characters.length;
      let id: number | undefined;
      for (; end > start; end -= 1) {
        const piece = characters.slice(start, end).join('');
        id = this.#ids.get(start === 0 ? piece : `##${piece}`);
        if (id !== undefined) break;
      }
      if (id === undefined) end = start + 1;
      else pieces.push(id);
      start = end;
    }
    return pieces;
  }
}
