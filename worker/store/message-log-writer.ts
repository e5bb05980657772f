import type { HandleCache } from './handle-cache.ts';
import { offsetsFile } from './layout.ts';
import type { LogRewrite } from './log-file.ts';
import {
  hashId,
  messageIdOf,
  plainRecord,
  type MessageRecord,
  type SessionRecord,
} from './message-record.ts';
import { MessageCounter } from './message-stats.ts';
import { OffsetFile } from './offset-file.ts';
import type { SessionCount } from './session-table.ts';

/**
 * Writes a message log from one end to the other, with the table of where its records lie and what
 * is counted of them, so that opening it costs no more than opening one that has grown.
 */
export class MessageLogWriter {
  readonly #log: LogRewrite;
  readonly #offsets: OffsetFile;
  readonly #counter = new MessageCounter();
  #ordinals = 0;
  #live = 0;
  #lastWriteAt = 0;

  constructor(log: LogRewrite, files: HandleCache) {
    this.#log = log;
    this.#offsets = OffsetFile.create(offsetsFile(log.path), files);
  }

  /** Adds messages and tombstones, one for each message there ever was, in the order of addition. */
  async add(records: readonly MessageRecord[]): Promise<void> {
    if (records.length === 0) return;
    const placements = await this.#log.append(records.map(plainRecord));
    records.forEach((record, index) => {
      const { offset = 0, length = 0 } = placements[index] ?? {};
      const isTombstone = record.type === 'delete';
      this.#offsets.add({
        kind: isTombstone ? 'delete' : 'add',
        hash: hashId(messageIdOf(record)),
        ordinal: this.#ordinals++,
        offset,
        length,
      });
      this.#lastWriteAt = Math.max(this.#lastWriteAt, record.at);
      if (isTombstone) return;
      this.#counter.add(record.message);
      this.#live++;
    });
    const { end, lastSeq } = this.#log;
    await this.#offsets.save({ end, lastSeq }, this.#counter.snapshot());
  }

  /** Adds what changes messages that are there already; the next opening reads it. */
  async addChanges(records: readonly SessionRecord[]): Promise<void> {
    if (records.length > 0) await this.#log.append(records.map(plainRecord));
  }

  /** Makes it the log; it is whole and durable when this resolves. */
  async commit(): Promise<void> {
    await this.#log.commit();
  }

  /** What the messages come to, as a catalog wants to know it. */
  count(sessionId: string): SessionCount {
    return {
      sessionId,
      messageCount: this.#live,
      updatedAt: this.#lastWriteAt,
      stats: this.#counter.snapshot(),
      bytes: { messages: this.#log.end, indexes: this.#offsets.size },
    };
  }
}
