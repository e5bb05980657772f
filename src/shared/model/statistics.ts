import type { MessageRole } from './message.ts';
import type { FFProgress } from './backup.ts';

/** Messages by who speaks; every role is there. */
export type FFMessagesByRole = Record<MessageRole, number>;

/** What a user has, and when they were active. All times, days and hours are UTC. */
export interface FFUserStatsDTO {
  userId: string;
  totalSessions: number;
  totalMessages: number;
  totalDocuments: number;
  messagesByRole: FFMessagesByRole;
  /** The earliest timestamp of a message; absent when there is none. */
  firstActivity?: string;
  /** The latest timestamp of a message; absent when there is none. */
  lastActivity?: string;
  /** 0 when there is no session. */
  averageMessagesPerSession: number;
  /** Messages by the day of their timestamp, `YYYY-MM-DD`; days without one are absent. */
  activityByDay: Record<string, number>;
  /** Messages by the hour of their timestamp, 24 numbers. */
  activityByHour: number[];
  /** Bytes of the user's files. */
  storageBytes: number;
}

/** What a session holds. */
export interface FFSessionStatsDTO {
  sessionId: string;
  messageCount: number;
  messagesByRole: FFMessagesByRole;
  documentCount: number;
  /** UTF-16 units of all messages' contents. */
  characters: number;
  /** UTF-16 units; 0 when there is no message. */
  averageMessageLength: number;
  /** The earliest timestamp of a message; absent when there is none. */
  firstMessageAt?: string;
  /** The latest timestamp of a message; absent when there is none. */
  lastMessageAt?: string;
  /** From the earliest to the latest timestamp; 0 when there are fewer than two messages. */
  durationSeconds: number;
  /** Bytes of the session's files, documents included. */
  storageBytes: number;
}

/** What bytes are spent on. */
export type FFStorageKind =
  | 'messages'
  | 'documents'
  | 'indexes'
  | 'catalogs'
  | 'panels'
  | 'backups'
  | 'quarantine'
  | 'reserve';

/** The whole store. */
export interface FFStorageStatsDTO {
  backend: 'opfs' | 'indexeddb' | 'memory';
  totalUsers: number;
  totalSessions: number;
  totalMessages: number;
  totalDocuments: number;
  /** Bytes of all files of the store. */
  storageBytes: number;
  /** The same by kind; they add up to `storageBytes`. */
  bytesByKind: Record<FFStorageKind, number>;
  /** What the browser grants the origin; absent where it does not say. */
  quotaBytes?: number;
  /** What the origin uses of it, other stores included; absent where the browser does not say. */
  usageBytes?: number;
  /** Whether the browser has promised not to evict the origin's data. */
  persisted: boolean;
  /** Damaged places found since the store was opened. */
  damagedRecords: number;
}

/** How long the calls of one method took, in milliseconds, from their arrival in the worker. */
export interface FFOperationMetricsDTO {
  count: number;
  /** Calls that were rejected; their times count as well. */
  errors: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** How the engine has been doing since it was opened. */
export interface FFPerformanceMetricsDTO {
  /** When measuring began; ISO 8601 in UTC with milliseconds. */
  since: string;
  /** By method. Percentiles are exact to 1 %. */
  operations: Record<string, FFOperationMetricsDTO>;
  cache: {
    /** Files that are open, and the most that may be. */
    openFiles: number;
    maxOpenFiles: number;
    /** Uses of a file that was open already, and of one that had to be opened. */
    hits: number;
    misses: number;
    /** Sessions whose offset tables are in memory. */
    openSessions: number;
  };
  index: {
    /**
     * `ready`: it holds everything that is durable. `catching-up`: it does not yet, and a search looks
     * at the rest as well.
     */
    status: 'ready' | 'catching-up';
    /** Messages and chunks of documents in the index. */
    entries: number;
    /** Sessions whose newest changes are not in it yet. */
    pendingSessions: number;
    /** Documents whose text is still to be extracted. */
    pendingDocuments: number;
    /** Files that hold the texts' terms, and bytes of all files of the index. */
    segments: number;
    bytes: number;
  };
  embedding: {
    /**
     * `off`: nothing is embedded. `loading`: the model is on its way. `embedding`: messages wait for
     * their vectors. `failed`: the model could not be loaded or used, see `error`; it is tried again
     * later. `ready`: everything has its vector, or nothing was asked for yet.
     */
    status: 'off' | 'loading' | 'embedding' | 'failed' | 'ready';
    /** `vector.model`, or the id of the app's own embedder. */
    model: string;
    /** Where a transformers.js model runs. */
    device?: string;
    /** Messages and chunks of documents that have vectors, and that wait for one. */
    embedded: number;
    pending: number;
    /** How far the download of the model is. */
    download?: FFProgress;
    /** What went wrong last, with the status `failed`. */
    error?: string;
  };
  /** Whether this tab's worker owns the files. */
  leader: boolean;
}
