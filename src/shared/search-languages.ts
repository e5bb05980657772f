/**
 * What `search.language` may be. `auto` tells languages apart by their script, and takes the Latin
 * one for English; `none` finds words as they are written, but for case and accents. `indian` is
 * Hindi. For `japanese` and `mandarin` only stop words are known: their texts have no words to stem.
 */
export const SEARCH_LANGUAGES = [
  'auto',
  'none',
  'arabic',
  'armenian',
  'bulgarian',
  'danish',
  'dutch',
  'english',
  'finnish',
  'french',
  'german',
  'greek',
  'hungarian',
  'indian',
  'indonesian',
  'irish',
  'italian',
  'japanese',
  'lithuanian',
  'mandarin',
  'nepali',
  'norwegian',
  'portuguese',
  'romanian',
  'russian',
  'sanskrit',
  'serbian',
  'spanish',
  'swedish',
  'tamil',
  'turkish',
  'ukrainian',
] as const;

/** How words are brought to one form for search, see {@link SEARCH_LANGUAGES}. */
export type FFSearchLanguage = (typeof SEARCH_LANGUAGES)[number];
