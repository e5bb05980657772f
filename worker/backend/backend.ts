import type { BackendKind } from '../../src/shared/contract.ts';

/**
 * Where bytes are kept. A backend knows paths and bytes and nothing of what they mean; formats and
 * policy live in `store/`. Whoever writes one proves it with `backendAcceptance` (acceptance.ts).
 *
 * Paths are slash-separated names made by `layout.ts`, relative to the store's root, never starting
 * with a slash and never holding `.` or `..`.
 */
export interface Backend {
  readonly kind: BackendKind;

  /**
   * Whether bytes that were written but not flushed survive the death of this process (they need
   * not survive a power cut). Where not, every batch must be flushed to be safe at all.
   */
  readonly keepsUnflushedWrites: boolean;

  /** Whether it shows what others have written, and keeps its own changes in memory only. */
  readonly isSnapshot?: boolean;

  /**
   * Opens a file for reading and writing.
   *
   * Must give `null` when the file is missing and `create` is not set.
   * Must create missing parent folders and an empty file when `create` is set.
   * Must refuse a file that is open already, here or elsewhere: a file has one owner.
   */
  open(path: string, options?: { readonly create?: boolean }): Promise<BackendFile | null>;

  /**
   * Removes a file, or a folder with everything in it.
   *
   * Must resolve when there is nothing at the path.
   * Must not be called while a file at or below the path is open.
   */
  remove(path: string): Promise<void>;

  /** What lies directly in a folder, in no particular order; nothing when there is no such folder. */
  list(path: string): Promise<BackendEntry[]>;

  /** Lets go of what the backend itself holds. Every file must have been closed. */
  close(): Promise<void>;
}

/** A name in a folder. */
export interface BackendEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

/**
 * An open file. Reading, writing and truncating are synchronous, because OPFS access handles are and
 * because an index that is read in the middle of a query cannot wait; backends that cannot do so keep
 * an image in memory and write it out in `flush`.
 *
 * A backend reports a full disk as `FFQuotaExceededError` and any other refusal as `FFStorageError`
 * with the code `io`, both with the platform's error as `cause`.
 */
export interface BackendFile {
  /** Bytes in the file, counting writes that are not flushed. */
  size(): number;

  /**
   * Fills `into` from the offset `at` and gives the number of bytes read, fewer than asked for only
   * at the end of the file.
   */
  read(into: Uint8Array, at: number): number;

  /**
   * Writes all the bytes at the offset `at`. A gap between the old end and `at` reads as zeros.
   *
   * Must either write everything or throw; after a throw the range written to, and only that range,
   * may hold anything, and the file may have grown up to the end of that range.
   */
  write(bytes: Uint8Array, at: number): void;

  /** Cuts the file, or grows it with zeros, to `size` bytes. */
  truncate(size: number): void;

  /** Resolves once everything written before the call is as durable as the platform can make it. */
  flush(): Promise<void>;

  /**
   * Lets go of the file; closing twice is allowed. Unflushed writes are as good as
   * `keepsUnflushedWrites` says.
   */
  close(): Promise<void>;
}
