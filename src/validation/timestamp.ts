import * as v from 'valibot';
import { preview } from './parse.ts';

/** RFC 3339 as people write it: date, `T` or a space, time, and `Z` or an offset, which is required. */
const DATE_TIME =
  /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * A point in time, given back in UTC with milliseconds. One without an offset is refused: read as
 * local time it would mean something else on another machine.
 */
export const timestamp: v.GenericSchema<string> = v.pipe(
  v.string((issue) => `must be an ISO 8601 string; got ${preview(issue.input)}`),
  v.rawTransform(({ dataset: { value }, addIssue, NEVER }) => {
    const utc = DATE_TIME.test(value) && isCalendarDate(value) ? toUtc(value) : undefined;
    if (utc !== undefined) return utc;
    addIssue({
      message: `must be ISO 8601 with "Z" or an offset, such as 2026-01-31T09:30:00Z; got ${preview(value)}`,
    });
    return NEVER;
  }),
);

function toUtc(value: string): string | undefined {
  // Only the form with "T" and "+hh:mm" is read alike by every browser.
  const time = Date.parse(
    value
      .replace(' ', 'T')
      .replace(/([+-]\d{2})(\d{2})$/, '$1:$2')
      .toUpperCase(),
  );
  // An offset can carry the year out of the four digits that ISO strings are compared by.
  const utc = Number.isNaN(time) ? '' : new Date(time).toISOString();
  return /^\d{4}-/.test(utc) ? utc : undefined;
}

/** `Date` would read 31 February as 3 March. */
function isCalendarDate(value: string): boolean {
  const [year = 0, month = 0, day = 0] = value.slice(0, 10).split('-').map(Number);
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day >= 1 && day <= lastDay;
}
