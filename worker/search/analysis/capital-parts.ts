/** The words of `camelCase` and `HTTPServer`. */
const PART = /[A-Z]+(?![a-z0-9])|[A-Z]?[a-z0-9]+/g;
const CASE_CHANGE = /[a-z0-9][A-Z]|[A-Z]{2}[a-z]/;
/** Other letters would need their own rules for capitals. */
const ENGLISH = /^[A-Za-z0-9]+$/;
const LOWER_CASE = /^[a-z]/;

const MAX_WORD_LENGTH = 40;
const MAX_PARTS = 6;
/** `PhD`, `LaTeX` and random letters have no parts that mean something. */
const MIN_MEAN_LENGTH = 3;

export interface CapitalParts {
  readonly parts: readonly { readonly start: number; readonly end: number }[];
  /** Whether it is surely a name that code gives, such as `getUserName`, and not that of a brand. */
  readonly isIdentifier: boolean;
}

const NONE: CapitalParts = { parts: [], isIdentifier: false };

/** The words in a word whose capitals tell where they begin. Those of a single letter are left out. */
export function capitalParts(text: string, start: number, end: number): CapitalParts {
  if (end - start > MAX_WORD_LENGTH) return NONE;
  const word = text.slice(start, end);
  if (!ENGLISH.test(word) || !CASE_CHANGE.test(word)) return NONE;
  const found = [...word.matchAll(PART)];
  if (found.length > MAX_PARTS || word.length < found.length * MIN_MEAN_LENGTH) return NONE;
  const parts = found
    .filter(([part]) => part.length > 1)
    .map(({ 0: part, index }) => ({
      start: start + index,
      end: start + index + part.length,
    }));
  const least = LOWER_CASE.test(word) ? 2 : 3;
  return { parts, isIdentifier: parts.length >= least };
}
