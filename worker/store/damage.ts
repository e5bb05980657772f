import type { Logger } from '../logger.ts';
import type { HandleCache } from './handle-cache.ts';
import { quarantineFile } from './layout.ts';
import type { DamagedRange } from './log-scan.ts';

/**
 * Keeps damaged bytes aside and counts them: damage is reported, never dropped in silence, and never
 * keeps the rest from being read.
 */
export class DamageReport {
  readonly #files: HandleCache;
  readonly #logger: Logger;
  /** What was counted, by path. */
  readonly #counted = new Map<string, DamagedRange[]>();
  #count = 0;
  /** What could not be set aside yet, by where it is to be kept. */
  readonly #unkept = new Map<string, { readonly path: string; readonly range: DamagedRange }>();

  constructor(files: HandleCache, logger: Logger) {
    this.#files = files;
    this.#logger = logger;
  }

  /** Damaged records found since the store was opened, each counted once however often it is met. */
  get count(): number {
    return this.#count;
  }

  async add(path: string, ranges: readonly DamagedRange[]): Promise<void> {
    for (const range of ranges) {
      const copy = quarantineFile(path, range.offset);
      if (!this.#countNew(path, range)) continue;
      this.#logger.warn(
        `${path}: ${range.length} bytes at ${range.offset} are damaged; the rest is readable. They are kept in ${copy}.`,
      );
      await this.#setAside(path, range, copy);
    }
  }

  /** Gives whether there was something new. A log is scanned by lines and read by records. */
  #countNew(path: string, { offset, length, records = 1 }: DamagedRange): boolean {
    const counted = this.#counted.get(path) ?? [];
    const known = counted
      .filter((range) => range.offset < offset + length && offset < range.offset + range.length)
      .reduce((sum, range) => sum + (range.records ?? 1), 0);
    if (known >= records) return false;
    this.#counted.set(path, [...counted, { offset, length, records: records - known }]);
    this.#count += records - known;
    return true;
  }

  /** Makes sure that what is damaged in a file is kept before it is removed there; rejects if it cannot be. */
  async secure(path: string): Promise<void> {
    for (const [copy, unkept] of this.#unkept) {
      if (unkept.path !== path) continue;
      await this.#copy(path, unkept.range, copy);
      this.#unkept.delete(copy);
    }
  }

  async #setAside(path: string, range: DamagedRange, copy: string): Promise<void> {
    try {
      await this.#copy(path, range, copy);
    } catch (error) {
      // The bytes are still in the log, so a full disk must not keep the store from opening.
      this.#logger.warn(`${copy} could not be written`, error);
      this.#unkept.set(copy, { path, range });
    }
  }
  async #copy(path: string, { offset, length }: DamagedRange, copy: string): Promise<void> {
    const bytes = new Uint8Array(length);
    await this.#files.use(path, (file) => file.read(bytes, offset));
    await this.#files.useCreating(copy, async (file) => {
      // The copy of an earlier opening is as good.
      if (file.size() > 0) return;
      file.write(bytes, 0);
      await file.flush();
    });
  }
}
