import { exportArchive, importArchive } from './archive-transfer.ts';
import type { BackupMethods, BackupOptions, TransferArchiveOptions } from './api/backups.ts';
import type { ContextMethods, ListContextsOptions } from './api/contexts.ts';
import type {
  DocumentMethods,
  FFDocumentContent,
  ListDocumentsOptions,
  SearchDocumentsOptions,
} from './api/documents.ts';
import type { CleanupOptions, MaintenanceMethods } from './api/maintenance.ts';
import type { GetMessagesOptions } from './api/messages.ts';
import type { ListPersonasOptions, PanelMethods, PersonaMethods } from './api/personas.ts';
import type { StatisticsMethods } from './api/statistics.ts';
import { ReliableStore } from './manager/reliability.ts';
import type { FFBackupInfoDTO, FFImportReportDTO } from './shared/model/backup.ts';
import type { FFSituationalContextDTO, FFSituationalContextInput } from './shared/model/context.ts';
import type { FFDocumentDTO, FFDocumentInput } from './shared/model/document.ts';
import type {
  FFPanelDTO,
  FFPanelInput,
  FFPanelMessageDTO,
  FFPanelMessageInput,
  FFPersonaDTO,
  FFPersonaInput,
} from './shared/model/panel.ts';
import type { FFSearchResultDTO } from './shared/model/search.ts';
import type {
  FFPerformanceMetricsDTO,
  FFSessionStatsDTO,
  FFStorageStatsDTO,
  FFUserStatsDTO,
} from './shared/model/statistics.ts';

/**
 * The chat store of a page: everything an app does goes through one of these. Construct it, await
 * {@link initialize}, use it, {@link close} it.
 *
 * Calls need not wait for one another: they take effect in the order in which they were made.
 */
export class FFStorageManager
  extends ReliableStore
  implements
    DocumentMethods,
    PersonaMethods,
    PanelMethods,
    ContextMethods,
    StatisticsMethods,
    MaintenanceMethods,
    BackupMethods
{
  // ── Documents ────────────────────────────────────────────────────────────────────────────────

  async storeDocument(
    userId: string,
    sessionId: string,
    document: FFDocumentInput,
    content?: FFDocumentContent,
  ): Promise<string> {
    const path = this.sessionPath(userId, sessionId);
    const checked = this.validate.newDocument(document, content);
    return checked.content === undefined
      ? this.call('storeDocument', ...path, checked.document)
      : this.call('storeDocument', ...path, checked.document, checked.content);
  }

  async getDocument(
    userId: string,
    sessionId: string,
    documentId: string,
  ): Promise<FFDocumentDTO | null> {
    return this.call('getDocument', ...this.#documentPath(userId, sessionId, documentId));
  }

  async getDocumentContent(
    userId: string,
    sessionId: string,
    documentId: string,
  ): Promise<Blob | null> {
    return this.call('getDocumentContent', ...this.#documentPath(userId, sessionId, documentId));
  }

  async listDocuments(
    userId: string,
    options: ListDocumentsOptions = {},
  ): Promise<FFDocumentDTO[]> {
    const { id, documentFilter } = this.validate;
    return this.call('listDocuments', id(userId, 'userId'), documentFilter(options));
  }

  async searchDocuments(
    userId: string,
    query: string,
    options: SearchDocumentsOptions = {},
  ): Promise<FFSearchResultDTO[]> {
    const { id, documentQuery } = this.validate;
    return this.call('searchDocuments', id(userId, 'userId'), documentQuery(query, options));
  }

  async deleteDocument(userId: string, sessionId: string, documentId: string): Promise<boolean> {
    return this.call('deleteDocument', ...this.#documentPath(userId, sessionId, documentId));
  }

  // ── Personas and panels ──────────────────────────────────────────────────────────────────────

  async createPersona(persona: FFPersonaInput): Promise<boolean> {
    return this.call('createPersona', this.validate.persona(persona));
  }

  async getPersona(personaId: string): Promise<FFPersonaDTO | null> {
    return this.call('getPersona', this.validate.id(personaId, 'personaId'));
  }

  async listPersonas(options: ListPersonasOptions = {}): Promise<FFPersonaDTO[]> {
    return this.call('listPersonas', this.validate.personaOwner(options));
  }

  async deletePersona(personaId: string): Promise<boolean> {
    return this.call('deletePersona', this.validate.id(personaId, 'personaId'));
  }

  async createPanel(panel: FFPanelInput): Promise<string> {
    return this.call('createPanel', this.validate.panel(panel));
  }

  async getPanel(panelId: string): Promise<FFPanelDTO | null> {
    return this.call('getPanel', this.validate.id(panelId, 'panelId'));
  }

  async listPanels(): Promise<FFPanelDTO[]> {
    return this.call('listPanels');
  }

  async deletePanel(panelId: string): Promise<boolean> {
    return this.call('deletePanel', this.validate.id(panelId, 'panelId'));
  }

  async addPanelMessage(
    panelId: string,
    personaId: string,
    message: FFPanelMessageInput,
  ): Promise<boolean> {
    const { id, panelMessage } = this.validate;
    const path = [id(panelId, 'panelId'), id(personaId, 'personaId')] as const;
    return this.call('addPanelMessage', ...path, panelMessage(message));
  }

  async getPanelMessages(
    panelId: string,
    options: GetMessagesOptions = {},
  ): Promise<FFPanelMessageDTO[]> {
    const { id, messagePage } = this.validate;
    return this.call('getPanelMessages', id(panelId, 'panelId'), messagePage(options));
  }

  // ── Situational context ──────────────────────────────────────────────────────────────────────

  async extractSituationalContext(
    userId: string,
    sessionId: string,
  ): Promise<FFSituationalContextDTO | null> {
    return this.call('extractSituationalContext', ...this.sessionPath(userId, sessionId));
  }

  async saveContext(
    userId: string,
    sessionId: string,
    context: FFSituationalContextInput,
  ): Promise<string> {
    const path = this.sessionPath(userId, sessionId);
    return this.call('saveContext', ...path, this.validate.context(context));
  }

  async getContext(userId: string, contextId: string): Promise<FFSituationalContextDTO | null> {
    const { id } = this.validate;
    return this.call('getContext', id(userId, 'userId'), id(contextId, 'contextId'));
  }

  async listContexts(
    userId: string,
    options: ListContextsOptions = {},
  ): Promise<FFSituationalContextDTO[]> {
    const { id, contextSession } = this.validate;
    return this.call('listContexts', id(userId, 'userId'), contextSession(options));
  }

  // ── Statistics ───────────────────────────────────────────────────────────────────────────────

  async getUserStats(userId: string): Promise<FFUserStatsDTO> {
    return this.call('getUserStats', this.validate.id(userId, 'userId'));
  }

  async getSessionStats(userId: string, sessionId: string): Promise<FFSessionStatsDTO> {
    return this.call('getSessionStats', ...this.sessionPath(userId, sessionId));
  }

  async getStorageStats(): Promise<FFStorageStatsDTO> {
    return this.call('getStorageStats');
  }

  async getPerformanceMetrics(): Promise<FFPerformanceMetricsDTO> {
    return this.call('getPerformanceMetrics');
  }

  // ── Maintenance ──────────────────────────────────────────────────────────────────────────────

  async cleanupOldData(options: CleanupOptions = {}): Promise<Record<string, number>> {
    return this.call('cleanupOldData', this.validate.cleanup(options));
  }

  async optimizeStorage(userId?: string): Promise<boolean> {
    return userId === undefined
      ? this.call('optimizeStorage')
      : this.call('optimizeStorage', this.validate.id(userId, 'userId'));
  }

  async whenIdle(): Promise<void> {
    return this.call('whenIdle');
  }

  // ── Backups ──────────────────────────────────────────────────────────────────────────────────

  async backupData(backupPath: string, options: BackupOptions = {}): Promise<boolean> {
    const { backupPath: path, backupScope } = this.validate;
    await this.call('backupData', path(backupPath), backupScope(options));
    return true;
  }

  async restoreData(backupPath: string, options: BackupOptions = {}): Promise<boolean> {
    const { backupPath: path, backupScope } = this.validate;
    await this.call('restoreData', path(backupPath), backupScope(options));
    return true;
  }

  async exportBackup(options: TransferArchiveOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const { scope, control } = this.validate.transfer(options);
    return exportArchive(this.call.bind(this), scope, control);
  }

  async importBackup(
    archive: Blob | ReadableStream<Uint8Array>,
    options: TransferArchiveOptions = {},
  ): Promise<FFImportReportDTO> {
    const source = this.validate.archive(archive);
    const { scope, control } = this.validate.transfer(options);
    return importArchive(this.call.bind(this), source, scope, control);
  }

  async listBackups(): Promise<FFBackupInfoDTO[]> {
    return this.call('listBackups');
  }

  async deleteBackup(backupPath: string): Promise<boolean> {
    return this.call('deleteBackup', this.validate.backupPath(backupPath));
  }

  // ── Inside ───────────────────────────────────────────────────────────────────────────────────

  #documentPath(
    userId: string,
    sessionId: string,
    documentId: string,
  ): [userId: string, sessionId: string, documentId: string] {
    const path = this.sessionPath(userId, sessionId);
    return [...path, this.validate.id(documentId, 'documentId')];
  }
}
