/** Ids that are remembered so that answering the message just written needs no read. */
const MAX_IDS = 256;

/** The ids that were added last. */
export class RecentIds {
  /** The oldest first. */
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.add(id);
    if (this.#ids.size <= MAX_IDS) return;
    for (const oldest of this.#ids) {
      this.#ids.delete(oldest);
      return;
    }
  }

  delete(id: string): void {
    this.#ids.delete(id);
  }
}
