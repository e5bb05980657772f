import type { FFStorageStatsDTO } from 'flatfile-chat';
import type { ComponentChildren } from 'preact';
import { BACKENDS } from '../status/backends.ts';
import { useKeepData } from '../status/use-keep-data.ts';
import { formatBytes } from '../ui/format-bytes.ts';
import { formatFull, formatRelative } from '../ui/format-time.ts';
import { useNow } from '../ui/use-now.ts';
import type { StatisticsState } from './statistics.ts';

export interface FiguresProps {
  readonly statistics: StatisticsState;
  onPersistenceChanged(): void;
}

/** What there is, in single numbers. */
export function Figures({ statistics, onPersistenceChanged }: FiguresProps) {
  const { user, storage, messageLength } = statistics;
  const isPartial = messageLength.measuredSessions < user.totalSessions;
  return (
    <dl class="figures" aria-label="Figures">
      <Figure name="Conversations">{count(user.totalSessions)}</Figure>
      <Figure name="Messages">{count(user.totalMessages)}</Figure>
      <Figure name="Documents">{count(user.totalDocuments)}</Figure>
      <Figure name="Average conversation" note="messages">
        {rounded(user.averageMessagesPerSession)}
      </Figure>
      <Figure
        name="Average message"
        note={
          isPartial
            ? `characters, in the newest ${messageLength.measuredSessions} conversations`
            : 'characters'
        }
      >
        {rounded(messageLength.averageCharacters)}
      </Figure>
      <Figure name="First activity">
        <Moment at={user.firstActivity} />
      </Figure>
      <Figure name="Last activity">
        <Moment at={user.lastActivity} />
      </Figure>
      <Figure name="This store" note={`on ${BACKENDS[storage.backend].name}`}>
        {formatBytes(storage.storageBytes)}
      </Figure>
      <Quota storage={storage} />
      <Persistence storage={storage} onChanged={onPersistenceChanged} />
      <Figure
        name="Damaged records"
        isAlarming={storage.damagedRecords > 0}
        note={storage.damagedRecords > 0 ? 'kept aside; the rest is readable' : 'since opening'}
      >
        {count(storage.damagedRecords)}
      </Figure>
    </dl>
  );
}

interface FigureProps {
  readonly name: string;
  readonly note?: string;
  readonly isAlarming?: boolean;
  readonly children: ComponentChildren;
}

function Figure({ name, note, isAlarming = false, children }: FigureProps) {
  return (
    <div class="figure" data-alarming={isAlarming || undefined}>
      <dt>{name}</dt>
      <dd>
        <span class="figure-value">{children}</span>
        {note !== undefined && <span class="figure-note"> {note}</span>}
      </dd>
    </div>
  );
}

function Moment({ at }: { readonly at: string | undefined }) {
  const nowMs = useNow();
  if (at === undefined) return <>none yet</>;
  return (
    <time dateTime={at} title={formatFull(at)}>
      {formatRelative(at, nowMs)}
    </time>
  );
}

function Quota({ storage: { usageBytes, quotaBytes } }: { readonly storage: FFStorageStatsDTO }) {
  if (usageBytes === undefined) return null;
  return (
    <div class="figure">
      <dt>Used by this site</dt>
      <dd>
        <span class="figure-value">{formatBytes(usageBytes)}</span>
        {quotaBytes !== undefined && (
          <>
            <span class="figure-note"> of {formatBytes(quotaBytes)}</span>
            <meter
              class="quota"
              aria-label="Used of the quota"
              value={usageBytes}
              max={quotaBytes}
              high={quotaBytes * 0.9}
            />
          </>
        )}
      </dd>
    </div>
  );
}

function Persistence({
  storage: { persisted },
  onChanged,
}: {
  readonly storage: FFStorageStatsDTO;
  onChanged(): void;
}) {
  const keepData = useKeepData();
  return (
    <div class="figure">
      <dt>Persistent</dt>
      <dd>
        <span class="figure-value">{persisted ? 'Yes' : 'No'}</span>
        {persisted ? (
          <span class="figure-note"> the browser will not clear it</span>
        ) : (
          <button
            type="button"
            class="link-button figure-note"
            onClick={() => void keepData().then(onChanged)}
          >
            Ask the browser to keep it
          </button>
        )}
      </dd>
    </div>
  );
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function rounded(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
}
