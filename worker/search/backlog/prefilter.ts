import type { FFSearchConfig } from '../../../src/shared/config.ts';
import { fold } from '../analysis/fold.ts';
import type { ParsedQuery } from '../analysis/query.ts';

/** Whether a text may hold a term of a query. Never false where it does; how often else is a matter of speed. */
export type MayMatch = (text: string) => boolean;

/** Of English, stems keep the beginnings of their words; elsewhere they may lose them. */
const LANGUAGES: readonly string[] = ['auto', 'none', 'english'];

const PLAIN = /^[a-z0-9]{3,}$/;

/** `die` stands for dying. */
const IRREGULAR = /^.ie$/;

/** What may stand between the parts of one term: hyphens, dots, apostrophes, the escapes of JSON. */
const BETWEEN = /[^\p{L}\p{N}\s]+/gu;
const BETWEEN_ASCII = /[^a-z0-9\s]+/g;
const NON_ASCII = /[^\0-\x7f]/;

/**
 * A cheap test that most texts fail, so that they need not be taken apart: looking for the beginnings
 * of a query's terms. All texts pass it where that would not be sound.
 */
export function createPrefilter(query: ParsedQuery, config: FFSearchConfig): MayMatch {
  const isSound =
    LANGUAGES.includes(config.language) &&
    config.typoTolerance === 0 &&
    query.terms.every(({ term }) => PLAIN.test(term) && !IRREGULAR.test(term));
  if (!isSound) return () => true;
  const beginnings = new RegExp(query.terms.map(({ term }) => beginningOf(term)).join('|'));
  return (text) => {
    const isAscii = !NON_ASCII.test(text);
    const folded = fold(text).replace(isAscii ? BETWEEN_ASCII : BETWEEN, '');
    return beginnings.test(folded);
  };
}

/** What a stem has in common with each word that it stands for: it may end in another letter or two. */
function beginningOf(stem: string): string {
  return stem.slice(0, Math.min(stem.length - 1, stem.length < 6 ? 3 : 4));
}
