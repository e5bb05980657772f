/**
 * Runs tasks of one key one after another, in the order of the calls, and tasks of different keys
 * side by side. All that is done with a user's files happens in that user's lane: so calls take effect
 * in the order in which they were made, and two tasks never open the same log.
 */
export class Lanes {
  readonly #lastByKey = new Map<string, Promise<unknown>>();

  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#lastByKey.get(key) ?? Promise.resolve();
    const result = before.then(task);
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    this.#lastByKey.set(key, settled);
    void settled.then(() => {
      if (this.#lastByKey.get(key) === settled) this.#lastByKey.delete(key);
    });
    return result;
  }

  /** Resolves when every task that was given so far is done. */
  async drained(): Promise<void> {
    await Promise.all(this.#lastByKey.values());
  }
}
