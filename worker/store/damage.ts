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
  readonly #seen = new Set<string>();

  constructor(files: HandleCache, logger: Logger) {
    this.#files = files;
    this.#logger = logger;
  }

  /** Damaged places found since the store was opened. */
  get count(): number {
    return this.#seen.size;
  }

  async add(path: string, ranges: readonly DamagedRange[]): Promise<void> {
    for (const range of ranges) {
      const copy = quarantineFile(path, range.offset);
      if (this.#seen.has(copy)) continue;
      this.#seen.add(copy);
      this.#logger.warn(
        `${path}: ${range.length} bytes at ${range.offset} are damaged; the rest is readable. They are kept in ${copy}.`,
      );
      await this.#setAside(path, range, copy);
    }
  }

  async #setAside(path: string, { offset, length }: DamagedRange, copy: string): Promise<void> {
    const bytes = new Uint8Array(length);
    await this.#files.use(path, (file) => file.read(bytes, offset));
    try {
      await this.#files.useCreating(copy, async (file) => {
        // The copy of an earlier opening is as good.
        if (file.size() > 0) return;
        file.write(bytes, 0);
        await file.flush();
      });
    } catch (error) {
      // The bytes are still in the log, so a full disk must not keep the store from opening.
      this.#logger.warn(`${copy} could not be written`, error);
    }
  }
}
