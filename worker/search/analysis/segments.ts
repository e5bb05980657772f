import type { Run } from './runs.ts';

/** A part of a compound that has a position of its own: a word, or a number. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  /** Between it and the one before it; empty where nothing is. */
  readonly connector: string;
  readonly startsWithDigit: boolean;
  readonly endsWithDigit: boolean;
  /** Where the number that it ends with begins; -1 when it ends with none, or has several. */
  readonly numberAt: number;
  /** Whether that number has a point or a comma. */
  readonly hasPoint: boolean;
  /** Behind the first apostrophe; -1 without one. */
  readonly behindApostrophe: number;
}

/** Before a number, so many letters are a word, as in `iPhone12`, and not a part of it, as in `v2`. */
const MIN_LETTERS = 3;

const ORDINAL_ENDING = /^(?:st|nd|rd|th)$/i;
const THOUSANDS = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;

/** Tells numbers from the words that they are written together with, and keeps `3.14` in one. */
export function toSegments(text: string, runs: readonly Run[]): Segment[] {
  const segments: Segment[] = [];
  for (const run of runs) {
    const before = segments.at(-1);
    const connector = before === undefined ? '' : text.slice(before.end, run.start);
    for (const part of splitRun(text, run, connector)) {
      const last = segments.at(-1);
      if (last !== undefined && goesOn(last, part)) {
        segments[segments.length - 1] = { ...last, end: part.end, hasPoint: true };
      } else {
        segments.push(part);
      }
    }
  }
  return segments;
}

/** A number in one form: points where there are commas, but for those that group the digits. */
export function normalizeNumber(number: string): string {
  return THOUSANDS.test(number) ? number.replaceAll(',', '') : number.replaceAll(',', '.');
}

export function hasGroupedDigits(number: string): boolean {
  return THOUSANDS.test(number);
}

function splitRun(text: string, run: Run, connector: string): Segment[] {
  const { start, end, changes, firstChange, startsWithDigit, endsWithDigit } = run;
  const isNumber = startsWithDigit && changes === 0;
  const whole: Segment = {
    start,
    end,
    connector,
    startsWithDigit,
    endsWithDigit,
    numberAt: isNumber ? start : -1,
    hasPoint: false,
    behindApostrophe: run.behindApostrophe,
  };
  if (changes !== 1) return [whole];
  const first = { ...whole, end: firstChange, endsWithDigit: startsWithDigit };
  const second = { ...whole, start: firstChange, connector: '', startsWithDigit: endsWithDigit };
  if (startsWithDigit) {
    return ORDINAL_ENDING.test(text.slice(firstChange, end))
      ? [whole]
      : [{ ...first, numberAt: start }, second];
  }
  return firstChange - start < MIN_LETTERS
    ? [{ ...whole, numberAt: firstChange }]
    : [first, { ...second, numberAt: firstChange, behindApostrophe: -1 }];
}

/** Whether a number goes on behind a point: `3.14`, `v2.0`, `1,000`. */
function goesOn(last: Segment, part: Segment): boolean {
  return (
    last.numberAt !== -1 &&
    part.numberAt === part.start &&
    (part.connector === '.' || part.connector === ',')
  );
}
