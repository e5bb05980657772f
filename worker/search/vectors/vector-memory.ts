import { createDotKernel, type DotKernel } from './dot-kernel.ts';
import { MAX_BLOCK_BYTES, MAX_DIMENSIONS } from './vector-block.ts';

/** Four bytes for each row of a block, of which there are at most 13,104, and for three more. */
const ROWS_BYTES = 0xd000;

/**
 * The beginning of the kernel's memory, as addresses: the query; the numbers of the rows that are
 * wanted of a block; what the kernel makes of a block.
 */
export const QUERY_AT = 0;
export const LIST_AT: number = QUERY_AT + MAX_DIMENSIONS * 4;
export const DOTS_AT: number = LIST_AT + ROWS_BYTES;
/** A page that is read for one query and not kept. */
const WINDOW_AT = DOTS_AT + ROWS_BYTES;
/** Pages that are kept, MAX_BLOCK_BYTES for each. */
const SLOTS_AT = WINDOW_AT + MAX_BLOCK_BYTES;
const DEFAULT_BUDGET_BYTES = 32 * 1024 * 1024;

/** What is in memory of one file. */
interface Resident {
  readonly pages: Map<number, { readonly slot: number; readonly length: number }>;
  /** When it was last scanned, and when before that; 0 for never. */
  lastScan: number;
  scanBefore: number;
}

/**
 * The memory that vectors are scanned in, one for all files. It keeps what was read, up to a budget;
 * what does not fit is read again for each query.
 *
 * A file may take the place only of one that was not scanned since its own last scan. So what nobody
 * asks any more goes, but files that are scanned in turns and do not all fit do not push each other
 * out, in which case every page would be read for every query.
 */
export class VectorMemory {
  readonly kernel: DotKernel;
  #maxSlots: number;
  #slotCount = 0;
  readonly #freeSlots: number[] = [];
  /** By the file that it is of. */
  readonly #residents = new Map<object, Resident>();
  #scans = 0;

  /** @param options.budgetBytes for what is kept, 32 MB unless told; 0 keeps nothing */
  constructor(options: { readonly budgetBytes?: number; readonly kernel?: DotKernel } = {}) {
    const { budgetBytes = DEFAULT_BUDGET_BYTES, kernel = createDotKernel() } = options;
    this.kernel = kernel;
    this.#maxSlots = Math.floor(budgetBytes / MAX_BLOCK_BYTES);
    kernel.grow(Math.max(0, SLOTS_AT - kernel.buffer.byteLength));
  }

  /** Bytes that were taken from the platform; they are not given back. */
  get byteLength(): number {
    return this.kernel.buffer.byteLength;
  }

  /** Forgets a file, which makes room for others. To be called when it is closed or deleted. */
  release(vectors: object): void {
    for (const { slot } of this.#residents.get(vectors)?.pages.values() ?? []) {
      this.#freeSlots.push(slot);
    }
    this.#residents.delete(vectors);
  }

  /** To be called before the pages of a file are asked for. */
  beginScan(vectors: object): void {
    const resident = this.#residentOf(vectors);
    resident.scanBefore = resident.lastScan;
    resident.lastScan = ++this.#scans;
  }

  /**
   * Brings a page into memory. It stays there until the next call at least.
   *
   * @param length of the page; where it grew, it is read again
   * @param read fills the bytes that it is given; called when the page is not in memory
   * @returns its address; the kernel's buffer may be another one than before
   */
  page(vectors: object, index: number, length: number, read: (into: Uint8Array) => void): number {
    const { pages } = this.#residentOf(vectors);
    const known = pages.get(index);
    if (known?.length === length) return slotAddress(known.slot);
    pages.delete(index);
    const slot = known?.slot ?? this.#takeSlot(vectors);
    const address = slot === undefined ? WINDOW_AT : slotAddress(slot);
    try {
      read(new Uint8Array(this.kernel.buffer, address, length));
    } catch (error) {
      if (slot !== undefined) this.#freeSlots.push(slot);
      throw error;
    }
    if (slot !== undefined) pages.set(index, { slot, length });
    return address;
  }

  #residentOf(vectors: object): Resident {
    let resident = this.#residents.get(vectors);
    if (resident === undefined) {
      resident = { pages: new Map(), lastScan: 0, scanBefore: 0 };
      this.#residents.set(vectors, resident);
    }
    return resident;
  }

  #takeSlot(vectors: object): number | undefined {
    if (this.#freeSlots.length === 0 && !this.#addSlot()) this.#evictFor(vectors);
    return this.#freeSlots.pop();
  }

  #addSlot(): boolean {
    if (this.#slotCount >= this.#maxSlots) return false;
    const taken = this.byteLength;
    const needed = slotAddress(this.#slotCount + 1) - taken;
    if (needed > 0) {
      // Growing may copy everything, so it is done by an eighth at least.
      const limit = slotAddress(this.#maxSlots) - taken;
      try {
        this.kernel.grow(Math.min(Math.max(needed, taken / 8), limit));
      } catch {
        // The platform has no more: what there is has to do.
        this.#maxSlots = this.#slotCount;
        return false;
      }
    }
    this.#freeSlots.push(this.#slotCount++);
    return true;
  }

  #evictFor(vectors: object): void {
    const { scanBefore } = this.#residentOf(vectors);
    let oldest: object | undefined;
    let oldestScan = scanBefore;
    for (const [other, { lastScan, pages }] of this.#residents) {
      if (lastScan >= oldestScan || pages.size === 0) continue;
      oldest = other;
      oldestScan = lastScan;
    }
    if (oldest !== undefined) this.release(oldest);
  }
}

function slotAddress(slot: number): number {
  return SLOTS_AT + slot * MAX_BLOCK_BYTES;
}
