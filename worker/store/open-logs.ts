import type { Lanes } from './lanes.ts';
import { messagesFile } from './layout.ts';
import { MessageLog } from './message-log.ts';
import type { LogContext } from './record-log.ts';
import type { SessionCount } from './session-table.ts';

/**
 * Sessions whose offset tables stay in memory: some twenty bytes for each message. A search hits many
 * sessions, and opening a log takes three files where reading a message takes one.
 */
const MAX_OPEN_LOGS = 512;

interface OpenLog {
  readonly userId: string;
  readonly sessionId: string;
  readonly log: MessageLog;
}

/** What the store does beside the logs. */
export interface OpenLogsHost {
  /** The folder in which a space lies. */
  folderOf(userId: string): string;
  /** A log was opened; `again` after a commit of it had failed. */
  onOpened(userId: string, sessionId: string, log: MessageLog, again: boolean): void;
  /** The bytes that a log takes have changed without any message. */
  onResized(userId: string, sessionId: string, log: MessageLog): void;
}

/**
 * The message logs that are open. A log has one object at most: two that append to the same file
 * would write over each other. So whatever concerns a log happens in its user's lane.
 */
export class OpenLogs {
  readonly #context: LogContext;
  readonly #lanes: Lanes;
  readonly #host: OpenLogsHost;
  /** In the order of last use. */
  readonly #logByKey = new Map<string, OpenLog>();

  constructor(context: LogContext, lanes: Lanes, host: OpenLogsHost) {
    this.#context = context;
    this.#lanes = lanes;
    this.#host = host;
  }

  get size(): number {
    return this.#logByKey.size;
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
      this.#host.onOpened(userId, sessionId, log, known !== undefined);
      this.#evict();
    }
    return log;
  }

  #open(userId: string, sessionId: string): Promise<MessageLog> {
    return MessageLog.open(messagesFile(this.#host.folderOf(userId), sessionId), this.#context);
  }

  /** Waits for what is being committed to a user's logs; what failed is read from the disk again. */
  async settle(userId: string): Promise<void> {
    for (const { sessionId, log } of this.#ofUser(userId)) {
      // Most are, and waiting for each of hundreds would cost more than the call.
      if (log.isSettled && !log.failed) continue;
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
      [...this.#logByKey.values()].map((open) =>
        this.#lanes.run(open.userId, () => this.#saveOffsets(open)),
      ),
    );
  }

  /** The same for one user. Only in their lane. */
  async saveOffsetsOf(userId: string): Promise<void> {
    for (const open of this.#ofUser(userId)) await this.#saveOffsets(open);
  }

  async #saveOffsets({ userId, sessionId, log }: OpenLog): Promise<void> {
    // It may have been let go of by the time the lane is free.
    if (this.#logByKey.get(logKey(userId, sessionId))?.log !== log) return;
    await log.saveOffsets();
    this.#host.onResized(userId, sessionId, log);
  }

  /** Lets go of the logs that were not used for longest, each in its own lane: it may be in use. */
  #evict(): void {
    let excess = this.#logByKey.size - MAX_OPEN_LOGS;
    for (const [key, open] of this.#logByKey) {
      if (excess-- <= 0) return;
      const { userId, sessionId, log } = open;
      void this.#lanes.run(userId, async () => {
        await this.#saveOffsets(open);
        // It may have been replaced by the time the lane is free.
        if (this.#logByKey.get(key)?.log === log) await this.detach(userId, sessionId);
      });
    }
  }

  /** Tells the host anew of logs that are open and damaged: it may not have been ready to listen. */
  tellOfDamaged(userId: string): void {
    for (const { sessionId, log } of this.#ofUser(userId)) {
      if (log.isDamaged) this.#host.onOpened(userId, sessionId, log, false);
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

/** What a session's messages come to, as its catalog wants to know it. */
export function countOf(sessionId: string, log: MessageLog): SessionCount {
  const { count: messageCount, lastWriteAt: updatedAt, stats, bytes } = log;
  return { sessionId, messageCount, updatedAt, stats, bytes };
}
