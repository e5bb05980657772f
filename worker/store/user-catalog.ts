import type { FFSituationalContextDTO } from '../../src/shared/model/context.ts';
import type { FFDocumentDTO } from '../../src/shared/model/document.ts';
import type { FFPersonaDTO } from '../../src/shared/model/panel.ts';
import type { FFUserProfileDTO } from '../../src/shared/model/user.ts';
import { EntityTable, plainEntity, type Entity } from './entity-table.ts';
import type { LogFile } from './log-file.ts';
import type { LocatedRecord } from './log-scan.ts';
import {
  marked,
  operationsRecords,
  RecentOperations,
  type OperationMark,
  type OperationsRecord,
} from './operations.ts';
import { RecordLog, type LogContext } from './record-log.ts';
import {
  SessionTable,
  type SessionCount,
  type SessionEntry,
  type SessionInfo,
} from './session-table.ts';

/** What a catalog keeps besides sessions, by kind. */
export interface CatalogEntities {
  document: FFDocumentDTO;
  context: FFSituationalContextDTO;
  persona: FFPersonaDTO;
  /** By {@link growingId}. */
  growing: GrowingEntity;
}

/** A message that is being written; it is known here before its session's log holds it. */
export interface GrowingEntity {
  readonly sessionId: string;
  readonly messageId: string;
  /** Who writes it, by the lock that the caller's thread holds for as long as it lives. */
  readonly caller: string;
}

/** No id contains a slash. */
export function growingId(sessionId: string, messageId: string): string {
  return `${sessionId}/${messageId}`;
}

type EntityKind = keyof CatalogEntities;

/** The entities of each kind. */
export type EntityTables = {
  readonly [Kind in EntityKind]: EntityTable<CatalogEntities[Kind]>;
};

/**
 * What the catalog of a space holds. Messages are counted here without a record for each: `writing`
 * says, before the first of them, that the session's log is about to run ahead of the catalog, and
 * `counted`, at some later time, how far it has come. An opening counts those sessions anew that were
 * left `writing`. `session-swept` says that the folder of a deleted session is gone. What an operation
 * has changed bears its mark.
 */
export type CatalogRecord = (CatalogChange & Partial<OperationMark>) | OperationsRecord;

type CatalogChange =
  | { readonly type: 'user'; readonly profile: FFUserProfileDTO }
  | { readonly type: 'session'; readonly session: SessionInfo }
  | { readonly type: 'session-deleted'; readonly sessionId: string }
  | { readonly type: 'session-swept'; readonly sessionId: string }
  | { readonly type: 'writing'; readonly sessionId: string }
  | ({ readonly type: 'counted' } & SessionCount)
  | ({ readonly type: 'put'; readonly kind: EntityKind } & Entity<unknown>)
  | { readonly type: 'drop'; readonly kind: EntityKind; readonly id: string };

/** What goes with a change of an entity: all of it happens, or none. */
export interface EntityChange {
  /** Entities of the same kind that are dropped. */
  readonly dropIds?: readonly string[];
  /** The session that is changed by it. */
  readonly session?: SessionInfo & Partial<SessionCount>;
  readonly mark?: OperationMark | undefined;
}

interface CatalogState {
  profile: FFUserProfileDTO | undefined;
  readonly sessions: SessionTable;
  readonly entities: EntityTables;
  /** Sessions whose messages the log of this catalog may not have counted. */
  readonly writing: Set<string>;
  readonly unswept: Set<string>;
  /** Sessions whose count in memory is another one than in the log. */
  readonly uncounted: Set<string>;
  readonly operations: RecentOperations;
}

/**
 * The catalog of a space: a user's profile, sessions, documents and contexts, or the personas and
 * panels that are shared. It is whole in memory. Like every state beside a log it runs ahead of the
 * disk by what is being committed, and is dropped when a commit fails.
 */
export class UserCatalog {
  /** Bytes of the files of the search index, as far as they are known; nothing here depends on them. */
  searchBytes = 0;
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
      sessions: new SessionTable(),
      entities: {
        document: new EntityTable(),
        context: new EntityTable(),
        persona: new EntityTable(),
        growing: new EntityTable(),
      },
      writing: new Set(),
      unswept: new Set(),
      uncounted: new Set(),
      operations: new RecentOperations(),
    };
    const log = await RecordLog.open(path, context, ({ record }: LocatedRecord) =>
      applyRecord(state, record as unknown as CatalogRecord),
    );
    return new UserCatalog(userId, log, state);
  }

  get failed(): boolean {
    return this.#log.failed;
  }

  /** The file that holds it. */
  get file(): LogFile {
    return this.#log.file;
  }

  /** Bytes of it on the disk. */
  get bytes(): number {
    return this.#log.committedEnd;
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
    return this.#state.sessions.size;
  }

  /** The sessions, and what they come to together; to be read, not changed. */
  get sessionTable(): Omit<SessionTable, 'put' | 'count' | 'delete'> {
    return this.#state.sessions;
  }

  /** The entities; to be read, and changed by {@link putEntity} and {@link dropEntities}. */
  get entities(): EntityTables {
    return this.#state.entities;
  }

  /** Sessions that are to be counted anew after an opening. */
  get writingSessionIds(): string[] {
    return [...this.#state.writing];
  }

  /** Deleted sessions whose folder may still be there. */
  get unsweptSessionIds(): string[] {
    return [...this.#state.unswept];
  }

  /** Whose doing it is, as far as is remembered. */
  get operations(): Omit<RecentOperations, 'note'> {
    return this.#state.operations;
  }

  settled(): Promise<void> {
    return this.#log.settled();
  }

  /** Resolves when everything recorded so far is durable; rejects when some of it was not kept. */
  durable(): Promise<void> {
    return this.#log.durable();
  }

  session(sessionId: string): SessionEntry | undefined {
    return this.#state.sessions.get(sessionId);
  }

  /** All sessions, the one with the newest activity first. */
  sessions(): SessionEntry[] {
    return [...this.#state.sessions.values()].reverse();
  }

  setProfile(profile: FFUserProfileDTO, mark?: OperationMark): Promise<void> {
    return this.#append([marked({ type: 'user', profile }, mark)]);
  }

  /** Adds a session, or replaces what is not counted of one. */
  putSession(entry: SessionInfo & Partial<SessionCount>, mark?: OperationMark): Promise<void> {
    return this.#append([marked(sessionRecord(entry), mark)]);
  }

  deleteSession(sessionId: string, mark?: OperationMark): Promise<void> {
    return this.#append([marked({ type: 'session-deleted', sessionId }, mark)]);
  }

  markSwept(sessionId: string): Promise<void> {
    return this.#append([{ type: 'session-swept', sessionId }]);
  }

  /** Adds or replaces an entity. */
  putEntity<Kind extends EntityKind>(
    kind: Kind,
    entity: Entity<CatalogEntities[Kind]>,
    change: EntityChange = {},
  ): Promise<void> {
    return this.#append(entityRecords(kind, [{ type: 'put', kind, ...entity }], change));
  }

  dropEntities(
    kind: EntityKind,
    ids: readonly string[],
    change: Omit<EntityChange, 'dropIds'> = {},
  ): Promise<void> {
    if (ids.length === 0) return this.durable();
    return this.#append(entityRecords(kind, [], { ...change, dropIds: ids }));
  }

  /** Must be durable before the session's log is written to. */
  isWriting(sessionId: string): boolean {
    return this.#state.writing.has(sessionId);
  }

  markWriting(sessionId: string): Promise<void> {
    return this.#append([{ type: 'writing', sessionId }]);
  }

  /** Takes over, in memory, what the messages of a session come to. */
  setCount(count: SessionCount): void {
    if (this.#state.sessions.count(count, false)) this.#state.uncounted.add(count.sessionId);
  }

  /** Takes note, in memory, that no other session has newer activity. */
  moveToFront(sessionId: string): void {
    this.#state.sessions.moveToFront(sessionId);
  }

  /** Puts the sessions in the order of their activity; needed once after an opening has counted. */
  sortByActivity(): void {
    this.#state.sessions.sortByActivity();
  }

  /** Records the counts of sessions, whose messages must be durable; none is `writing` any more. */
  async saveCounts(): Promise<void> {
    const { sessions, writing, uncounted } = this.#state;
    const records: CatalogRecord[] = [];
    let lastAt = -Infinity;
    // In the order of activity, which sessions of the same millisecond keep only through it: those
    // that come after one that is recorded are recorded too.
    for (const session of sessions.values()) {
      const { sessionId, updatedAt } = session;
      const isDue = writing.has(sessionId) || uncounted.has(sessionId);
      if (!isDue && updatedAt !== lastAt) continue;
      lastAt = updatedAt;
      records.push(countedRecord(session));
      sessions.count(session, true);
    }
    writing.clear();
    uncounted.clear();
    if (records.length > 0) await this.#log.append(records).committed;
  }

  /**
   * The records from which a log would come to the same state.
   *
   * @param keepSince when operations were carried out that are to be remembered; default: at any time
   */
  snapshot(keepSince = -Infinity): CatalogRecord[] {
    const { profile, sessions, entities, writing, unswept, operations } = this.#state;
    const records: CatalogRecord[] = profile === undefined ? [] : [{ type: 'user', profile }];
    for (const sessionId of unswept) records.push({ type: 'session-deleted', sessionId });
    for (const entry of sessions.values()) {
      records.push(sessionRecord(entry), countedRecord(entry));
    }
    for (const kind of Object.keys(entities) as EntityKind[]) {
      for (const entity of entities[kind].values()) records.push({ type: 'put', kind, ...entity });
    }
    // After the counts, which would take the mark away.
    for (const sessionId of writing) records.push({ type: 'writing', sessionId });
    return [...records, ...operationsRecords(operations.since(keepSince))];
  }

  #append(records: readonly CatalogRecord[]): Promise<void> {
    for (const record of records) applyRecord(this.#state, record);
    return this.#log.append(records).committed;
  }
}

function sessionRecord(entry: SessionInfo & Partial<SessionCount>): CatalogChange {
  const { messageCount: _m, stats: _s, bytes: _b, ...session } = entry;
  return { type: 'session', session };
}

function entityRecords(
  kind: EntityKind,
  put: readonly CatalogChange[],
  { dropIds = [], session, mark }: EntityChange,
): CatalogRecord[] {
  const drops = dropIds.map((id): CatalogChange => ({ type: 'drop', kind, id }));
  const records = [...put, ...drops].map((record) => marked(record, mark));
  return session === undefined ? records : [...records, sessionRecord(session)];
}

/** The record by which a catalog knows what a session's messages come to. */
export function countedRecord(entry: SessionCount): CatalogRecord {
  const { sessionId, messageCount, updatedAt, stats, bytes } = entry;
  return { type: 'counted', sessionId, messageCount, updatedAt, stats, bytes };
}

function applyRecord(state: CatalogState, record: CatalogRecord): void {
  const { sessions, entities, writing, unswept, operations } = state;
  operations.note(record);
  switch (record.type) {
    case 'user':
      state.profile = record.profile;
      return;
    case 'session':
      sessions.put(record.session);
      return;
    case 'session-deleted':
      sessions.delete(record.sessionId);
      entities.document.dropSession(record.sessionId);
      entities.context.dropSession(record.sessionId);
      entities.growing.dropSession(record.sessionId);
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
      sessions.count(record, true);
      sessions.moveToFront(record.sessionId);
      return;
    case 'put':
      (entities[record.kind] as EntityTable<unknown>).put(plainEntity(record));
      return;
    case 'drop':
      entities[record.kind].drop(record.id);
      return;
    case 'operations':
  }
}
