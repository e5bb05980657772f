import type { FFJsonObject } from '../../src/shared/model/json.ts';
import type { FFPanelType } from '../../src/shared/model/panel.ts';
import { NO_MESSAGES, StatsSum, type MessageStats } from './message-stats.ts';

/** What the catalog says of a session. Times are milliseconds since 1970. */
export interface SessionInfo {
  readonly sessionId: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly metadata?: FFJsonObject;
  /** Only in the shared space, the sessions of which are panels. */
  readonly panel?: PanelInfo;
}

/** What a panel has besides what every session has. */
export interface PanelInfo {
  readonly type: FFPanelType;
  readonly personaIds: readonly string[];
  readonly ownerId?: string;
  readonly config?: FFJsonObject;
}

/** What is left of a panel whose record was damaged: its messages can be read, and nobody speaks. */
export const LOST_PANEL: PanelInfo = { type: 'multi_persona', personaIds: [] };

/** Bytes of a session's files, documents not included. */
export interface SessionBytes {
  readonly messages: number;
  readonly indexes: number;
}

/** What of a session its messages change. */
export interface SessionCount {
  readonly sessionId: string;
  readonly messageCount: number;
  readonly updatedAt: number;
  readonly stats: MessageStats;
  readonly bytes: SessionBytes;
}

/** The earliest and the latest timestamp of messages; `null` where there is none. */
export interface TimeRange {
  readonly firstAt: number | null;
  readonly lastAt: number | null;
}

const NO_RANGE: TimeRange = { firstAt: null, lastAt: null };

/** A session as it is known: what the catalog says, and what its messages come to. */
export type SessionEntry = SessionInfo & SessionCount;

const NO_BYTES: SessionBytes = { messages: 0, indexes: 0 };

/**
 * The sessions of a space in the order of their activity, and what they come to together, kept up to
 * date with every change so that nobody has to add it up.
 */
export class SessionTable {
  /** The least recent activity first. */
  readonly #entryById = new Map<string, SessionEntry>();
  /** The last activity that the catalog knows of; what the messages say comes on top of it. */
  readonly #recordedAtById = new Map<string, number>();
  readonly #sum = new StatsSum();
  #messageCount = 0;
  #messageBytes = 0;
  #indexBytes = 0;
  readonly #unknownRange = new Set<string>();
  /** `undefined` when it has to be looked for among all sessions. */
  #range: TimeRange | undefined = NO_RANGE;

  get size(): number {
    return this.#entryById.size;
  }

  get messageCount(): number {
    return this.#messageCount;
  }

  get bytes(): SessionBytes {
    return { messages: this.#messageBytes, indexes: this.#indexBytes };
  }

  /** What all messages come to. */
  get sum(): StatsSum {
    return this.#sum;
  }

  /** Sessions of which the range of times is not known; {@link range} leaves them out. */
  get idsWithUnknownRange(): string[] {
    return [...this.#unknownRange];
  }

  /** From the earliest message of all sessions to the latest. */
  get range(): TimeRange {
    this.#range ??= [...this.#entryById.values()].reduce(
      (range, { stats }) => widen(range, stats),
      NO_RANGE,
    );
    return this.#range;
  }

  get(sessionId: string): SessionEntry | undefined {
    return this.#entryById.get(sessionId);
  }

  /** The one with the least recent activity first. */
  values(): IterableIterator<SessionEntry> {
    return this.#entryById.values();
  }

  /** Adds a session, or replaces what the catalog says of one. */
  put(info: SessionInfo): void {
    const { sessionId } = info;
    const known = this.#entryById.get(sessionId);
    this.#recordedAtById.set(sessionId, info.updatedAt);
    const { messageCount = 0, stats = NO_MESSAGES, bytes = NO_BYTES } = known ?? {};
    this.#moveToEnd({ ...info, messageCount, stats, bytes });
  }

  /**
   * Takes over what a session's messages come to; gives whether that is anything new.
   *
   * @param recorded whether the catalog's log says so, or only the memory
   */
  count(count: SessionCount, recorded: boolean): boolean {
    const { sessionId, updatedAt, messageCount, stats, bytes } = count;
    const entry = this.#entryById.get(sessionId);
    if (entry === undefined) return false;
    this.#add(entry, -1);
    this.#sum.replace(entry.stats, stats);
    this.#replaceRange(sessionId, entry.stats, stats);
    // Not what was counted last: that may have been taken back, because it could not be written.
    const latest = Math.max(this.#recordedAtById.get(sessionId) ?? 0, updatedAt);
    const counted: SessionEntry = { ...entry, messageCount, stats, bytes, updatedAt: latest };
    this.#add(counted, 1);
    if (latest === entry.updatedAt && messageCount === entry.messageCount) {
      this.#entryById.set(sessionId, counted);
    } else {
      this.#moveToEnd(counted);
    }
    if (recorded) this.#recordedAtById.set(sessionId, latest);
    const { messages, indexes } = entry.bytes;
    return messages !== bytes.messages || indexes !== bytes.indexes;
  }

  delete(sessionId: string): void {
    const entry = this.#entryById.get(sessionId);
    if (entry === undefined) return;
    this.#add(entry, -1);
    this.#sum.replace(entry.stats, NO_MESSAGES);
    this.#replaceRange(sessionId, entry.stats, NO_MESSAGES);
    this.#entryById.delete(sessionId);
    this.#recordedAtById.delete(sessionId);
  }

  moveToFront(sessionId: string): void {
    const entry = this.#entryById.get(sessionId);
    if (entry !== undefined) this.#moveToEnd(entry);
  }

  sortByActivity(): void {
    const entries = [...this.#entryById.values()];
    entries.sort((a, b) => a.updatedAt - b.updatedAt);
    this.#entryById.clear();
    for (const entry of entries) this.#entryById.set(entry.sessionId, entry);
  }

  #replaceRange(sessionId: string, before: MessageStats, after: MessageStats): void {
    if (after.rangeUnknown) this.#unknownRange.add(sessionId);
    else this.#unknownRange.delete(sessionId);
    if (this.#range === undefined) return;
    // Another session may be the one that begins, or ends, the range now.
    this.#range = narrows(this.#range, before, after) ? undefined : widen(this.#range, after);
  }

  #add({ messageCount, bytes }: SessionCount, by: 1 | -1): void {
    this.#messageCount += by * messageCount;
    this.#messageBytes += by * bytes.messages;
    this.#indexBytes += by * bytes.indexes;
  }

  /** The last key of a map is the one that was set last; setting it anew alone would keep its place. */
  #moveToEnd(entry: SessionEntry): void {
    this.#entryById.delete(entry.sessionId);
    this.#entryById.set(entry.sessionId, entry);
  }
}

function widen(range: TimeRange, { firstAt, lastAt }: TimeRange): TimeRange {
  if (firstAt === null || lastAt === null) return range;
  return {
    firstAt: Math.min(range.firstAt ?? firstAt, firstAt),
    lastAt: Math.max(range.lastAt ?? lastAt, lastAt),
  };
}

/** Whether what began or ended the range does so no more. */
function narrows(range: TimeRange, before: TimeRange, after: TimeRange): boolean {
  if (before.firstAt === null || before.lastAt === null) return false;
  if (after.firstAt === null || after.lastAt === null) return true;
  return (
    (before.firstAt === range.firstAt && after.firstAt > before.firstAt) ||
    (before.lastAt === range.lastAt && after.lastAt < before.lastAt)
  );
}
