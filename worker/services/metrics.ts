import type { EngineApi } from '../../src/shared/contract.ts';
import type { OperationMetrics } from '../metrics/operation-metrics.ts';
import type { ServiceContext } from './context.ts';

export type MetricsService = Pick<EngineApi, 'getPerformanceMetrics'>;

/** @param pendingDocuments how many documents wait for their text to be extracted */
export function createMetricsService(
  { store, indexer, config }: ServiceContext,
  metrics: OperationMetrics,
  pendingDocuments: () => number,
): MetricsService {
  const since = new Date().toISOString();
  return {
    getPerformanceMetrics: async () => {
      const { entries, pendingSessions } = indexer.status();
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
        },
        embedding: { status: 'off' },
        leader: true,
      };
    },
  };
}
