/** Stands before a name or an example: no sentence ends there. */
const LEADS_ON = new Set(
  'dr mr mrs ms mx prof rev hon gen col sgt capt lt st mt fr sen rep gov e.g i.e eg ie vs cf viz approx incl z.b d.h u.a bzw ca bspw evtl ggf hr'.split(
    ' ',
  ),
);

/** May end a sentence; it does when a capital follows. */
const ABBREVIATIONS = new Set(
  'inc corp ltd llc co bros dept est jr sr etc al a.m p.m am pm u.s u.k e.u u.n d.c ph.d m.d b.a m.a usw jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun min max avg sec hrs hr ft oz lb lbs tbsp tsp str'.split(
    ' ',
  ),
);

/** Stands before a number. */
const NUMBERED = new Set(
  'no nr fig vol ch pp p art sec jan feb mar apr jun jul aug sep sept oct nov dec'.split(' '),
);

/** In German an ordinal ends with a full stop: "am 5. Mai". */
const GERMAN_MONTH = /^(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)/;

const END = /[.!?…。！？｡।؟]+["'”’)\]»」』）]*/g;

/**
 * Splits a line into its sentences. Scripts whose full stop needs no space after it are split too; a
 * line without any stop is one sentence. Joined, the sentences hold all of the line but spaces and
 * the marks of a quotation that is split.
 */
export function splitSentences(line: string): string[] {
  const sentences: string[] = [];
  let from = 0;
  for (const match of line.matchAll(END)) {
    const end = match.index + match[0].length;
    if (!endsSentence(line, from, match.index, end, match[0])) continue;
    push(sentences, line.slice(from, end));
    from = end;
  }
  push(sentences, line.slice(from));
  return sentences;
}

function push(sentences: string[], text: string): void {
  const sentence = withoutLoneQuote(text.trim());
  if (sentence !== '') sentences.push(sentence);
}

/** A quotation of several sentences leaves the first without its closing mark, and the last without the other. */
function withoutLoneQuote(sentence: string): string {
  const marks = sentence.match(/["“”]/g) ?? [];
  if (marks.length !== 1) return sentence;
  return sentence.replace(/^["“”]|["“”]$/, '');
}

function endsSentence(line: string, from: number, at: number, end: number, mark: string): boolean {
  if (/[。！？｡]/.test(mark)) return true;
  if (end < line.length && !/\s/.test(line.charAt(end))) return false;
  const next = nextWord(line, end);
  if (next === '') return false;
  // "Well... maybe", and "Really?" she asked.
  if (/^\p{Ll}/u.test(next) && /\.{2}|…|["'”’)\]»」』）]$/.test(mark)) return false;
  return mark !== '.' || !isAbbreviation(wordBefore(line, from, at), next);
}

function isAbbreviation(word: string, next: string): boolean {
  const lower = word.toLowerCase();
  if (LEADS_ON.has(lower)) return true;
  if (ABBREVIATIONS.has(lower)) return !/^["'“‘(]?\p{Lu}/u.test(next) || /^\p{Lu}\.?$/u.test(next);
  if (NUMBERED.has(lower)) return /^\d/.test(next);
  if (/^\d{1,2}$/.test(word)) return GERMAN_MONTH.test(next);
  return word !== 'I' && /^(?:\p{Lu}\.){0,3}\p{Lu}$/u.test(word);
}

/** Words are shorter than this, so that looking at each full stop costs no more than a glance. */
const GLANCE = 24;

function wordBefore(line: string, from: number, at: number): string {
  return /[\p{L}\p{N}.]+$/u.exec(line.slice(Math.max(from, at - GLANCE), at))?.[0] ?? '';
}

function nextWord(line: string, end: number): string {
  return /\S+/.exec(line.slice(end, end + GLANCE))?.[0] ?? '';
}
