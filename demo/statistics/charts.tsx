import type {
  FFMessagesByRole,
  FFStorageKind,
  FFStorageStatsDTO,
  FFUserStatsDTO,
} from 'flatfile-chat';
import { useMemo, useState } from 'preact/hooks';
import { formatBytes } from '../ui/format-bytes.ts';
import { plural } from '../ui/plural.ts';
import {
  ACTIVITY_RANGES,
  bucketActivity,
  type ActivityRange,
  type ActivityUnit,
} from './activity.ts';
import { BarChart } from './bar-chart.tsx';

const RANGE_NAMES: Readonly<Record<ActivityRange, string>> = {
  '30': 'Last 30 days',
  '90': 'Last 90 days',
  '365': 'Last 365 days',
  all: 'Everything',
};

const UNIT_HEADINGS: Readonly<Record<ActivityUnit, string>> = {
  day: 'Day (UTC)',
  week: 'Week from (UTC)',
  month: 'Month (UTC)',
  year: 'Year (UTC)',
};

const ROLE_NAMES: Readonly<Record<keyof FFMessagesByRole, string>> = {
  user: 'User',
  assistant: 'Assistant',
  system: 'System',
  tool: 'Tool',
};

const KIND_NAMES: Readonly<Record<FFStorageKind, string>> = {
  messages: 'Messages',
  documents: 'Documents',
  indexes: 'Indexes',
  catalogs: 'Catalogs',
  panels: 'Panels',
  backups: 'Backups',
  quarantine: 'Damaged records',
  reserve: 'Reserve',
};

const formatCount = (count: number): string => count.toLocaleString('en');

export function ActivityByDay({ user: { activityByDay } }: { readonly user: FFUserStatsDTO }) {
  const [range, setRange] = useState<ActivityRange>('30');
  const { unit, bars } = useMemo(() => {
    const activity = bucketActivity(activityByDay, range, Date.now());
    return {
      unit: activity.unit,
      bars: activity.buckets.map(({ label, tick, messages }) => ({ label, tick, value: messages })),
    };
  }, [activityByDay, range]);
  const total = bars.reduce((sum, { value }) => sum + value, 0);

  return (
    <BarChart
      title={`Messages by ${unit} (UTC)`}
      summary={`${RANGE_NAMES[range]}: ${plural(total, 'message')} in ${plural(bars.length, unit)}. The table that follows has the numbers.`}
      headings={[UNIT_HEADINGS[unit], 'Messages']}
      bars={bars}
      format={formatCount}
    >
      <select
        class="select"
        aria-label="Range"
        value={range}
        onChange={({ currentTarget: { value } }) =>
          setRange(ACTIVITY_RANGES.find((known) => known === value) ?? '30')
        }
      >
        {ACTIVITY_RANGES.map((option) => (
          <option key={option} value={option}>
            {RANGE_NAMES[option]}
          </option>
        ))}
      </select>
    </BarChart>
  );
}

export function ActivityByHour({ user: { activityByHour } }: { readonly user: FFUserStatsDTO }) {
  const bars = useMemo(
    () =>
      activityByHour.map((value, hour) => {
        const tick = `${hour}`.padStart(2, '0');
        return { label: `${tick}:00`, tick, value };
      }),
    [activityByHour],
  );
  return (
    <BarChart
      title="Messages by hour (UTC)"
      summary={`Messages by hour of the day, in UTC. ${mostOf(bars)}`}
      headings={['Hour (UTC)', 'Messages']}
      bars={bars}
      format={formatCount}
    />
  );
}

export function MessagesByRole({ user: { messagesByRole } }: { readonly user: FFUserStatsDTO }) {
  const bars = useMemo(() => namedBars(ROLE_NAMES, messagesByRole), [messagesByRole]);
  return (
    <BarChart
      title="Messages by role"
      summary={`Messages by role. ${mostOf(bars)}`}
      headings={['Role', 'Messages']}
      bars={bars}
      direction="right"
      showsTable
      format={formatCount}
    />
  );
}

export function StorageByKind({
  storage: { bytesByKind },
}: {
  readonly storage: FFStorageStatsDTO;
}) {
  const bars = useMemo(() => namedBars(KIND_NAMES, bytesByKind), [bytesByKind]);
  return (
    <BarChart
      title="Storage by kind"
      summary={`Bytes by what they are spent on. ${mostOf(bars)}`}
      headings={['Kind', 'Size']}
      bars={bars}
      direction="right"
      showsTable
      format={formatBytes}
    />
  );
}

interface NamedBar {
  readonly label: string;
  readonly value: number;
}

function namedBars<Key extends string>(
  names: Readonly<Record<Key, string>>,
  values: Readonly<Record<Key, number>>,
): NamedBar[] {
  return (Object.keys(names) as Key[]).map((key) => ({ label: names[key], value: values[key] }));
}

function mostOf(bars: readonly NamedBar[]): string {
  const [first, ...rest] = bars;
  if (first === undefined) return '';
  const most = rest.reduce((best, bar) => (bar.value > best.value ? bar : best), first);
  return most.value === 0 ? 'There is nothing yet.' : `The most: ${most.label}.`;
}
