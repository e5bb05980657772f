import { unchanged } from '../store/change.ts';
import type { ServiceContext } from './context.ts';
import type { GrowingMessage, TextPart } from './growing-message.ts';

/** How long text may be in memory only. */
const CHECKPOINT_MS = 250;

/** When a write is tried again that failed, most likely because the disk is full. */
export const RETRY_MS = 1_000;

/** What saving is part of. */
export interface GrowingSaverHost {
  /** Whether a message still grows. Only in the user's lane. */
  isKnown(growing: GrowingMessage): boolean;
  /** Runs what no call waits for. */
  run(task: () => Promise<void>): void;
}

/** Puts the text of growing messages on the disk: after a moment, and only what is new of it. */
export class GrowingSaver {
  readonly #context: ServiceContext;
  readonly #host: GrowingSaverHost;
  #isClosed = false;

  constructor(context: ServiceContext, host: GrowingSaverHost) {
    this.#context = context;
    this.#host = host;
  }

  /** From then on nothing is saved but what {@link save} is asked to. */
  close(): void {
    this.#isClosed = true;
  }

  saveSoon(growing: GrowingMessage, ms = CHECKPOINT_MS): void {
    if (this.#isClosed || growing.isSaved) return;
    growing.timer ??= setTimeout(() => {
      growing.timer = undefined;
      this.#host.run(() => this.save(growing));
    }, ms);
  }

  /** One after another for each message: what fails must not be followed by what does not. */
  save(growing: GrowingMessage): Promise<void> {
    return (growing.saving = growing.saving.then(async () => {
      if (growing.isSaved || !this.#host.isKnown(growing)) return;
      try {
        await this.#writePart(growing);
        this.saveSoon(growing);
      } catch (error) {
        this.#context.logger.warn('The text of a growing message could not be saved yet', error);
        this.saveSoon(growing, RETRY_MS);
      }
    }));
  }

  async #writePart(growing: GrowingMessage): Promise<void> {
    const { store, now } = this.#context;
    const { userId, sessionId, messageId } = growing.identity;
    let part: TextPart | undefined;
    try {
      await store.write(userId, async () => {
        if (!this.#host.isKnown(growing)) return unchanged(undefined);
        const taken = growing.takeUnsaved();
        part = taken;
        return store.change(
          userId,
          sessionId,
          (log) => log.grow(messageId, taken.from, taken.text, now()),
          false,
        );
      });
    } catch (error) {
      if (part !== undefined) growing.putBack(part);
      throw error;
    }
  }
}
