import type { EngineApi } from '../../src/shared/contract.ts';
import type { FFPerformanceMetricsDTO } from '../../src/shared/model/statistics.ts';
import type { EmbeddingStatus } from '../search/searcher.ts';
import type { OperationMetrics } from '../metrics/operation-metrics.ts';
import type { ServiceContext } from './context.ts';

export type MetricsService = Pick<EngineApi, 'getPerformanceMetrics'>;

/** @param pendingDocuments how many documents wait for their text to be extracted */
export function createMetricsService(
  { store, searcher, embedding, config }: ServiceContext,
  metrics: OperationMetrics,
  pendingDocuments: () => number,
): MetricsService {
  const since = new Date().toISOString();
  return {
    getPerformanceMetrics: async () => {
      const { entries, pendingSessions, segments, bytes } = searcher.indexStatus();
      const waiting = pendingDocuments();
      return {
        since,
        operations: metrics.snapshot(),
        cache: {
          ...store.files.usage,
          maxOpenFiles: config.storage.maxOpenHandles,
          openSessions: store.openSessionCount,
        },
        index: {
          status: pendingSessions + waiting > 0 ? 'catching-up' : 'ready',
          entries,
          pendingSessions,
          pendingDocuments: waiting,
          segments,
          bytes,
        },
        embedding: embeddingMetrics(searcher.embeddingStatus(), embedding.model),
        leader: true,
      };
    },
  };
}

function embeddingMetrics(
  { status, ...rest }: EmbeddingStatus,
  model: string,
): FFPerformanceMetricsDTO['embedding'] {
  const isDone = status === 'idle' || status === 'ready';
  return {
    status: isDone ? (rest.pending > 0 ? 'embedding' : 'ready') : status,
    model,
    ...rest,
  };
}
