import { FFStorageError } from '../../src/shared/errors.ts';
import { release } from '../archive/release.ts';
import type { ArchiveSource } from '../archive/source.ts';
import type { HandleCache } from '../store/handle-cache.ts';

/** An archive that stays open until it is let go of. */
export interface HeldArchive {
  readonly source: ArchiveSource;
  release(): void;
}

/** The files of archives: backups of the store's own, and those that are being imported. */
export class ArchiveFiles {
  readonly #files: HandleCache;
  /** Files that are being written or read. */
  readonly #inUse = new Set<string>();
  /** Files that are held, and when they no longer are. */
  readonly #releasedByPath = new Map<string, Promise<void>>();
  readonly #lastNumberByPath = new Map<string, number>();
  #lastRestore: Promise<unknown> = Promise.resolve();

  constructor(files: HandleCache) {
    this.#files = files;
  }

  isInUse(path: string): boolean {
    return this.#inUse.has(path);
  }

  /** A number that no other file of a backup's name has. */
  nextNumber(path: string, known: number): number {
    const number = Math.max(this.#lastNumberByPath.get(path) ?? 0, known) + 1;
    this.#lastNumberByPath.set(path, number);
    return number;
  }

  /** Writes an archive and flushes it, then makes it known; what fails leaves no file. */
  async publish<T>(
    path: string,
    bytes: AsyncIterable<Uint8Array>,
    makeKnown: (size: number) => Promise<T>,
  ): Promise<T> {
    this.begin(path);
    try {
      await this.#files.remove(path);
      for await (const piece of bytes) await this.append(path, piece);
      return await makeKnown(await this.#flush(path));
    } catch (error) {
      await this.#files.remove(path).catch(() => undefined);
      throw error;
    } finally {
      this.#inUse.delete(path);
    }
  }

  /** Takes a path for a file that is about to be written. */
  begin(path: string): void {
    this.#inUse.add(path);
  }

  /** Adds a piece, which is used up by that, to the end. */
  async append(path: string, piece: Uint8Array): Promise<void> {
    await this.#files.useCreating(path, (file) => file.write(piece, file.size()));
    release(piece);
  }

  /** Removes a file; a failure leaves one that the next opening removes. */
  async remove(path: string): Promise<void> {
    this.#inUse.delete(path);
    // What waits to be closed cannot be flushed, and a restore flushes all files that are open.
    await this.#releasedByPath.get(path);
    await this.#files.remove(path).catch(() => undefined);
  }

  /** Opens an archive for as long as it is read; for one reader at a time. */
  hold(path: string): Promise<HeldArchive> {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    this.#releasedByPath.set(path, released);
    return new Promise((resolve, reject) => {
      this.#files
        .use(path, (file) => {
          resolve({ source: { size: file.size(), read: file.read }, release });
          return released;
        })
        .then((found) => {
          if (found !== null) return;
          reject(new FFStorageError(`${path} is not there any more.`, { code: 'not-found' }));
        }, reject)
        .finally(() => {
          release();
          this.#releasedByPath.delete(path);
        });
    });
  }

  /** Runs one restore after another: two at once would each replace what the other one makes. */
  restoring<T>(restore: () => Promise<T>): Promise<T> {
    const result = this.#lastRestore.then(restore);
    this.#lastRestore = result.catch(() => undefined);
    return result;
  }

  async #flush(path: string): Promise<number> {
    return this.#files.useCreating(path, async (file) => {
      await file.flush();
      return file.size();
    });
  }
}
