import type { Lanes } from './lanes.ts';
import { messagesFile, offsetsFile } from './layout.ts';
import { MessageLog } from './message-log.ts';
import type { LogContext } from './record-log.ts';

/** Sessions whose offset tables stay in memory. */
const MAX_OPEN_LOGS = 64;

interface OpenLog {
  readonly userId: string;
  readonly sessionId: string;
  readonly log: MessageLog;
}

/** A log was opened; `again` after a commit of it had failed. */
export type OnLogOpened = (
  userId: string,
  sessionId: string,
  log: MessageLog,
  again: boolean,
) => void;

/**
 * The message logs that are open. A log has one object at most: two that append to the same file
 * would write over each other. So whatever concerns a log happens in its user's lane.
 */
export class OpenLogs {
  readonly #context: LogContext;
  readonly #lanes: Lanes;
  readonly #onOpened: OnLogOpened;
  /** In the order of last use. */
  readonly #logByKey = new Map<string, OpenLog>();

  constructor(context: LogContext, lanes: Lanes, onOpened: OnLogOpened) {
    this.#context = context;
    this.#lanes = lanes;
    this.#onOpened = onOpened;
  }

  /** The log of a session; one whose commit failed is read from the disk again. */
  async get(userId: string, sessionId: string): Promise<MessageLog> {
    const key = logKey(userId, sessionId);
    const known = this.#logByKey.get(key);
    const healthy = known?.log.failed === false ? known : undefined;
    const log = healthy?.log ?? (await this.#open(userId, sessionId));
    this.#logByKey.delete(key);
    this.#logByKey.set(key, { userId, sessionId, log });
    if (healthy === undefined) {
      this.#onOpened(userId, sessionId, log, known !== undefined);
      this.#evict();
    }
    return log;
  }

  #open(userId: string, sessionId: string): Promise<MessageLog> {
    const paths = { log: messagesFile(userId, sessionId), offsets: offsetsFile(userId, sessionId) };
    return MessageLog.open(paths, this.#context);
  }

  /** Waits for what is being committed to a user's logs; what failed is read from the disk again. */
  async settle(userId: string): Promise<void> {
    for (const { sessionId, log } of this.#ofUser(userId)) {
      await log.settled();
      if (log.failed) await this.get(userId, sessionId);
    }
  }

  /** Lets go of a log: a commit that came after the removal of its files would bring them back. */
  async detach(userId: string, sessionId: string): Promise<void> {
    const key = logKey(userId, sessionId);
    await this.#logByKey.get(key)?.log.detach();
    this.#logByKey.delete(key);
  }

  async detachAll(userId: string): Promise<void> {
    for (const { sessionId } of this.#ofUser(userId)) await this.detach(userId, sessionId);
  }

  /** Saves where the records lie, so that the next opening reads less. */
  async saveOffsets(): Promise<void> {
    await Promise.all(
      [...this.#logByKey.values()].map(({ userId, log }) =>
        this.#lanes.run(userId, () => log.saveOffsets()),
      ),
    );
  }

  /** Lets go of the logs that were not used for longest, each in its own lane: it may be in use. */
  #evict(): void {
    let excess = this.#logByKey.size - MAX_OPEN_LOGS;
    for (const [key, { userId, sessionId, log }] of this.#logByKey) {
      if (excess-- <= 0) return;
      void this.#lanes.run(userId, async () => {
        await log.saveOffsets();
        // It may have been replaced by the time the lane is free.
        if (this.#logByKey.get(key)?.log === log) await this.detach(userId, sessionId);
      });
    }
  }

  #ofUser(userId: string): OpenLog[] {
    return [...this.#logByKey.values()].filter((open) => open.userId === userId);
  }
}

/** No id contains a slash. */
function logKey(userId: string, sessionId: string): string {
  return `${userId}/${sessionId}`;
}
