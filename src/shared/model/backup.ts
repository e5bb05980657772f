/** What every `onProgress` is called with. */
export interface FFProgress {
  readonly doneBytes: number;
  /** Absent where it is not known beforehand. */
  readonly totalBytes?: number;
}

/** A backup in the store's own backups. */
export interface FFBackupInfoDTO {
  /** The name it was made under. */
  path: string;
  /** ISO 8601 in UTC with milliseconds. */
  createdAt: string;
  sizeBytes: number;
  /** The one user that it holds; absent when it holds the whole store. */
  userId?: string;
  users: number;
  sessions: number;
  messages: number;
  documents: number;
}

/** What a restore brought back. */
export interface FFImportReportDTO {
  users: number;
  sessions: number;
  messages: number;
  documents: number;
  /** Users in the archive that were not asked for. */
  skipped: number;
  /** What the app should know, in sentences. */
  warnings: string[];
}
