import { capitalParts } from './capital-parts.ts';
import { classAt, CURRENCY, isWordClass } from './characters.ts';
import { readRun, startOfNext, type Run } from './runs.ts';
import { hasGroupedDigits, normalizeNumber, toSegments, type Segment } from './segments.ts';
import type { TokenWriter } from './token-writer.ts';

/** Longer chains are cut, so that a hostile one costs no more than any other. */
const MAX_RUNS = 24;

/** Base64 and the like: so long, and changing so often between letters and digits. */
const MIN_CODE_LENGTH = 20;
const MIN_CODE_CHANGES = 4;
const CODE_CHARACTER = /[A-Za-z0-9+/=_-]/;

/** Articles that French and Italian write together with the word behind them. */
const ELIDED = /^(?:[a-z]|qu|un|[dns]ell|all|dall|sull|quell|jusqu|lorsqu|puisqu)['’]$/i;

const MIN_ELIDED_LENGTH = 3;

/** What stands right before or behind a compound, and belongs to it. */
interface Affixes {
  /** `#`, `@`, `.`, a currency. */
  readonly prefix: string;
  /** `++`, `#`, a currency. */
  readonly suffix: string;
}

/**
 * Adds a word and all that is joined to it without a space: `wi-fi`, `node.js`, `snake_case`, `10kg`,
 * `2026-01-31`, `anna@example.com`. Each part has a position; the whole stands at that of the first,
 * without what joins it, so that it is found however it is written.
 *
 * @param prefix the `#`, `@` or the like right before it that belongs to it
 * @returns the index behind it
 */
export function addCompound(writer: TokenWriter, start: number, prefix = ''): number {
  const { text } = writer;
  const runs: Run[] = [];
  let end = start;
  for (let next = start; next !== -1 && runs.length < MAX_RUNS;) {
    const run = readRun(text, next);
    if (isCode(run)) {
      if (runs.length === 0) return addCode(writer, run);
      break;
    }
    runs.push(run);
    end = run.end;
    next = startOfNext(text, end, run.endsWithDigit);
  }
  const segments = toSegments(text, runs);
  const suffix = suffixAt(text, end, segments.at(-1));
  writeSegments(writer, segments, { prefix, suffix });
  return end + suffix.length;
}

function isCode({ start, end, changes }: Run): boolean {
  return end - start >= MIN_CODE_LENGTH && changes >= MIN_CODE_CHANGES;
}

/** One token for all of it: pieces between its slashes would be a flood of terms. */
function addCode(writer: TokenWriter, { start, end }: Run): number {
  const { text } = writer;
  const term = writer.termOf(text.slice(start, end));
  let last = end;
  while (CODE_CHARACTER.test(text.charAt(last))) last++;
  writer.addTerm(term, start, last);
  writer.position++;
  return last;
}

/** The `++` of `C++`, the `#` of `C#`, the `€` of `20€`. */
function suffixAt(text: string, end: number, last: Segment | undefined): string {
  if (last === undefined) return '';
  if (last.endsWithDigit) {
    return last.numberAt === last.start && classAt(text, end) === CURRENCY ? text.charAt(end) : '';
  }
  const suffix = text.startsWith('++', end) ? '++' : text[end] === '#' ? '#' : '';
  return isWordClass(classAt(text, end + suffix.length)) ? '' : suffix;
}

function writeSegments(
  writer: TokenWriter,
  segments: readonly Segment[],
  { prefix, suffix }: Affixes,
): void {
  // A phrase has one term for each position: the one that says most, but never a whole compound,
  // whose parts may be written as words of their own elsewhere.
  const isPhrase = writer.use === 'phrase';
  if (writer.use === 'query' && prefix === '' && suffix === '' && isWrittenAsOne(segments)) {
    // Who asks for `msg42` does not mean every other `msg`.
    addWholes(writer, segments, 0);
    writer.position += segments.length;
    return;
  }
  for (const [index, segment] of segments.entries()) {
    const isFirst = index === 0;
    const isLast = index === segments.length - 1;
    if (isFirst && prefix !== '') {
      const end = segments.at(-1)?.end ?? segment.end;
      writer.addTerm(prefix + joinedTerm(writer, segments), segment.start - prefix.length, end);
    }
    if (!isPhrase) addWholes(writer, segments, index);
    if (isLast && suffix !== '' && !(isPhrase && isFirst && prefix !== '')) {
      const term = joinedTerm(writer, [segment]);
      const isCurrency = classAt(suffix, 0) === CURRENCY;
      writer.addTerm(
        isCurrency ? suffix + term : term + suffix,
        segment.start,
        segment.end + suffix.length,
      );
    }
    const hasAffix = (isFirst && prefix !== '') || (isLast && suffix !== '');
    if (!(isPhrase && hasAffix)) addSegment(writer, segment, segments.length > 1 || hasAffix);
    writer.position++;
  }
}

/** Whether nothing but a change between letters and digits, or an underscore, tells the parts apart. */
function isWrittenAsOne(segments: readonly Segment[]): boolean {
  return segments.length > 1 && segments.slice(1).every(({ connector }) => /^_*$/.test(connector));
}

/** Adds what is put together from the segment at an index and others: all, or a side of an `@`. */
function addWholes(writer: TokenWriter, segments: readonly Segment[], index: number): void {
  const add = (whole: readonly Segment[]): void => {
    const first = whole[0];
    const last = whole.at(-1);
    if (whole.length < 2 || first === undefined || last === undefined) return;
    writer.addTerm(joinedTerm(writer, whole), first.start, last.end);
  };
  if (index === 0) add(segments);
  if (index > 0 && segments[index]?.connector !== '@') return;
  const next = segments.findIndex(({ connector }, other) => other > index && connector === '@');
  if (index > 0 || next !== -1) add(segments.slice(index, next === -1 ? segments.length : next));
}

/** @param isPart whether a longer term says it better */
function addSegment(writer: TokenWriter, segment: Segment, isPart: boolean): void {
  const { text, use } = writer;
  const { start, end, numberAt, hasPoint, behindApostrophe } = segment;
  if (!(use === 'query' && isPart && end - start === 1)) {
    writer.addTerm(joinedTerm(writer, [segment]), start, end);
  }
  if (use === 'phrase') return;
  if (hasPoint) {
    if (numberAt > start) {
      writer.addTerm(writer.termOf(normalizeNumber(text.slice(numberAt, end))), numberAt, end);
    } else if (use === 'text') {
      addDigitGroups(writer, start, end);
    }
  } else if (behindApostrophe === -1) {
    const { parts, isIdentifier } = capitalParts(text, start, end);
    if (use === 'query' && !isIdentifier) return;
    for (const part of parts) {
      writer.addTerm(writer.termOf(text.slice(part.start, part.end)), part.start, part.end);
    }
  } else if (
    end - behindApostrophe >= MIN_ELIDED_LENGTH &&
    ELIDED.test(text.slice(start, behindApostrophe))
  ) {
    writer.addTerm(writer.termOf(text.slice(behindApostrophe, end)), behindApostrophe, end);
  }
}

/** The parts of dates, versions and addresses: `31.01.2026`. */
function addDigitGroups(writer: TokenWriter, start: number, end: number): void {
  const number = writer.text.slice(start, end);
  if (hasGroupedDigits(number)) return;
  let from = start;
  for (const group of number.split(/[.,]/)) {
    writer.addTerm(writer.termOf(group), from, from + group.length);
    from += group.length + 1;
  }
}

/** The term of segments written as one, however they were joined: `wifi` of `wi-fi`. */
function joinedTerm({ text, termOf }: TokenWriter, segments: readonly Segment[]): string {
  const [first] = segments;
  const isHost =
    segments.length > 2 && first !== undefined && /^www$/i.test(text.slice(first.start, first.end));
  let joined = '';
  let before: Segment | undefined;
  for (const segment of isHost ? segments.slice(1) : segments) {
    if (before !== undefined) joined += joint(before, segment);
    const written = text.slice(segment.start, segment.end);
    joined += segment.hasPoint ? normalizeNumber(written) : written;
    before = segment;
  }
  return termOf(joined);
}

/** What is between two segments and makes a difference: 10:30 is not 1030. */
function joint(before: Segment, { connector, startsWithDigit }: Segment): string {
  if (connector === '&' || connector === '@') return connector;
  if (!before.endsWithDigit || !startsWithDigit || connector.startsWith('_')) return '';
  return /^[.,:/]?$/.test(connector) ? connector : '-';
}
