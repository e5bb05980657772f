import type { CheckProgress, StorageFacts } from './checks.ts';
import type { FFConfigInput } from './config.ts';
import type { FFBackupInfoDTO, FFImportReportDTO } from './model/backup.ts';
import type { FFSituationalContextDTO } from './model/context.ts';
import type { FFDocumentDTO } from './model/document.ts';
import type { FFJsonObject } from './model/json.ts';
import type { FFMessageDTO, MessageRole } from './model/message.ts';
import type { FFPanelDTO, FFPanelMessageDTO, FFPanelType, FFPersonaDTO } from './model/panel.ts';
import type { FFSearchMode, FFSearchResultDTO } from './model/search.ts';
import type { FFSessionDTO } from './model/session.ts';
import type {
  FFPerformanceMetricsDTO,
  FFSessionStatsDTO,
  FFStorageStatsDTO,
  FFUserStatsDTO,
} from './model/statistics.ts';
import type { FFUserProfileDTO } from './model/user.ts';
import type {
  MessageEnding,
  MessageGrowth,
  StreamBatch,
  StreamCursor,
  StreamStart,
} from './streams.ts';

/**
 * What crosses from the manager to the storage worker. Everything here is plain, structured-cloneable
 * and already validated: the calling side checks, because functions and cycles cannot cross at all
 * and because a mistake should be reported before it costs a trip.
 */

declare global {
  /** Pages and workers each know the whole of it from their own `lib`; what both share has neither. */
  interface Blob {
    readonly size: number;
    readonly type: string;
  }
}

/** Where a store keeps its bytes. */
export type BackendKind = 'opfs' | 'indexeddb' | 'memory';

/** A validated profile, or the part of one that an update changes. */
export interface ProfileChanges {
  readonly username?: string;
  readonly email?: string;
  readonly name?: string;
  readonly preferences?: FFJsonObject;
  readonly metadata?: FFJsonObject;
}

/** A session to create. The caller makes the id, so that a repeated call creates nothing twice. */
export interface NewSession {
  readonly sessionId: string;
  readonly title: string;
  readonly metadata?: FFJsonObject;
}

/** What an update of a session changes. */
export interface SessionChanges {
  readonly title?: string;
  readonly metadata?: FFJsonObject;
}

/** Which sessions to list, newest activity first. */
export interface SessionPage {
  readonly limit?: number;
  readonly offset: number;
  readonly includeMetadata: boolean;
}

/** A validated message. `parentId` absent: after the session's last one; `timestamp` absent: now. */
export interface NewMessage {
  readonly messageId: string;
  readonly role: MessageRole;
  readonly content: string;
  readonly timestamp?: string;
  readonly name?: string;
  readonly parentId?: string | null;
  readonly parts?: unknown;
  readonly attachments?: string[];
  readonly metadata?: FFJsonObject;
}

/** What an edit of a message changes. */
export interface MessageChanges {
  readonly content?: string;
  readonly metadata?: FFJsonObject;
}

/** Which messages to read. `offset` counts from the end when `reverse`. */
export interface MessagePage {
  readonly limit?: number;
  readonly offset: number;
  readonly reverse: boolean;
}

/** A text search over one user's messages. */
export interface TextQuery {
  readonly query: string;
  readonly sessionIds?: readonly string[];
  readonly limit?: number;
  readonly minRelevanceScore: number;
}

/** A search by meaning over one user's messages. */
export interface SimilarityQuery {
  readonly query: string;
  readonly sessionIds?: readonly string[];
  /** Absent: `vector.similarityThreshold`. */
  readonly similarityThreshold?: number;
  readonly limit: number;
}

/** A search over one user's messages and documents. */
export interface SearchQuery {
  readonly query: string;
  readonly mode: FFSearchMode;
  /** Absent: both. */
  readonly types?: readonly FFSearchResultDTO['type'][];
  readonly sessionIds?: readonly string[];
  /** Absent: all; with it, documents are left out, since they have none. */
  readonly roles?: readonly MessageRole[];
  /** Milliseconds since 1970; inclusive. */
  readonly after?: number;
  /** Milliseconds since 1970; exclusive. */
  readonly before?: number;
  readonly limit: number;
}

/** A validated document; its content comes beside it. */
export interface NewDocument {
  readonly documentId: string;
  readonly filename: string;
  readonly originalName: string;
  readonly mimeType: string;
  readonly path?: string;
  /** Bytes; only where there is no content. */
  readonly size?: number;
  readonly uploadedBy?: string;
  readonly uploadedAt?: string;
  readonly metadata?: FFJsonObject;
}

/** Which documents to list, newest first. */
export interface DocumentFilter {
  readonly sessionId?: string;
  /** A MIME type, or the beginning of one that ends with a slash and a star: `image/*`. */
  readonly documentType?: string;
  readonly limit?: number;
}

/** A text search over one user's documents. */
export interface DocumentQuery {
  readonly query: string;
  readonly sessionIds?: readonly string[];
  /** As {@link DocumentFilter.documentType}. */
  readonly documentTypes?: readonly string[];
  readonly limit: number;
}

/** A validated persona. */
export interface NewPersona {
  readonly personaId: string;
  readonly name: string;
  readonly description?: string;
  readonly traits?: string[];
  readonly expertise?: string[];
  readonly communicationStyle?: string;
  readonly ownerId?: string;
  readonly metadata?: FFJsonObject;
}

/** A validated panel; that its personas exist is for the engine to see. */
export interface NewPanel {
  readonly panelId: string;
  readonly type: FFPanelType;
  readonly personaIds: string[];
  readonly title?: string;
  readonly ownerId?: string;
  readonly config?: FFJsonObject;
  readonly metadata?: FFJsonObject;
}

/** A validated message of a panel. */
export interface NewPanelMessage extends NewMessage {
  readonly responseTo?: string;
}

/** A validated context to save. */
export interface NewContext {
  readonly contextId: string;
  readonly summary: string;
  readonly keyPoints: string[];
  readonly entities: Record<string, string[]>;
  readonly confidence: number;
  readonly timestamp?: string;
  readonly messageRange?: { readonly firstMessageId: string; readonly lastMessageId: string };
  readonly metadata?: FFJsonObject;
}

/** What is old enough to go. */
export interface CleanupRequest {
  readonly daysOld: number;
  readonly dryRun: boolean;
}

/** Whose data a backup, an export or a restore is about: everybody's when absent. */
export interface BackupScope {
  readonly userId?: string;
}

/** An export that was begun; its bytes are fetched piece by piece. */
export interface ExportTicket {
  readonly exportId: string;
  /** About how long the archive will be, before compression. */
  readonly estimatedBytes: number;
}

/** How far an import has come; `report` is there when it is done. */
export interface ImportProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly report?: FFImportReportDTO;
}

/**
 * The engine's methods. Those that change something resolve when the change is durable, see
 * `storage.durability`; calls take effect in the order in which they were made.
 */
export interface EngineApi {
  createUser(userId: string, profile: ProfileChanges): Promise<boolean>;
  userExists(userId: string): Promise<boolean>;
  getUserProfile(userId: string): Promise<FFUserProfileDTO | null>;
  updateUserProfile(userId: string, changes: ProfileChanges): Promise<boolean>;
  deleteUser(userId: string, force: boolean): Promise<boolean>;
  listUsers(): Promise<string[]>;

  createSession(userId: string, session: NewSession): Promise<string>;
  getSession(userId: string, sessionId: string): Promise<FFSessionDTO | null>;
  listSessions(userId: string, page: SessionPage): Promise<FFSessionDTO[]>;
  updateSession(userId: string, sessionId: string, changes: SessionChanges): Promise<boolean>;
  deleteSession(userId: string, sessionId: string): Promise<boolean>;

  addMessage(userId: string, sessionId: string, message: NewMessage): Promise<boolean>;
  addMessages(userId: string, sessionId: string, messages: readonly NewMessage[]): Promise<number>;
  getMessages(userId: string, sessionId: string, page: MessagePage): Promise<FFMessageDTO[]>;
  getMessage(userId: string, sessionId: string, messageId: string): Promise<FFMessageDTO | null>;
  updateMessage(
    userId: string,
    sessionId: string,
    messageId: string,
    changes: MessageChanges,
  ): Promise<boolean>;
  deleteMessage(userId: string, sessionId: string, messageId: string): Promise<boolean>;

  /**
   * Begins a message that grows; it is durable, with the status `streaming`, when this resolves. When
   * its caller is gone, it is marked `interrupted`.
   */
  beginMessage(userId: string, sessionId: string, message: NewMessage): Promise<FFMessageDTO>;
  /**
   * Adds text to a growing message and gives the length that it has then, in UTF-16 units. Text that
   * does not begin at or before its end is not taken: an owner that came later may lack the last half
   * second, and is to be sent it again. `null`: the message does not grow any more, or is gone.
   */
  growMessage(
    userId: string,
    sessionId: string,
    messageId: string,
    from: number,
    text: string,
  ): Promise<number | null>;
  /** Makes a growing, or an interrupted, message an ordinary one; `null` when it was deleted. */
  endMessage(
    userId: string,
    sessionId: string,
    messageId: string,
    ending: MessageEnding,
  ): Promise<FFMessageDTO | null>;
  /** What there is of a message; `null` when it is not there. */
  readGrowth(userId: string, sessionId: string, messageId: string): Promise<MessageGrowth | null>;

  /** Where a stream of a session begins; `null` when there is no such session. */
  openStream(userId: string, sessionId: string, from: StreamStart): Promise<StreamCursor | null>;
  /** The complete messages behind a cursor; `null` when the session is gone, or another one. */
  readStream(
    userId: string,
    sessionId: string,
    cursor: StreamCursor,
    limit: number,
  ): Promise<StreamBatch | null>;

  searchMessages(userId: string, query: TextQuery): Promise<FFSearchResultDTO[]>;
  searchSimilarMessages(userId: string, query: SimilarityQuery): Promise<FFSearchResultDTO[]>;
  search(userId: string, query: SearchQuery): Promise<FFSearchResultDTO[]>;

  storeDocument(
    userId: string,
    sessionId: string,
    document: NewDocument,
    content?: Blob,
  ): Promise<string>;
  getDocument(userId: string, sessionId: string, documentId: string): Promise<FFDocumentDTO | null>;
  getDocumentContent(userId: string, sessionId: string, documentId: string): Promise<Blob | null>;
  listDocuments(userId: string, filter: DocumentFilter): Promise<FFDocumentDTO[]>;
  searchDocuments(userId: string, query: DocumentQuery): Promise<FFSearchResultDTO[]>;
  deleteDocument(userId: string, sessionId: string, documentId: string): Promise<boolean>;

  createPersona(persona: NewPersona): Promise<boolean>;
  getPersona(personaId: string): Promise<FFPersonaDTO | null>;
  listPersonas(ownerId?: string): Promise<FFPersonaDTO[]>;
  deletePersona(personaId: string): Promise<boolean>;
  createPanel(panel: NewPanel): Promise<string>;
  getPanel(panelId: string): Promise<FFPanelDTO | null>;
  listPanels(): Promise<FFPanelDTO[]>;
  deletePanel(panelId: string): Promise<boolean>;
  addPanelMessage(panelId: string, personaId: string, message: NewPanelMessage): Promise<boolean>;
  getPanelMessages(panelId: string, page: MessagePage): Promise<FFPanelMessageDTO[]>;

  extractSituationalContext(
    userId: string,
    sessionId: string,
  ): Promise<FFSituationalContextDTO | null>;
  saveContext(userId: string, sessionId: string, context: NewContext): Promise<string>;
  getContext(userId: string, contextId: string): Promise<FFSituationalContextDTO | null>;
  listContexts(userId: string, sessionId?: string): Promise<FFSituationalContextDTO[]>;

  getUserStats(userId: string): Promise<FFUserStatsDTO>;
  getSessionStats(userId: string, sessionId: string): Promise<FFSessionStatsDTO>;
  getStorageStats(): Promise<FFStorageStatsDTO>;
  getPerformanceMetrics(): Promise<FFPerformanceMetricsDTO>;

  /** Applies and keeps values that the manager has validated together with those in force. */
  updateConfiguration(updates: FFConfigInput): Promise<void>;

  /** A call that is repeated goes on, and counts what was left for it to remove. */
  cleanupOldData(request: CleanupRequest): Promise<Record<string, number>>;
  optimizeStorage(userId?: string): Promise<boolean>;

  /** A call that is repeated makes the backup again, of what there is then. */
  backupData(path: string, scope: BackupScope): Promise<void>;
  restoreData(path: string, scope: BackupScope): Promise<FFImportReportDTO>;
  listBackups(): Promise<FFBackupInfoDTO[]>;
  deleteBackup(path: string): Promise<boolean>;

  /** Begins an export; it must be read to its end or cancelled. */
  openExport(scope: BackupScope): Promise<ExportTicket>;
  /** The next bytes of the archive; `null` at its end. */
  readExport(exportId: string): Promise<Uint8Array | null>;
  cancelExport(exportId: string): Promise<void>;

  /** Begins an import and gives its id. The archive is sent first, in pieces and in order. */
  openImport(scope: BackupScope): Promise<string>;
  writeImport(importId: string, bytes: Uint8Array): Promise<void>;
  /**
   * Verifies, then restores what was sent, a step at a time: to be called until there is a report.
   * Nothing is changed before the last step.
   */
  continueImport(importId: string): Promise<ImportProgress>;
  /** Ends an import that is not done, with nothing changed. */
  cancelImport(importId: string): Promise<void>;

  /** Begins to look at the whole store, or to put it in order, and gives an id. */
  openCheck(kind: 'verify' | 'repair'): Promise<string>;
  /** A step of it; to be called until there is a report. */
  continueCheck(checkId: string): Promise<CheckProgress>;
  /** Ends it early; what was put in order stays so. */
  cancelCheck(checkId: string): Promise<void>;
  /** As {@link openExport}, of everything that can still be read. */
  openSalvage(): Promise<ExportTicket>;
  getStorageFacts(): Promise<StorageFacts>;

  whenIdle(): Promise<void>;
}

/** The name of an engine method. */
export type EngineMethod = keyof EngineApi;
