/** Milliseconds for each word: about as fast as one reads along. */
const DEFAULT_PACE_MS = 40;
const MAX_PACE_MS = 60_000;

/** The pace that was asked for, or the default one where it is no sensible number. */
export function paceFrom(asked: string | null): number {
  if (asked === null || !/^\d+$/.test(asked)) return DEFAULT_PACE_MS;
  return Math.min(Number(asked), MAX_PACE_MS);
}

/**
 * As much of a text as is to be seen after so many milliseconds: whole words, with the space before
 * them. The time since the start counts and not the number of calls, since the timers of a hidden tab
 * come once in a second.
 *
 * @param paceMs milliseconds for each word; 0: all of it at once
 */
export function wordsDue(text: string, elapsedMs: number, paceMs: number): string {
  const words = text.match(/\s*\S+|\s+$/g) ?? [];
  const count = paceMs === 0 ? words.length : Math.floor(elapsedMs / paceMs);
  return words.slice(0, count).join('');
}
