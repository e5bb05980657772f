import type { FFSearchLanguage } from '../../../src/shared/search-languages.ts';

/** What is known of a language. */
export interface LanguagePack {
  readonly language: FFSearchLanguage;
  /** Which words are its own. */
  readonly script: RegExp;
  readonly stem: (word: string) => string;
  readonly stopWords: readonly string[];
}

interface Source {
  readonly script: RegExp;
  readonly stemmer?: () => Promise<{ readonly stemmer: (word: string) => string }>;
  readonly stopWords: () => Promise<{ readonly stopwords: readonly string[] }>;
}

const ARABIC = /^\p{Script=Arabic}/u;
const ARMENIAN = /^\p{Script=Armenian}/u;
const CYRILLIC = /^\p{Script=Cyrillic}/u;
const DEVANAGARI = /^\p{Script=Devanagari}/u;
const GREEK = /^\p{Script=Greek}/u;
const LATIN = /^\p{Script=Latin}/u;
const TAMIL = /^\p{Script=Tamil}/u;

/** The specifiers are literals so that bundlers make one file of each, loaded when needed. */
const SOURCES: Readonly<Record<Exclude<FFSearchLanguage, 'auto' | 'none'>, Source>> = {
  arabic: {
    script: ARABIC,
    stemmer: () => import('@orama/stemmers/arabic'),
    stopWords: () => import('@orama/stopwords/arabic'),
  },
  armenian: {
    script: ARMENIAN,
    stemmer: () => import('@orama/stemmers/armenian'),
    stopWords: () => import('@orama/stopwords/armenian'),
  },
  bulgarian: {
    script: CYRILLIC,
    stemmer: () => import('@orama/stemmers/bulgarian'),
    stopWords: () => import('@orama/stopwords/bulgarian'),
  },
  danish: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/danish'),
    stopWords: () => import('@orama/stopwords/danish'),
  },
  dutch: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/dutch'),
    stopWords: () => import('@orama/stopwords/dutch'),
  },
  english: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/english'),
    stopWords: () => import('@orama/stopwords/english'),
  },
  finnish: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/finnish'),
    stopWords: () => import('@orama/stopwords/finnish'),
  },
  french: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/french'),
    stopWords: () => import('@orama/stopwords/french'),
  },
  german: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/german'),
    stopWords: () => import('@orama/stopwords/german'),
  },
  greek: {
    script: GREEK,
    stemmer: () => import('@orama/stemmers/greek'),
    stopWords: () => import('@orama/stopwords/greek'),
  },
  hungarian: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/hungarian'),
    stopWords: () => import('@orama/stopwords/hungarian'),
  },
  indian: {
    script: DEVANAGARI,
    stemmer: () => import('@orama/stemmers/indian'),
    stopWords: () => import('@orama/stopwords/indian'),
  },
  indonesian: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/indonesian'),
    stopWords: () => import('@orama/stopwords/indonesian'),
  },
  irish: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/irish'),
    stopWords: () => import('@orama/stopwords/irish'),
  },
  italian: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/italian'),
    stopWords: () => import('@orama/stopwords/italian'),
  },
  japanese: {
    script: /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u,
    stopWords: () => import('@orama/stopwords/japanese'),
  },
  lithuanian: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/lithuanian'),
    stopWords: () => import('@orama/stopwords/lithuanian'),
  },
  mandarin: {
    script: /^\p{Script=Han}/u,
    stopWords: () => import('@orama/stopwords/mandarin'),
  },
  nepali: {
    script: DEVANAGARI,
    stemmer: () => import('@orama/stemmers/nepali'),
    stopWords: () => import('@orama/stopwords/nepali'),
  },
  norwegian: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/norwegian'),
    stopWords: () => import('@orama/stopwords/norwegian'),
  },
  portuguese: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/portuguese'),
    stopWords: () => import('@orama/stopwords/portuguese'),
  },
  romanian: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/romanian'),
    stopWords: () => import('@orama/stopwords/romanian'),
  },
  russian: {
    script: CYRILLIC,
    stemmer: () => import('@orama/stemmers/russian'),
    stopWords: () => import('@orama/stopwords/russian'),
  },
  sanskrit: {
    script: DEVANAGARI,
    stemmer: () => import('@orama/stemmers/sanskrit'),
    stopWords: () => import('@orama/stopwords/sanskrit'),
  },
  serbian: {
    script: /^[\p{Script=Latin}\p{Script=Cyrillic}]/u,
    stemmer: () => import('@orama/stemmers/serbian'),
    stopWords: () => import('@orama/stopwords/serbian'),
  },
  spanish: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/spanish'),
    stopWords: () => import('@orama/stopwords/spanish'),
  },
  swedish: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/swedish'),
    stopWords: () => import('@orama/stopwords/swedish'),
  },
  tamil: {
    script: TAMIL,
    stemmer: () => import('@orama/stemmers/tamil'),
    stopWords: () => import('@orama/stopwords/tamil'),
  },
  turkish: {
    script: LATIN,
    stemmer: () => import('@orama/stemmers/turkish'),
    stopWords: () => import('@orama/stopwords/turkish'),
  },
  ukrainian: {
    script: CYRILLIC,
    stemmer: () => import('@orama/stemmers/ukrainian'),
    stopWords: () => import('@orama/stopwords/ukrainian'),
  },
};

/** The language that `auto` takes each script for. */
const BY_SCRIPT = [
  'english',
  'russian',
  'greek',
  'arabic',
  'indian',
  'armenian',
  'tamil',
] as const satisfies readonly FFSearchLanguage[];

/** The package leaves it out, though it has `an`. */
const MORE_STOP_WORDS: Readonly<Partial<Record<FFSearchLanguage, readonly string[]>>> = {
  english: ['a'],
};

/** The packs that a setting calls for, at most one for each script. */
export async function loadLanguagePacks(language: FFSearchLanguage): Promise<LanguagePack[]> {
  if (language === 'none') return [];
  if (language === 'auto') return Promise.all(BY_SCRIPT.map(loadPack));
  const pack = await loadPack(language);
  // People everywhere use some English, or write code.
  return pack.script.test('a') ? [pack] : [pack, await loadPack('english')];
}

async function loadPack(language: keyof typeof SOURCES): Promise<LanguagePack> {
  const { script, stemmer: loadStemmer, stopWords } = SOURCES[language];
  const [words, stemming] = await Promise.all([stopWords(), loadStemmer?.()]);
  return {
    language,
    script,
    stem: stemming?.stemmer ?? ((word) => word),
    stopWords: [...words.stopwords, ...(MORE_STOP_WORDS[language] ?? [])],
  };
}
