import { compactCatalog, compactMessages, compactRoot } from '../store/compaction.ts';
import { SHARED_SPACE } from '../store/layout.ts';
import { OPERATIONS_KEPT_MS } from '../store/operations.ts';
import { removeOrphanedDocuments } from '../store/orphans.ts';
import type { SessionEntry } from '../store/session-table.ts';
import { unchanged } from '../store/change.ts';
import type { UserCatalog } from '../store/user-catalog.ts';
import type { ServiceApi } from './call.ts';
import { stopWhenClosing } from './closing.ts';
import type { ServiceContext } from './context.ts';

export type MaintenanceService = Pick<ServiceApi, 'cleanupOldData' | 'optimizeStorage'>;

const DAY_MS = 86_400_000;

export function createMaintenanceService(context: ServiceContext): MaintenanceService {
  const { store, indexer, searcher, now, closing, publish } = context;

  /**
   * Gives the old sessions of a space to `visit`, in its lane; in the shared one they are panels.
   *
   * @param dryRun nothing is going to be changed
   */
  function visitOld(
    spaceId: string,
    before: number,
    dryRun: boolean,
    visit: (session: SessionEntry, catalog: UserCatalog) => Promise<void>,
  ): Promise<void> {
    const visitAll = async (): Promise<void> => {
      const catalog = await store.user(spaceId);
      const old = catalog?.sessions().filter(({ updatedAt }) => updatedAt < before) ?? [];
      if (catalog !== null) for (const session of old) await visit(session, catalog);
    };
    return dryRun
      ? store.read(spaceId, visitAll)
      : store.write(spaceId, async () => unchanged(await visitAll()));
  }

  async function removeSession(spaceId: string, sessionId: string, catalog: UserCatalog) {
    await store.deleteSession(spaceId, sessionId, catalog);
    if (spaceId === SHARED_SPACE) {
      indexer.forgetPanel(sessionId);
    } else {
      indexer.forgetSession(spaceId, sessionId);
      publish({ type: 'gone', userId: spaceId, sessionId });
    }
  }

  async function optimizeSpace(spaceId: string, at: number): Promise<boolean> {
    const keepSince = at - OPERATIONS_KEPT_MS;
    const sessionIds = await store.read(spaceId, async () => {
      const catalog = await store.user(spaceId);
      return catalog?.sessions().map(({ sessionId }) => sessionId);
    });
    if (sessionIds === undefined) return false;
    for (const sessionId of sessionIds) {
      stopWhenClosing(closing, 'optimizeStorage');
      await compactMessages(store, spaceId, sessionId, keepSince);
      await removeOrphanedDocuments(store, spaceId, sessionId);
    }
    stopWhenClosing(closing, 'optimizeStorage');
    await compactCatalog(store, spaceId, keepSince);
    return true;
  }

  return {
    cleanupOldData: async (_call, { daysOld, dryRun }) => {
      const before = now() - daysOld * DAY_MS;
      const removed = {
        sessions: 0,
        messages: 0,
        documents: 0,
        contexts: 0,
        panels: 0,
        panelMessages: 0,
      };
      for (const userId of await store.userIds()) {
        stopWhenClosing(closing, 'cleanupOldData');
        await visitOld(userId, before, dryRun, async ({ sessionId, messageCount }, catalog) => {
          const { document, context: saved } = catalog.entities;
          removed.sessions += 1;
          removed.messages += messageCount;
          removed.documents += document.countOfSession(sessionId);
          removed.contexts += saved.countOfSession(sessionId);
          if (!dryRun) await removeSession(userId, sessionId, catalog);
        });
      }
      await visitOld(SHARED_SPACE, before, dryRun, async ({ sessionId, messageCount }, catalog) => {
        removed.panels += 1;
        removed.panelMessages += messageCount;
        if (!dryRun) await removeSession(SHARED_SPACE, sessionId, catalog);
      });
      return removed;
    },

    optimizeStorage: async (userId) => {
      const at = now();
      if (userId !== undefined) {
        const exists = await optimizeSpace(userId, at);
        if (exists) await searcher.optimize(userId);
        return exists;
      }
      for (const spaceId of [...(await store.userIds()), SHARED_SPACE]) {
        await optimizeSpace(spaceId, at);
      }
      await compactRoot(store, at, at - OPERATIONS_KEPT_MS);
      await searcher.optimize();
      return true;
    },
  };
}
