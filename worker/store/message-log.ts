import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { BackendFile } from '../backend/backend.ts';
import { offsetsFile } from './layout.ts';
import { findLogFile, HEADER_BYTES, type LogFile } from './log-file.ts';
import type { LocatedRecord } from './log-scan.ts';
import { addEntry, deleteEntry, isLoneTombstone } from './message-entries.ts';
import {
  hashId,
  isMessageRecord,
  messageIdOf,
  written,
  type GrowRecord,
  type MessageRecord,
  type SessionRecord,
} from './message-record.ts';
import { MessageCounter, type MessageStats } from './message-stats.ts';
import { LogOperations } from './operation-scan.ts';
import { endOf, OffsetFile, type Committed } from './offset-file.ts';
import type { Location, OffsetEntry, OffsetTable } from './offset-table.ts';
import { readPlaces } from './read-places.ts';
import { decodeRecord } from './record.ts';
import { RecentIds } from './recent-ids.ts';
import { RecordLog, type LogContext } from './record-log.ts';

/** Records whose place is not saved before they are; so many are read again after a crash. */
const SAVE_OFFSETS_AFTER = 1_024;

/** Messages that are read at once when all of them have to be looked at. */
const SCAN_PAGE = 500;

/** A message that was found by its id. */
export interface FoundMessage {
  readonly ordinal: number;
  /** `null` when it was deleted. */
  readonly message: FFMessageDTO | null;
}

/**
 * The messages of one session: a record log, and a table of where in it each message lies. Pages and
 * single messages are read by their place, whatever the length of the log.
 *
 * The table runs ahead of the disk by what is being committed. Reads wait for those commits; after a
 * failed one ({@link failed}) the whole object is to be dropped and opened anew.
 */
export class MessageLog {
  /** Whose doing the records are. */
  readonly operations: LogOperations;
  readonly #log: RecordLog;
  readonly #context: LogContext;
  readonly #offsetFile: OffsetFile;
  readonly #table: OffsetTable;
  readonly #counter: MessageCounter;
  readonly #recentIds = new RecentIds();
  /** The log up to the last record that the table knows of; behind it is only text of growing messages. */
  #described: Committed;
  #lastWriteAt = 0;
  /** The last live message's id, `null` when there is none; `undefined` when it has to be read. */
  #lastMessageId: string | null | undefined;

  private constructor(
    log: RecordLog,
    context: LogContext,
    offsetFile: OffsetFile,
    table: OffsetTable,
    counter: MessageCounter,
    described: Committed,
  ) {
    this.#log = log;
    this.operations = new LogOperations(log);
    this.#context = context;
    this.#offsetFile = offsetFile;
    this.#table = table;
    this.#counter = counter;
    this.#described = described;
  }

  /** Opens a session's messages, reading only those records that the offset file does not cover. */
  static async open(path: string, context: LogContext): Promise<MessageLog> {
    const { files } = context;
    const file = await findLogFile(path, files);
    if (file.leftover !== undefined) {
      await files.remove(offsetsFile(file.leftover)).catch(() => undefined);
    }
    const paths = { log: file.path, offsets: offsetsFile(file.path) };
    const { offsetFile, table, stats, covered } = await OffsetFile.load(paths, files);
    const counter = new MessageCounter(stats);
    const changes: LocatedRecord[] = [];
    let described = covered;
    const log = await RecordLog.open(
      file,
      context,
      (located) => {
        const record = located.record as unknown as SessionRecord;
        if (!isMessageRecord(record)) return;
        described = endOf(located, located.record.seq);
        if (record.type === 'message') {
          offsetFile.add(addEntry(table, record.message, located));
          counter.add(record.message);
        } else if (isLoneTombstone(record, table)) {
          // Compaction has left it in the place of the message, whose ordinal it keeps.
          offsetFile.add(deleteEntry(table, record.messageId, located));
        } else {
          changes.push(located);
        }
      },
      covered,
    );
    const messages = new MessageLog(log, context, offsetFile, table, counter, described);
    for (const change of changes) await messages.#replayChange(change);
    messages.#lastWriteAt = await messages.#readLastWriteAt();
    return messages;
  }

  /** Messages that are not deleted. */
  get count(): number {
    return this.#table.liveCount;
  }

  /** When the newest record was written, in milliseconds since 1970; 0 when there is none. */
  get lastWriteAt(): number {
    return this.#lastWriteAt;
  }

  /** Messages ever added, deleted ones too. */
  get ordinalCount(): number {
    return this.#table.nextOrdinal;
  }

  get failed(): boolean {
    return this.#log.failed;
  }

  get isDamaged(): boolean {
    return this.#log.isDamaged;
  }

  get isSettled(): boolean {
    return !this.#log.isCommitting;
  }

  get file(): LogFile {
    return this.#log.file;
  }

  /** What is counted of the messages. */
  get stats(): MessageStats {
    return this.#counter.snapshot();
  }

  /** Bytes of the records, with those on their way to the disk, and of the table of where they lie. */
  get bytes(): { readonly messages: number; readonly indexes: number } {
    return { messages: this.#log.end, indexes: this.#offsetFile.size };
  }

  /** Bytes of records that are superseded. */
  get supersededBytes(): number {
    const header = this.file.epoch > 0 ? HEADER_BYTES : 0;
    return Math.max(this.#log.end - header - this.#table.usedBytes, 0);
  }

  /** Where the durable records end. */
  get committedEnd(): number {
    return this.#log.committedEnd;
  }

  /** See {@link RecordLog.settled}. */
  settled(): Promise<void> {
    return this.#log.settled();
  }

  /** See {@link RecordLog.durable}. */
  durable(): Promise<void> {
    return this.#log.durable();
  }

  // ── Writing ──────────────────────────────────────────────────────────────────────────────────

  /** Appends messages, all or none. Their ids must be new. */
  append(messages: readonly FFMessageDTO[], at: number, op?: string): Promise<void> {
    const records = messages.map((message): MessageRecord => ({
      type: 'message',
      ...written(at, op),
      message,
    }));
    return this.#append(records, at, (index, location) => {
      const message = messages[index];
      if (message === undefined) return;
      this.#offsetFile.add(addEntry(this.#table, message, location));
      this.#counter.add(message);
      this.#recentIds.add(message.messageId);
      this.#lastMessageId = message.messageId;
    });
  }

  /** Replaces a message, as it is now, by a new version of it. */
  edit(
    ordinal: number,
    before: FFMessageDTO,
    after: FFMessageDTO,
    at: number,
    op?: string,
  ): Promise<void> {
    return this.#append(
      [{ type: 'edit', ...written(at, op), message: after }],
      at,
      (_, location) => {
        this.#change('edit', ordinal, after.messageId, location);
        this.#counter.replace(before, after);
      },
    );
  }

  delete(ordinal: number, message: FFMessageDTO, at: number, op?: string): Promise<void> {
    const { messageId } = message;
    return this.#append([{ type: 'delete', ...written(at, op), messageId }], at, (_, location) => {
      this.#change('delete', ordinal, messageId, location);
      this.#counter.remove(message);
      this.#recentIds.delete(messageId);
      if (this.#lastMessageId === messageId) this.#lastMessageId = undefined;
    });
  }

  /** Appends text of a growing message; it is not counted before the message is whole. */
  async grow(messageId: string, from: number, text: string, at: number): Promise<void> {
    const record: GrowRecord = { type: 'grow', at, messageId, from, text };
    await this.#log.append([record]).committed;
  }

  async #append(
    records: readonly MessageRecord[],
    at: number,
    apply: (index: number, location: Location) => void,
  ): Promise<void> {
    const { placements, committed } = this.#log.append(records);
    placements.forEach((placement, index) => {
      apply(index, placement);
      this.#described = endOf(placement, placement.seq);
    });
    for (const { op } of records) if (op !== undefined) this.operations.note({ op, at });
    this.#lastWriteAt = Math.max(this.#lastWriteAt, at);
    await committed;
    if (this.#offsetFile.unsavedCount >= SAVE_OFFSETS_AFTER) void this.saveOffsets();
  }

  #change(kind: 'edit' | 'delete', ordinal: number, messageId: string, at: Location): void {
    const { offset, length } = at;
    const entry: OffsetEntry = { kind, hash: hashId(messageId), ordinal, offset, length };
    this.#table.apply(entry);
    this.#offsetFile.add(entry);
  }

  /** Applies an edit or deletion that was found in the log. */
  async #replayChange({ record, offset, length }: LocatedRecord): Promise<void> {
    const change = record as unknown as MessageRecord;
    const messageId = messageIdOf(change);
    const found = await this.find(messageId);
    const at = { offset, length };
    if (change.type === 'edit') {
      if (found === null) {
        // The message's first record was damaged; its edit holds it whole.
        this.#offsetFile.add(addEntry(this.#table, change.message, at));
        this.#counter.add(change.message);
      } else if (found.message !== null) {
        this.#change('edit', found.ordinal, messageId, at);
        this.#counter.replace(found.message, change.message);
      }
    } else if (change.type === 'delete') {
      // Of a deleted message compaction leaves nothing but this.
      this.#change('delete', found?.ordinal ?? this.#table.nextOrdinal, messageId, at);
      if (found !== null && found.message !== null) this.#counter.remove(found.message);
    }
  }

  /** Writes down where the records lie, so that the next opening need not read them. */
  async saveOffsets(): Promise<void> {
    await this.#log.settled();
    // Else the next time will do. Without a table each opening of a damaged log finds its damage.
    if (this.failed || this.isDamaged || this.#log.isCommitting) return;
    await this.#offsetFile.save(this.#described, this.stats);
  }

  /** Lets go of the files: nothing touches them any more once it resolves. */
  async detach(): Promise<void> {
    await this.#log.settled();
    await this.#offsetFile.idle();
  }

  // ── Reading ──────────────────────────────────────────────────────────────────────────────────

  /** The live messages from `position` on, at most `limit`, in the order in which they were added. */
  async page(position: number, limit: number): Promise<FFMessageDTO[]> {
    const ordinals = this.#table.liveOrdinals(position, limit);
    const records = await this.readAt(ordinals.map((ordinal) => this.#table.locate(ordinal)));
    return records.flatMap((record) =>
      record === undefined || record.type === 'delete' ? [] : [record.message],
    );
  }

  /** The id of the last live message, which the next one answers by default; `null` without one. */
  async lastMessageId(): Promise<string | null> {
    if (this.#lastMessageId === undefined) {
      const [message] = await this.page(Math.max(this.count - 1, 0), 1);
      this.#lastMessageId = message?.messageId ?? null;
    }
    return this.#lastMessageId;
  }

  /** The message with this id, deleted or not; `null` when there never was one. */
  async find(messageId: string): Promise<FoundMessage | null> {
    for (const ordinal of this.#table.withHash(hashId(messageId))) {
      const [record] = await this.readAt([this.#table.locate(ordinal)]);
      if (record === undefined || messageIdOf(record) !== messageId) continue;
      return { ordinal, message: record.type === 'delete' ? null : record.message };
    }
    return null;
  }

  /** The ordinal of the message with this id, deleted or not; `null` when there never was one. */
  async ordinalOf(messageId: string): Promise<number | null> {
    const [ordinal, ...others] = this.#table.withHash(hashId(messageId));
    if (ordinal !== undefined && others.length === 0) return ordinal;
    return (await this.find(messageId))?.ordinal ?? null;
  }

  /** Where the newest record about a message lies: the message, or its tombstone. */
  locate(ordinal: number): Location {
    return this.#table.locate(ordinal);
  }

  isDeleted(ordinal: number): boolean {
    return this.#table.isDeleted(ordinal);
  }

  /** The messages with these ordinals as they are now; `null` for one that was deleted. */
  async atOrdinals(ordinals: readonly number[]): Promise<(FFMessageDTO | null)[]> {
    const known = ordinals.filter((ordinal) => ordinal < this.#table.nextOrdinal);
    const records = await this.readAt(known.map((ordinal) => this.#table.locate(ordinal)));
    const byOrdinal = new Map(known.map((ordinal, index) => [ordinal, records[index]]));
    return ordinals.map((ordinal) => {
      const record = byOrdinal.get(ordinal);
      return record === undefined || record.type === 'delete' ? null : record.message;
    });
  }

  /** Whether there is a live message with this id. */
  async has(messageId: string): Promise<boolean> {
    if (this.#recentIds.has(messageId)) return true;
    const found = await this.find(messageId);
    return found !== null && found.message !== null;
  }

  /** Whether an id is surely new; no read is needed to know. */
  isNew(messageId: string): boolean {
    return this.#table.withHash(hashId(messageId)).length === 0;
  }

  /** Runs a read on the file, of which the part before {@link committedEnd} counts. */
  read<T>(task: (file: BackendFile) => T): Promise<T | null> {
    return this.#log.read(task);
  }

  /** Looks for the earliest and the latest timestamp, where a deletion has made them unknown. */
  async findRange(): Promise<void> {
    if (!this.#counter.rangeUnknown) return;
    let [first, last] = [Infinity, -Infinity];
    for (let position = 0; position < this.count; position += SCAN_PAGE) {
      for (const { timestamp } of await this.page(position, SCAN_PAGE)) {
        first = Math.min(first, Date.parse(timestamp));
        last = Math.max(last, Date.parse(timestamp));
      }
    }
    if (first <= last) this.#counter.setRange(first, last);
  }

  /** The records at the given places, in their order; `undefined` for one that is damaged. */
  async readAt(places: readonly Location[]): Promise<(MessageRecord | undefined)[]> {
    const records: (MessageRecord | undefined)[] = Array.from({ length: places.length });
    const damaged: Location[] = [];
    // A place that the table knows may still be on its way to the disk.
    await this.#log.settled();
    await this.read((file) =>
      readPlaces(file, places, (index, bytes) => {
        const record = decodeRecord(bytes) as unknown as MessageRecord | undefined;
        const place = places[index];
        if (record === undefined && place !== undefined) damaged.push(place);
        records[index] = record;
      }),
    );
    if (damaged.length > 0) await this.#context.onDamage(this.#log.file.path, damaged);
    return records;
  }

  async #readLastWriteAt(): Promise<number> {
    const last = this.#table.lastPlace();
    const [record] = last === undefined ? [] : await this.readAt([last]);
    return record?.at ?? 0;
  }
}
