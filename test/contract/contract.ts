import { describe } from 'vitest';
import { backupRefusalsContract } from './backup-refusals.ts';
import { backupTransfersContract } from './backup-transfers.ts';
import { backupsContract } from './backups.ts';
import { badIdsContract } from './bad-ids.ts';
import { badContextsContract } from './bad-input-contexts.ts';
import { badDocumentsContract } from './bad-input-documents.ts';
import { badMaintenanceContract } from './bad-input-maintenance.ts';
import { badPanelsContract } from './bad-input-panels.ts';
import { badInputContract } from './bad-input.ts';
import { configurationContract } from './configuration.ts';
import { contextsContract } from './contexts.ts';
import { documentsContract } from './documents.ts';
import { listingDocumentsContract } from './documents-list.ts';
import { searchingDocumentsContract } from './documents-search.ts';
import { documentTextsContract } from './documents-text.ts';
import { errorsContract } from './errors.ts';
import { messageTreeContract } from './message-tree.ts';
import { followingContract } from './following.ts';
import { growingContract } from './growing.ts';
import { maintenanceContract } from './maintenance.ts';
import { addingMessagesContract } from './messages-add.ts';
import { changingMessagesContract } from './messages-change.ts';
import { readingMessagesContract } from './messages-read.ts';
import { metricsContract } from './metrics.ts';
import { openingContract } from './opening.ts';
import { orderContract } from './order.ts';
import { panelMessagesContract } from './panel-messages.ts';
import { panelsContract } from './panels.ts';
import { personasContract } from './personas.ts';
import { reliabilityContract } from './reliability.ts';
import { searchMatchingContract } from './search-matching.ts';
import { searchModelsContract } from './search-models.ts';
import { searchModesContract } from './search-modes.ts';
import { searchQueriesContract } from './search-queries.ts';
import { searchSimilarContract } from './search-similar.ts';
import { searchContract } from './search.ts';
import { sessionsContract } from './sessions.ts';
import { storageStatisticsContract } from './statistics-storage.ts';
import { statisticsContract } from './statistics.ts';
import { streamsContract } from './streams.ts';
import type { Subject } from './subject.ts';
import { usersContract } from './users.ts';

const PARTS: readonly (readonly [title: string, part: (subject: Subject) => void])[] = [
  ['opening and closing', openingContract],
  ['configuration', configurationContract],
  ['users', usersContract],
  ['sessions', sessionsContract],
  ['adding messages', addingMessagesContract],
  ['message trees', messageTreeContract],
  ['reading messages', readingMessagesContract],
  ['changing messages', changingMessagesContract],
  ['streams', streamsContract],
  ['growing messages', growingContract],
  ['following messages', followingContract],
  ['order', orderContract],
  ['personas', personasContract],
  ['panels', panelsContract],
  ['panel messages', panelMessagesContract],
  ['search', searchContract],
  ['search queries', searchQueriesContract],
  ['search matching', searchMatchingContract],
  ['search modes', searchModesContract],
  ['search models', searchModelsContract],
  ['similar messages', searchSimilarContract],
  ['storing documents', documentsContract],
  ['listing documents', listingDocumentsContract],
  ['backups', backupsContract],
  ['backup transfers', backupTransfersContract],
  ['backup refusals', backupRefusalsContract],
  ['document texts', documentTextsContract],
  ['searching documents', searchingDocumentsContract],
  ['contexts', contextsContract],
  ['statistics', statisticsContract],
  ['storage statistics', storageStatisticsContract],
  ['metrics', metricsContract],
  ['maintenance', maintenanceContract],
  ['reliability', reliabilityContract],
  ['errors', errorsContract],
  ['bad ids', badIdsContract],
  ['bad input', badInputContract],
  ['bad documents', badDocumentsContract],
  ['bad panels', badPanelsContract],
  ['bad contexts', badContextsContract],
  ['bad maintenance', badMaintenanceContract],
];

/**
 * Everything that an app may rely on, whatever lies behind the manager.
 *
 * @param without beginnings of the titles of parts to leave out
 */
export function contract(subject: Subject, without: readonly string[] = []): void {
  const parts = PARTS.filter(([title]) => !without.some((start) => title.startsWith(start)));
  describe.each(parts)('%s', (_, part) => {
    part(subject);
  });
}
