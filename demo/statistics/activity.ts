import { LOCALE } from '../ui/locale.ts';

const DAY_MS = 86_400_000;
/** Above these numbers of days the bars get too thin, and stand for more time each. */
const MAX_DAYS_BY_DAY = 92;
const MAX_DAYS_BY_WEEK = 731;
const MAX_DAYS_BY_MONTH = 3_653;

/** The last so many days, or everything there is. */
export const ACTIVITY_RANGES = ['30', '90', '365', 'all'] as const;
export type ActivityRange = (typeof ACTIVITY_RANGES)[number];

export type ActivityUnit = 'day' | 'week' | 'month' | 'year';

export interface ActivityBucket {
  /** The whole date, such as `23 November 2026`. */
  readonly label: string;
  /** As short as an axis needs it, such as `23 Nov`. */
  readonly tick: string;
  readonly messages: number;
}

export interface Activity {
  readonly unit: ActivityUnit;
  readonly buckets: readonly ActivityBucket[];
}

/**
 * Messages per day, week, month or year, without gaps and up to today. Days are UTC, as in the
 * statistics of the store; weeks begin on Monday.
 */
export function bucketActivity(
  activityByDay: Readonly<Record<string, number>>,
  range: ActivityRange,
  nowMs: number,
): Activity {
  const countsByDay = new Map(
    Object.entries(activityByDay).map(([day, count]) => [Date.parse(day) / DAY_MS, count]),
  );
  const today = Math.floor(nowMs / DAY_MS);
  const days = [...countsByDay.keys()];
  const earliest = days.reduce((least, day) => Math.min(least, day), today);
  // A clock that was wrong may have put messages into the future.
  const latest = days.reduce((most, day) => Math.max(most, day), today);

  const firstDay = range === 'all' ? earliest : today - Number(range) + 1;
  const lastDay = range === 'all' ? latest : today;
  const unit = unitFor(lastDay - firstDay + 1);

  const countsByStart = new Map<number, number>();
  for (let start = startOf(unit, firstDay); start <= lastDay; start = nextStart(unit, start)) {
    countsByStart.set(start, 0);
  }
  for (const [day, count] of countsByDay) {
    const start = startOf(unit, day);
    const sum = day > lastDay ? undefined : countsByStart.get(start);
    if (sum !== undefined) countsByStart.set(start, sum + count);
  }
  return {
    unit,
    buckets: [...countsByStart].map(([start, messages]) => ({
      label: FORMATS_BY_UNIT[unit].label.format(start * DAY_MS),
      tick: FORMATS_BY_UNIT[unit].tick.format(start * DAY_MS),
      messages,
    })),
  };
}

function unitFor(days: number): ActivityUnit {
  if (days <= MAX_DAYS_BY_DAY) return 'day';
  if (days <= MAX_DAYS_BY_WEEK) return 'week';
  return days <= MAX_DAYS_BY_MONTH ? 'month' : 'year';
}

function startOf(unit: ActivityUnit, day: number): number {
  const date = new Date(day * DAY_MS);
  switch (unit) {
    case 'day':
      return day;
    case 'week':
      return day - ((date.getUTCDay() + 6) % 7);
    case 'month':
      return date.setUTCDate(1) / DAY_MS;
    case 'year':
      return date.setUTCMonth(0, 1) / DAY_MS;
  }
}

function nextStart(unit: ActivityUnit, start: number): number {
  const date = new Date(start * DAY_MS);
  switch (unit) {
    case 'day':
      return start + 1;
    case 'week':
      return start + 7;
    case 'month':
      return date.setUTCMonth(date.getUTCMonth() + 1) / DAY_MS;
    case 'year':
      return date.setUTCFullYear(date.getUTCFullYear() + 1) / DAY_MS;
  }
}

function utc(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: 'UTC' });
}

const DATE = utc({ day: 'numeric', month: 'long', year: 'numeric' });
const SHORT_DATE = utc({ day: 'numeric', month: 'short' });
const YEAR = utc({ year: 'numeric' });

const FORMATS_BY_UNIT: Readonly<
  Record<ActivityUnit, { readonly label: Intl.DateTimeFormat; readonly tick: Intl.DateTimeFormat }>
> = {
  day: { label: DATE, tick: SHORT_DATE },
  week: { label: DATE, tick: SHORT_DATE },
  month: {
    label: utc({ month: 'long', year: 'numeric' }),
    tick: utc({ month: 'short', year: 'numeric' }),
  },
  year: { label: YEAR, tick: YEAR },
};
