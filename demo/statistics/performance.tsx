import type { FFOperationMetricsDTO, FFPerformanceMetricsDTO } from 'flatfile-chat';
import { useId } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { embeddingHint } from '../search/search-progress.ts';
import { useObservable } from '../state/use-observable.ts';
import { formatBytes } from '../ui/format-bytes.ts';
import { formatFull } from '../ui/format-time.ts';
import { plural } from '../ui/plural.ts';

const COLUMNS: readonly (readonly [heading: string, key: keyof FFOperationMetricsDTO])[] = [
  ['Count', 'count'],
  ['Errors', 'errors'],
  ['p50 ms', 'p50Ms'],
  ['p95 ms', 'p95Ms'],
  ['p99 ms', 'p99Ms'],
  ['Max ms', 'maxMs'],
];

/** How the storage worker has been doing. */
export function Performance({ metrics }: { readonly metrics: FFPerformanceMetricsDTO }) {
  const titleId = useId();
  const operations = Object.entries(metrics.operations).toSorted(
    ([, one], [, other]) => other.count - one.count,
  );
  return (
    <section class="panel" aria-labelledby={titleId}>
      <h2 id={titleId}>Performance</h2>
      <p class="panel-note">Since {formatFull(metrics.since)}, in the storage worker.</p>
      {/* Scrolls sideways on narrow screens, so that it has to be reachable by keyboard. */}
      <div class="table-frame" role="region" aria-labelledby={titleId} tabIndex={0}>
        <table class="figures-table">
          <thead>
            <tr>
              <th scope="col">Operation</th>
              {COLUMNS.map(([heading]) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {operations.map(([name, operation]) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                {COLUMNS.map(([heading, key]) => (
                  <td key={heading}>{formatMetric(key, operation[key])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <EngineState metrics={metrics} />
    </section>
  );
}

function EngineState({ metrics }: { readonly metrics: FFPerformanceMetricsDTO }) {
  const { searchProgress } = useApp();
  const { cache, leader } = metrics;
  // Asked for until all is done, unlike the rest.
  const progress = useObservable(searchProgress.state) ?? metrics;
  const { index, embedding } = progress;
  const uses = cache.hits + cache.misses;
  const hitRate = uses === 0 ? '' : `, ${Math.round((cache.hits / uses) * 100)} % found open`;
  const waiting = [
    ...(index.pendingSessions > 0 ? [plural(index.pendingSessions, 'conversation')] : []),
    ...(index.pendingDocuments > 0 ? [plural(index.pendingDocuments, 'document')] : []),
  ];
  const facts: readonly (readonly [name: string, text: string])[] = [
    ['Open files', `${cache.openFiles} of at most ${cache.maxOpenFiles}${hitRate}`],
    ['Open conversations', `${cache.openSessions}`],
    [
      'Search index',
      `${index.status === 'ready' ? 'Ready' : 'Catching up'}, ${plural(index.entries, 'passage')}, ` +
        `${formatBytes(index.bytes)} in ${plural(index.segments, 'segment')}` +
        (waiting.length === 0 ? '' : `, waiting: ${waiting.join(', ')}`),
    ],
    [
      'Embedding',
      embeddingHint(progress) ?? `Ready, ${embedding.embedded.toLocaleString('en')} embedded`,
    ],
    [
      'Embedding model',
      embedding.model + (embedding.device === undefined ? '' : `, on ${embedding.device}`),
    ],
    ['This tab', leader ? 'owns the files' : 'works through another tab'],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function formatMetric(key: keyof FFOperationMetricsDTO, value: number): string {
  if (key === 'count' || key === 'errors') return value.toLocaleString('en');
  return value < 100 ? value.toFixed(1) : value.toFixed(0);
}
