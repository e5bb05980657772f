/**
 * Whether a consumer waits for bytes right now, for a producer that is to work only then. Streams pass
 * demand on by themselves, but some platforms' compressors run ahead while nobody reads.
 */
export class Demand {
  #present = false;
  #wake: (() => void) | undefined;

  start(): void {
    this.#present = true;
    this.#wake?.();
    this.#wake = undefined;
  }

  stop(): void {
    this.#present = false;
  }

  /** Resolves while there is demand. One producer may wait at a time. */
  async present(): Promise<void> {
    while (!this.#present) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
