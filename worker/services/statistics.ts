import type { EngineApi } from '../../src/shared/contract.ts';
import type {
  FFMessagesByRole,
  FFSessionStatsDTO,
  FFStorageStatsDTO,
  FFUserStatsDTO,
} from '../../src/shared/model/statistics.ts';
import { folderBytes } from '../store/folder-bytes.ts';
import { QUARANTINE_FOLDER, SHARED_SPACE, STORE_FILE } from '../store/layout.ts';
import { ROLES } from '../store/message-stats.ts';
import { readQuota } from '../store/quota.ts';
import { totalsOf } from '../store/space-totals.ts';
import type { ServiceContext } from './context.ts';
import { sessionNotFound, userNotFound } from './not-found.ts';

export type StatisticsService = Pick<
  EngineApi,
  'getUserStats' | 'getSessionStats' | 'getStorageStats'
>;

export function createStatisticsService({ store, indexer }: ServiceContext): StatisticsService {
  return {
    getUserStats: async (userId) => {
      await store.read(userId, () => store.user(userId));
      await indexer.opened(userId);
      return store.read(userId, async (): Promise<FFUserStatsDTO> => {
        const catalog = await store.user(userId);
        if (catalog === null) throw userNotFound(userId);
        // Those whose earliest or latest message was deleted, and no others.
        for (const sessionId of catalog.sessionTable.idsWithUnknownRange) {
          await store.findRange(userId, sessionId);
        }
        const { sessions, messages, documents, bytes } = totalsOf(catalog);
        const { sum, range } = catalog.sessionTable;
        return {
          userId,
          totalSessions: sessions,
          totalMessages: messages,
          totalDocuments: documents,
          messagesByRole: byRole(sum.byRole),
          ...timeOf('firstActivity', range.firstAt),
          ...timeOf('lastActivity', range.lastAt),
          averageMessagesPerSession: sessions === 0 ? 0 : messages / sessions,
          activityByDay: sum.byDay(),
          activityByHour: [...sum.byHour],
          storageBytes: Object.values(bytes).reduce((sum, kind) => sum + kind, 0),
        };
      });
    },

    getSessionStats: (userId, sessionId) =>
      store.read(userId, async (): Promise<FFSessionStatsDTO> => {
        const catalog = await store.user(userId);
        if (catalog === null) throw userNotFound(userId);
        if (catalog.session(sessionId)?.stats.rangeUnknown === true) {
          await store.findRange(userId, sessionId);
        }
        const session = catalog.session(sessionId);
        if (session === undefined) throw sessionNotFound(userId, sessionId);
        const { messageCount, stats, bytes } = session;
        const { characters, firstAt, lastAt } = stats;
        const { document } = catalog.entities;
        return {
          sessionId,
          messageCount,
          messagesByRole: byRole(stats.byRole),
          documentCount: document.countOfSession(sessionId),
          characters,
          averageMessageLength: messageCount === 0 ? 0 : characters / messageCount,
          ...timeOf('firstMessageAt', firstAt),
          ...timeOf('lastMessageAt', lastAt),
          durationSeconds: firstAt === null || lastAt === null ? 0 : (lastAt - firstAt) / 1_000,
          storageBytes: bytes.messages + bytes.indexes + document.bytesOfSession(sessionId),
        };
      }),

    getStorageStats: async (): Promise<FFStorageStatsDTO> => {
      await store.countedRoot();
      for (const { userId } of indexer.users) await indexer.opened(userId);
      const root = await store.countedRoot();
      const { sessions, messages, documents, bytes } = root.sum;
      const shared = root.totalsOf(SHARED_SPACE).bytes;
      const storeFile = (await store.files.use(STORE_FILE, (file) => file.size())) ?? 0;
      const bytesByKind: FFStorageStatsDTO['bytesByKind'] = {
        messages: bytes.messages,
        documents: bytes.documents,
        indexes: bytes.indexes + bytes.search,
        catalogs: bytes.catalogs + shared.catalogs + root.bytes + storeFile,
        panels: shared.messages + shared.indexes,
        backups: root.backups.bytes,
        quarantine: await folderBytes(store, QUARANTINE_FOLDER),
        reserve: (await store.logContext.reserve?.bytes()) ?? 0,
      };
      return {
        backend: store.backend.kind,
        totalUsers: root.userCount,
        totalSessions: sessions,
        totalMessages: messages,
        totalDocuments: documents,
        storageBytes: Object.values(bytesByKind).reduce((sum, kind) => sum + kind, 0),
        bytesByKind,
        ...(await readQuota()),
        damagedRecords: store.damage.count,
      };
    },
  };
}

function byRole(counts: readonly number[]): FFMessagesByRole {
  return Object.fromEntries(
    ROLES.map((role, index) => [role, counts[index] ?? 0]),
  ) as FFMessagesByRole;
}

function timeOf<Key extends string>(key: Key, at: number | null): { [K in Key]?: string } {
  if (at === null) return {};
  return { [key]: new Date(at).toISOString() } as { [K in Key]?: string };
}
