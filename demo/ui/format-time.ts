import { LOCALE } from './locale.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const RELATIVE_LIMIT_MS = 7 * DAY_MS;

const RELATIVE = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto', style: 'short' });
const TIME = new Intl.DateTimeFormat(LOCALE, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'short' });
const DATE = new Intl.DateTimeFormat(LOCALE, { day: 'numeric', month: 'long', year: 'numeric' });
const FULL = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'full', timeStyle: 'short' });

/** `14:05` */
export function formatTime(timestamp: string): string {
  return formatWith(TIME, timestamp);
}

/** `12 October 2026` */
export function formatDate(timestamp: string): string {
  return formatWith(DATE, timestamp);
}

/** Day, date and time, for tooltips. */
export function formatFull(timestamp: string): string {
  return formatWith(FULL, timestamp);
}

/** `just now`, `5 min. ago`, `yesterday`; after a week the date. */
export function formatRelative(timestamp: string, nowMs: number): string {
  const atMs = Date.parse(timestamp);
  if (Number.isNaN(atMs)) return '';
  const agoMs = nowMs - atMs;
  // A clock that was set back makes the past look like the future.
  if (agoMs < MINUTE_MS) return 'just now';
  if (agoMs < HOUR_MS) return RELATIVE.format(-Math.floor(agoMs / MINUTE_MS), 'minute');
  if (agoMs < DAY_MS) return RELATIVE.format(-Math.floor(agoMs / HOUR_MS), 'hour');
  if (agoMs < RELATIVE_LIMIT_MS) return RELATIVE.format(-Math.floor(agoMs / DAY_MS), 'day');
  const isThisYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
  return (isThisYear ? DAY : DATE).format(atMs);
}

/** `Today`, `Yesterday` or the date: the heading above a day's messages. */
export function formatDay(timestamp: string, nowMs: number): string {
  const day = startOfDay(Date.parse(timestamp));
  if (day === startOfDay(nowMs)) return 'Today';
  if (day === startOfDay(startOfDay(nowMs) - 1)) return 'Yesterday';
  return formatDate(timestamp);
}

/** Equal for two timestamps exactly when they fall on the same local day. */
export function dayKey(timestamp: string): number {
  return startOfDay(Date.parse(timestamp));
}

function startOfDay(timeMs: number): number {
  return new Date(timeMs).setHours(0, 0, 0, 0);
}

function formatWith(format: Intl.DateTimeFormat, timestamp: string): string {
  const atMs = Date.parse(timestamp);
  return Number.isNaN(atMs) ? '' : format.format(atMs);
}
