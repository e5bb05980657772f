import type { EngineCall } from '../connection.ts';
import { MessageWriter, type WriterOptions } from './message-writer.ts';

/** The writers that have not ended yet. */
export class OpenWriters {
  readonly #writers = new Set<MessageWriter>();

  create(options: Omit<WriterOptions, 'onEnd'>): MessageWriter {
    const writer: MessageWriter = new MessageWriter({
      ...options,
      onEnd: () => this.#writers.delete(writer),
    });
    this.#writers.add(writer);
    return writer;
  }

  get isEmpty(): boolean {
    return this.#writers.size === 0;
  }

  /** Sends what they have, because the store is about to be closed, and counts on them no more. */
  async flush(call: EngineCall): Promise<void> {
    const writers = [...this.#writers];
    this.#writers.clear();
    await Promise.all(writers.map((writer) => writer.flush(call)));
  }
}
