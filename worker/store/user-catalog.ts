import type { FFJsonObject } from '../../src/shared/model/json.ts';
import type { FFUserProfileDTO } from '../../src/shared/model/user.ts';
import type { LocatedRecord } from './log-scan.ts';
import { RecordLog, type LogContext } from './record-log.ts';

/** A session as the catalog knows it. Times are milliseconds since 1970. */
export interface SessionEntry {
  readonly sessionId: string;
  readonly title: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly messageCount: number;
  readonly metadata?: FFJsonObject;
}

/** What of a session its messages change. */
export interface SessionCount {
  readonly sessionId: string;
  readonly messageCount: number;
  readonly updatedAt: number;
}

/**
 * What a user's catalog holds. Messages are counted here without a record for each: `writing` says,
 * before the first of them, that the session's log is about to run ahead of the catalog, and
 * `counted`, at some later time, how far it has come. An opening counts those sessions anew that were
 * left `writing`. `swept` says that the folder of a deleted session is gone.
 */
type CatalogRecord =
  | { readonly type: 'user'; readonly profile: FFUserProfileDTO }
  | { readonly type: 'session'; readonly session: Omit<SessionEntry, 'messageCount'> }
  | { readonly type: 'session-deleted'; readonly sessionId: string }
  | { readonly type: 'session-swept'; readonly sessionId: string }
  | { readonly type: 'writing'; readonly sessionId: string }
  | ({ readonly type: 'counted' } & SessionCount);

interface CatalogState {
  profile: FFUserProfileDTO | undefined;
  /** In the order of activity, the least recent first. */
  readonly sessionById: Map<string, SessionEntry>;
  /** The last activity that this log knows of; what the messages say comes on top of it. */
  readonly recordedAtById: Map<string, number>;
  /** Sessions whose messages the log of this catalog may not have counted. */
  readonly writing: Set<string>;
  readonly unswept: Set<string>;
}

/**
 * One user's profile and list of sessions, whole in memory. Like every state beside a log it runs
 * ahead of the disk by what is being committed, and is dropped when a commit fails.
 */
export class UserCatalog {
  readonly #userId: string;
  readonly #log: RecordLog;
  readonly #state: CatalogState;

  private constructor(userId: string, log: RecordLog, state: CatalogState) {
    this.#userId = userId;
    this.#log = log;
    this.#state = state;
  }

  static async open(userId: string, path: string, context: LogContext): Promise<UserCatalog> {
    const state: CatalogState = {
      profile: undefined,
      sessionById: new Map(),
      recordedAtById: new Map(),
      writing: new Set(),
      unswept: new Set(),
    };
    const log = await RecordLog.open(path, context, ({ record }: LocatedRecord) =>
      applyRecord(state, record as unknown as CatalogRecord),
    );
    return new UserCatalog(userId, log, state);
  }

  get failed(): boolean {
    return this.#log.failed;
  }

  /** Whether nothing was ever recorded here. */
  get isBlank(): boolean {
    return this.#log.committedSeq === 0;
  }

  /** Whether records were found damaged, so that sessions may be missing. */
  get isDamaged(): boolean {
    return this.#log.isDamaged;
  }

  /** A bare one when its record is damaged: the user is there all the same. */
  get profile(): FFUserProfileDTO {
    const unknownTime = new Date(0).toISOString();
    return (
      this.#state.profile ?? {
        userId: this.#userId,
        createdAt: unknownTime,
        updatedAt: unknownTime,
      }
    );
  }

  get sessionCount(): number {
    return this.#state.sessionById.size;
  }

  /** Sessions that are to be counted anew after an opening, and marked by {@link saveCounts}. */
  get writingSessionIds(): string[] {
    return [...this.#state.writing];
  }

  /** Deleted sessions whose folder may still be there. */
  get unsweptSessionIds(): string[] {
    return [...this.#state.unswept];
  }

  settled(): Promise<void> {
    return this.#log.settled();
  }

  session(sessionId: string): SessionEntry | undefined {
    return this.#state.sessionById.get(sessionId);
  }

  /** All sessions, the one with the newest activity first. */
  sessions(): SessionEntry[] {
    return [...this.#state.sessionById.values()].reverse();
  }

  setProfile(profile: FFUserProfileDTO): Promise<void> {
    return this.#append({ type: 'user', profile });
  }

  /** Adds a session, or replaces what is not counted of one. */
  putSession({ messageCount: _, ...session }: SessionEntry): Promise<void> {
    return this.#append({ type: 'session', session });
  }

  deleteSession(sessionId: string): Promise<void> {
    return this.#append({ type: 'session-deleted', sessionId });
  }

  markSwept(sessionId: string): Promise<void> {
    return this.#append({ type: 'session-swept', sessionId });
  }

  /** Must be durable before the session's log is written to. */
  isWriting(sessionId: string): boolean {
    return this.#state.writing.has(sessionId);
  }

  markWriting(sessionId: string): Promise<void> {
    return this.#append({ type: 'writing', sessionId });
  }

  /** Takes over, in memory, what the messages of a session marked as `writing` come to. */
  setCount(count: SessionCount): void {
    applyCount(this.#state, count);
  }

  /** Takes note, in memory, that no other session has newer activity. */
  moveToFront(sessionId: string): void {
    const session = this.session(sessionId);
    if (session !== undefined) moveToEnd(this.#state.sessionById, session);
  }

  /** Puts the sessions in the order of their activity; needed once after an opening has counted. */
  sortByActivity(): void {
    const sessions = [...this.#state.sessionById.values()];
    sessions.sort((a, b) => a.updatedAt - b.updatedAt);
    this.#state.sessionById.clear();
    for (const session of sessions) this.#state.sessionById.set(session.sessionId, session);
  }

  /** Records the counts of sessions whose messages are durable; they are `writing` no more. */
  async saveCounts(sessionIds: readonly string[]): Promise<void> {
    const wanted = new Set(sessionIds);
    const records: CatalogRecord[] = [];
    // In the order of activity, which sessions of the same millisecond keep only through it.
    for (const { sessionId, messageCount, updatedAt } of this.#state.sessionById.values()) {
      if (!wanted.has(sessionId)) continue;
      records.push({ type: 'counted', sessionId, messageCount, updatedAt });
      this.#state.writing.delete(sessionId);
    }
    if (records.length > 0) await this.#log.append(records).committed;
  }

  #append(record: CatalogRecord): Promise<void> {
    applyRecord(this.#state, record);
    return this.#log.append([record]).committed;
  }
}

function applyRecord(state: CatalogState, record: CatalogRecord): void {
  const { sessionById, recordedAtById, writing, unswept } = state;
  switch (record.type) {
    case 'user':
      state.profile = record.profile;
      return;
    case 'session': {
      const { session } = record;
      const messageCount = sessionById.get(session.sessionId)?.messageCount ?? 0;
      recordedAtById.set(session.sessionId, session.updatedAt);
      moveToEnd(sessionById, { ...session, messageCount });
      return;
    }
    case 'session-deleted':
      sessionById.delete(record.sessionId);
      recordedAtById.delete(record.sessionId);
      writing.delete(record.sessionId);
      unswept.add(record.sessionId);
      return;
    case 'session-swept':
      unswept.delete(record.sessionId);
      return;
    case 'writing':
      writing.add(record.sessionId);
      return;
    case 'counted':
      writing.delete(record.sessionId);
      applyCount(state, record);
      recordedAtById.set(record.sessionId, sessionById.get(record.sessionId)?.updatedAt ?? 0);
  }
}

function applyCount({ sessionById, recordedAtById }: CatalogState, count: SessionCount): void {
  const { sessionId, messageCount, updatedAt } = count;
  const session = sessionById.get(sessionId);
  if (session === undefined) return;
  // Not what was counted last: that may have been taken back, because it could not be written.
  const latest = Math.max(recordedAtById.get(sessionId) ?? 0, updatedAt);
  if (latest === session.updatedAt && messageCount === session.messageCount) return;
  moveToEnd(sessionById, { ...session, messageCount, updatedAt: latest });
}

/** The last key of a map is the one that was set last; setting it anew alone would keep its place. */
function moveToEnd(sessionById: Map<string, SessionEntry>, session: SessionEntry): void {
  sessionById.delete(session.sessionId);
  sessionById.set(session.sessionId, session);
}
