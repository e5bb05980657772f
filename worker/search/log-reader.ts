import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { FFPanelMessageDTO } from '../../src/shared/model/panel.ts';
import { SHARED_SPACE } from '../store/layout.ts';
import { HEADER_BYTES } from '../store/log-file.ts';
import { decodeLine } from '../store/damaged-lines.ts';
import type { MessageLog } from '../store/message-log.ts';
import { readLines } from '../store/log-scan.ts';
import {
  isMessageRecord,
  messageIdOf,
  type MessageRecord,
  type SessionRecord,
} from '../store/message-record.ts';
import { recordsFrom } from '../store/message-slices.ts';
import { ROLES } from '../store/message-stats.ts';
import type { Store } from '../store/store.ts';
import type { Place } from './index/place.ts';
import { panelIdOf } from './keys.ts';
import { ownerOfSpeech, voicesOf } from './panel-owner.ts';

/** The work that indexing does before it lets others have the thread. */
const SLICE_BYTES = 65_536;

/** How many times as fast as indexing it is to pass over what does not matter. */
const SCAN_SPEED = 8;

/** The checksum at the end of a record, with its quotation marks, brace and line feed. */
const SIGNATURE_BYTES = 12;

/** What an index takes of a message. */
export interface IndexableMessage {
  readonly content: string;
  readonly name: string;
  /** Index in {@link ROLES}. */
  readonly role: number;
  readonly time: number;
}

/** The next records of a log, and the place behind them. */
export interface LogSlice {
  /** In the log's order; `null` stands for a message that is gone. */
  readonly changes: readonly {
    readonly ordinal: number;
    readonly message: IndexableMessage | null;
  }[];
  /** Only messages with a lower ordinal than this can be in the index. */
  readonly count: number;
  readonly next: Place;
}

/**
 * `end`: there is nothing more. `gone`: there is no such session, or nothing in it is the user's.
 * `other`: it is not the log that was followed to that place, so that it is to be read anew.
 */
export type SliceResult = LogSlice | 'end' | 'gone' | 'other';

/** What a part of a log says that may matter to a query. */
export interface ScanSlice {
  /** In the log's order, with where each of them lies; `null` stands for a message that is gone. */
  readonly changes: readonly {
    readonly ordinal: number;
    readonly offset: number;
    readonly message: IndexableMessage | null;
  }[];
  readonly next: Place;
}

type IsVisible = (message: FFMessageDTO) => boolean;

/** Reads the logs of sessions and panels for an index. */
export class LogReader {
  readonly #store: Store;
  /** Damaged logs that were read from their beginning since they were opened. */
  readonly #readAnew = new WeakSet<MessageLog>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The next records of a log. */
  readSlice(userId: string, key: string, place: Place): Promise<SliceResult> {
    return this.#inLane(userId, key, place, (log, known, isVisible) =>
      this.#read(log, known, isVisible),
    );
  }

  /**
   * The same for whoever looks for something: only the records whose lines pass a test, without a
   * look at the others' checksums.
   */
  scanSlice(
    userId: string,
    key: string,
    place: Place,
    accepts: (line: Uint8Array) => boolean,
  ): Promise<ScanSlice | Exclude<SliceResult, LogSlice>> {
    return this.#inLane(userId, key, place, (log, known, isVisible) =>
      this.#scan(log, known, isVisible, accepts),
    );
  }

  /** Opens a log, in its lane, if it is the one that was followed to a place. */
  #inLane<T>(
    userId: string,
    key: string,
    place: Place,
    read: (log: MessageLog, place: Place, isVisible: IsVisible) => Promise<T>,
  ): Promise<T | 'gone' | 'other'> {
    const panelId = panelIdOf(key);
    return panelId === undefined
      ? this.#ownLog(userId, key, place, read)
      : this.#panelLog(userId, panelId, place, read);
  }

  #ownLog<T>(
    userId: string,
    sessionId: string,
    place: Place,
    read: (log: MessageLog, place: Place, isVisible: IsVisible) => Promise<T>,
  ): Promise<T | 'gone' | 'other'> {
    return this.#store.background(userId, async () => {
      const catalog = await this.#store.user(userId);
      const session = catalog?.session(sessionId);
      if (session === undefined) return 'gone';
      const { createdAt } = session;
      if (place.offset > 0 && place.createdAt !== createdAt) return 'other';
      const log = await this.#store.messages(userId, sessionId);
      if (!(await this.#isSameLog(log, place))) return 'other';
      return read(log, { ...place, createdAt }, () => true);
    });
  }

  #panelLog<T>(
    userId: string,
    panelId: string,
    place: Place,
    read: (log: MessageLog, place: Place, isVisible: IsVisible) => Promise<T>,
  ): Promise<T | 'gone' | 'other'> {
    return this.#store.background(SHARED_SPACE, async () => {
      const shared = await this.#store.shared();
      const { panel, createdAt = 0 } = shared.session(panelId) ?? {};
      if (panel === undefined) return 'gone';
      // No id contains a slash.
      const voices = voicesOf(shared, panel, userId).join('/');
      if (voices === '') return 'gone';
      // A persona was deleted, or another one has taken its id.
      const isFollowed = place.createdAt === createdAt && place.voices === voices;
      if (place.offset > 0 && !isFollowed) return 'other';
      const log = await this.#store.messages(SHARED_SPACE, panelId);
      if (!(await this.#isSameLog(log, place))) return 'other';
      return read(
        log,
        { ...place, createdAt, voices },
        (message) =>
          ownerOfSpeech(shared, panel, (message as FFPanelMessageDTO).personaId) === userId,
      );
    });
  }

  /** Only in the lane of the log. */
  async #read(log: MessageLog, place: Place, isVisible: IsVisible): Promise<LogSlice | 'end'> {
    const { epoch } = log.file;
    const from = startOf(log, place);
    const { records, next: offset } = await recordsFrom(log, from, SLICE_BYTES);
    if (offset === place.offset) return 'end';
    const changes: LogSlice['changes'][number][] = [];
    let { count } = place;
    for (const record of records) {
      if (!isMessageRecord(record)) continue;
      const ordinal = await log.ordinalOf(messageIdOf(record));
      // The tombstone of a message that was damaged.
      if (ordinal === null) continue;
      changes.push({ ordinal, message: indexableOf(record, isVisible) });
      count = Math.max(count, ordinal + 1);
    }
    const signature = await this.#signature(log, offset);
    return { changes, count: place.count, next: { ...place, epoch, offset, count, signature } };
  }

  /** Only in the lane of the log. */
  async #scan(
    log: MessageLog,
    place: Place,
    isVisible: IsVisible,
    accepts: (line: Uint8Array) => boolean,
  ): Promise<ScanSlice | 'end'> {
    const from = startOf(log, place);
    const changes: ScanSlice['changes'][number][] = [];
    let next = from;
    let work = 0;
    const records: { readonly record: SessionRecord; readonly offset: number }[] = [];
    await this.#store.files.use(log.file.path, (file) => {
      for (const { offset, line } of readLines(file, from, log.committedEnd)) {
        next = offset + line.length;
        const isAccepted = accepts(line);
        const record = isAccepted ? decodeLine(line) : undefined;
        if (record !== undefined) {
          records.push({ record: record as unknown as SessionRecord, offset });
        }
        // What is accepted is taken apart, which takes far longer than passing over it.
        work += isAccepted ? line.length : line.length / SCAN_SPEED;
        if (work >= SLICE_BYTES) return;
      }
    });
    if (next === from) return 'end';
    for (const { record, offset } of records) {
      if (!isMessageRecord(record)) continue;
      const ordinal = await log.ordinalOf(messageIdOf(record));
      if (ordinal === null) continue;
      changes.push({ ordinal, offset, message: indexableOf(record, isVisible) });
    }
    const signature = await this.#signature(log, next);
    return { changes, next: { ...place, epoch: log.file.epoch, offset: next, signature } };
  }

  /** Whether a place, unless it is the beginning, is one of this very log. */
  async #isSameLog(log: MessageLog, { epoch, offset, signature }: Place): Promise<boolean> {
    if (offset === 0) {
      this.#readAnew.add(log);
      return true;
    }
    // Without the records that are lost the messages behind them have other ordinals.
    if (log.isDamaged && !this.#readAnew.has(log)) return false;
    if (epoch !== log.file.epoch || offset > log.committedEnd) return false;
    return (await this.#signature(log, offset)) === signature;
  }

  async #signature(log: MessageLog, offset: number): Promise<string> {
    const bytes = new Uint8Array(Math.min(offset, SIGNATURE_BYTES));
    const length = await this.#store.files.use(log.file.path, (file) =>
      file.read(bytes, offset - bytes.length),
    );
    return String.fromCharCode(...bytes.subarray(0, length ?? 0));
  }
}

function startOf(log: MessageLog, { offset }: Place): number {
  return offset > 0 ? offset : log.file.epoch > 0 ? HEADER_BYTES : 0;
}

/** A message that still grows is indexed when it has ended: until then it would be all but out of date. */
function indexableOf(record: MessageRecord, isVisible: IsVisible): IndexableMessage | null {
  if (record.type === 'delete' || record.message.status === 'streaming') return null;
  return isVisible(record.message) ? toIndexable(record.message) : null;
}

export function toIndexable({
  content,
  name = '',
  role,
  timestamp,
}: FFMessageDTO): IndexableMessage {
  return { content, name, role: ROLES.indexOf(role), time: Date.parse(timestamp) };
}
