/**
 * Runs tasks of one key one after another, in the order of the calls, and tasks of different keys
 * side by side. All that is done with a user's files happens in that user's lane: so calls take effect
 * in the order in which they were made, and two tasks never open the same log.
 */
export class Lanes {
  readonly #lastByKey = new Map<string, Promise<unknown>>();
  /** What {@link runAcross} was given last: nothing that comes after it starts before it is done. */
  #across: Promise<unknown> = Promise.resolve();

  run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#lastByKey.get(key);
    const across = this.#across;
    const result = (before === undefined ? across : across.then(() => before)).then(task);
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

  /** Runs a task behind everything that was given before it and ahead of everything after it. */
  runAcross<T>(task: () => Promise<T>): Promise<T> {
    const before = [this.#across, ...this.#lastByKey.values()];
    const result = Promise.all(before).then(task);
    this.#across = result.catch(() => undefined);
    return result;
  }

  /** Resolves when every task that was given so far is done. */
  async drained(): Promise<void> {
    await Promise.all([this.#across, ...this.#lastByKey.values()]);
  }
}
