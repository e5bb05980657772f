import type { FFConfigInput } from '../../src/shared/config.ts';
import type { FFBackupInfoDTO } from '../../src/shared/model/backup.ts';
import { EntityTable, plainEntity, type Entity } from './entity-table.ts';
import { SHARED_SPACE, spaceFolder } from './layout.ts';
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
import { addTotals, NO_TOTALS, type SpaceTotals } from './space-totals.ts';

/** A folder that holds a space, or held one, or is being filled to hold one. */
export interface SpaceFolder {
  readonly spaceId: string;
  readonly number: number;
}

/** A backup, and the number in its file's name. */
export interface StoredBackup extends FFBackupInfoDTO {
  readonly number: number;
}

/** What the root catalog keeps besides users, by kind. */
interface RootEntities {
  backup: StoredBackup;
  settings: FFConfigInput;
  mark: Mark;
}

/** When something happened last; ISO 8601 in UTC with milliseconds. */
interface Mark {
  readonly at: string;
}

const EXPORTED = 'exported';

type RootKind = keyof RootEntities;

/**
 * What the root catalog holds. A folder that is `staged`, or whose user was deleted, or in whose place
 * another one was `adopted`, is to be removed until it is `swept`; every opening of the store tries
 * again. `obsolete` is what a rewritten catalog says of the latter two. `counting` says, before the
 * first change to a space, that its totals are about to run ahead of this catalog, and `counted`, at
 * some later time, what they are. What an operation has changed bears its mark; `done` says what one
 * has given of which the records do not tell.
 */
export type RootRecord = (RootChange & Partial<OperationMark>) | OperationsRecord;

type RootChange =
  | { readonly type: 'user-created'; readonly at: number; readonly userId: string }
  | { readonly type: 'user-deleted'; readonly at: number; readonly userId: string }
  | ({ readonly type: 'staged' | 'obsolete' | 'swept' } & SpaceFolder)
  | ({ readonly type: 'adopted'; readonly at: number } & SpaceFolder)
  | { readonly type: 'counting'; readonly spaceId: string }
  | { readonly type: 'counted'; readonly spaceId: string; readonly totals: SpaceTotals }
  | ({ readonly type: 'put'; readonly kind: RootKind } & Entity<unknown>)
  | { readonly type: 'drop'; readonly kind: RootKind; readonly id: string }
  | ({ readonly type: 'done'; readonly result: unknown } & OperationMark);

interface RootState {
  readonly userIds: Set<string>;
  /** When the user of an id was deleted last. */
  readonly deletedAt: Map<string, number>;
  readonly numberBySpace: Map<string, number>;
  /** By their paths. */
  readonly unswept: Map<string, SpaceFolder>;
  /** Paths of those of them that were being filled. */
  readonly staged: Set<string>;
  readonly counting: Set<string>;
  readonly totalsBySpace: Map<string, SpaceTotals>;
  /** What is on the disk of them: they may have changed since, without a record. */
  readonly recordedBySpace: Map<string, SpaceTotals>;
  /** Of all users together. */
  sum: SpaceTotals;
  readonly entities: { readonly [Kind in RootKind]: EntityTable<RootEntities[Kind]> };
  readonly operations: RecentOperations;
}

/** Which users there are, in which folders they lie, and what concerns the whole store. */
export class RootCatalog {
  readonly #log: RecordLog;
  readonly #state: RootState;

  private constructor(log: RecordLog, state: RootState) {
    this.#log = log;
    this.#state = state;
  }

  static async open(path: string, context: LogContext): Promise<RootCatalog> {
    const state: RootState = {
      userIds: new Set(),
      deletedAt: new Map(),
      numberBySpace: new Map(),
      unswept: new Map(),
      staged: new Set(),
      counting: new Set(),
      totalsBySpace: new Map(),
      recordedBySpace: new Map(),
      sum: NO_TOTALS,
      entities: { backup: new EntityTable(), settings: new EntityTable(), mark: new EntityTable() },
      operations: new RecentOperations(),
    };
    const log = await RecordLog.open(path, context, ({ record }: LocatedRecord) => {
      applyRecord(record as unknown as RootRecord, state);
    });
    return new RootCatalog(log, state);
  }

  /** Whether nothing was ever recorded here. */
  get isBlank(): boolean {
    return this.#log.committedSeq === 0;
  }

  /** Whether records were found damaged, so that users may be missing. */
  get isDamaged(): boolean {
    return this.#log.isDamaged;
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

  /** Folders that may still be there although nobody needs them. */
  get unsweptFolders(): SpaceFolder[] {
    return [...this.#state.unswept.values()];
  }

  isUnswept(folder: SpaceFolder): boolean {
    return this.#state.unswept.has(pathOf(folder));
  }

  /** Whether a folder was being filled and, as far as is known, never put to use. */
  isStaged(folder: SpaceFolder): boolean {
    return this.#state.staged.has(pathOf(folder));
  }

  /** In the order of their creation. */
  get userIds(): string[] {
    return [...this.#state.userIds];
  }

  get userCount(): number {
    return this.#state.userIds.size;
  }

  has(userId: string): boolean {
    return this.#state.userIds.has(userId);
  }

  /** When a user of that id was deleted, since the catalog was written anew. */
  deletedAt(userId: string): number | undefined {
    return this.#state.deletedAt.get(userId);
  }

  /** The folder in which a space lies. */
  folderOf(spaceId: string): string {
    return spaceFolder(spaceId, this.#state.numberBySpace.get(spaceId));
  }

  /** A folder for a space in which nothing lies and nothing is left over. */
  freeFolder(spaceId: string): SpaceFolder {
    let number = (this.#state.numberBySpace.get(spaceId) ?? 0) + 1;
    while (this.isUnswept({ spaceId, number })) number++;
    return { spaceId, number };
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

  /** @param op the operation whose doing it is, where somebody could ask */
  addUser(userId: string, at: number, op?: string): Promise<void> {
    const mark = op === undefined ? undefined : { op, at };
    return this.append([marked({ type: 'user-created', at, userId }, mark)]);
  }

  /** @param op the operation whose doing it is, where somebody could ask */
  deleteUser(userId: string, at: number, op?: string): Promise<void> {
    const mark = op === undefined ? undefined : { op, at };
    return this.append([marked({ type: 'user-deleted', at, userId }, mark)]);
  }

  markSwept(folder: SpaceFolder): Promise<void> {
    return this.append([{ type: 'swept', ...folder }]);
  }

  // ── Totals ───────────────────────────────────────────────────────────────────────────────────

  /** Must be durable before anything in the space is changed. */
  isCounting(spaceId: string): boolean {
    return this.#state.counting.has(spaceId);
  }

  /** Spaces whose totals, as they are known here, may be out of date. */
  get countingSpaceIds(): string[] {
    return [...this.#state.counting];
  }

  markCounting(spaceId: string): Promise<void> {
    return this.append([{ type: 'counting', spaceId }]);
  }

  /** Takes over, in memory, what a space comes to. */
  setTotals(spaceId: string, totals: SpaceTotals): void {
    applyTotals(this.#state, spaceId, totals);
  }

  /** Whether the next opening will find these totals here, and need not count again. */
  hasRecorded(spaceId: string, totals: SpaceTotals): boolean {
    const recorded = this.#state.recordedBySpace.get(spaceId) ?? NO_TOTALS;
    return !this.isCounting(spaceId) && JSON.stringify(recorded) === JSON.stringify(totals);
  }

  totalsOf(spaceId: string): SpaceTotals {
    return this.#state.totalsBySpace.get(spaceId) ?? NO_TOTALS;
  }

  /** What all users come to together. */
  get sum(): SpaceTotals {
    return this.#state.sum;
  }

  // ── Entities ─────────────────────────────────────────────────────────────────────────────────

  get backups(): Omit<EntityTable<StoredBackup>, 'put' | 'drop'> {
    return this.#state.entities.backup;
  }

  get settings(): Omit<EntityTable<FFConfigInput>, 'put' | 'drop'> {
    return this.#state.entities.settings;
  }

  /** When an export of everything was read to its end. */
  get exportedAt(): string | undefined {
    return this.#state.entities.mark.get(EXPORTED)?.value.at;
  }

  markExported(at: string): Promise<void> {
    return this.append([{ type: 'put', kind: 'mark', id: EXPORTED, value: { at } }]);
  }

  /** Records changes that stand or fall together. */
  append(records: readonly RootRecord[]): Promise<void> {
    for (const record of records) applyRecord(record, this.#state);
    return this.#log.append(records).committed;
  }

  /**
   * The records from which a log would come to the same state.
   *
   * @param keepSince when operations were carried out that are to be remembered; default: at any time
   */
  snapshot(at: number, keepSince = -Infinity): RootRecord[] {
    const { userIds, numberBySpace, unswept, counting, totalsBySpace, entities, operations } =
      this.#state;
    const records: RootRecord[] = [];
    for (const spaceId of [...userIds, SHARED_SPACE]) {
      const number = numberBySpace.get(spaceId) ?? 0;
      if (spaceId !== SHARED_SPACE) records.push({ type: 'user-created', at, userId: spaceId });
      if (number > 0) {
        // Staged first: nothing lies in the folder from which it would otherwise take over.
        records.push({ type: 'adopted', at, spaceId, number });
        records.push({ type: 'swept', spaceId, number: 0 });
      }
      const totals = totalsBySpace.get(spaceId);
      if (totals !== undefined) records.push({ type: 'counted', spaceId, totals });
      if (counting.has(spaceId)) records.push({ type: 'counting', spaceId });
    }
    for (const folder of unswept.values()) {
      records.push({ type: this.isStaged(folder) ? 'staged' : 'obsolete', ...folder });
    }
    for (const kind of Object.keys(entities) as RootKind[]) {
      for (const entity of entities[kind].values()) records.push({ type: 'put', kind, ...entity });
    }
    return [...records, ...operationsRecords(operations.since(keepSince))];
  }
}

function pathOf({ spaceId, number }: SpaceFolder): string {
  return spaceFolder(spaceId, number);
}

function applyRecord(record: RootRecord, state: RootState): void {
  const { userIds, numberBySpace, unswept, staged, counting, entities, operations } = state;
  operations.note(record);
  switch (record.type) {
    case 'user-created': {
      const { userId } = record;
      userIds.add(userId);
      unswept.delete(spaceFolder(userId));
      // Until they are counted, nobody knows what comes after this record.
      counting.add(userId);
      return;
    }
    case 'user-deleted': {
      const { userId: spaceId } = record;
      const folder: SpaceFolder = { spaceId, number: numberBySpace.get(spaceId) ?? 0 };
      userIds.delete(spaceId);
      state.deletedAt.set(spaceId, record.at);
      unswept.set(pathOf(folder), folder);
      forget(state, spaceId);
      return;
    }
    case 'staged':
    case 'obsolete': {
      const { type, spaceId, number } = record;
      unswept.set(pathOf(record), { spaceId, number });
      if (type === 'staged') staged.add(pathOf(record));
      return;
    }
    case 'swept':
      unswept.delete(pathOf(record));
      staged.delete(pathOf(record));
      return;
    case 'adopted': {
      const { spaceId, number } = record;
      const before: SpaceFolder = { spaceId, number: numberBySpace.get(spaceId) ?? 0 };
      forget(state, spaceId);
      unswept.set(pathOf(before), before);
      unswept.delete(pathOf(record));
      staged.delete(pathOf(record));
      numberBySpace.set(spaceId, number);
      if (spaceId !== SHARED_SPACE) userIds.add(spaceId);
      counting.add(spaceId);
      return;
    }
    case 'counting':
      counting.add(record.spaceId);
      return;
    case 'counted':
      counting.delete(record.spaceId);
      state.recordedBySpace.set(record.spaceId, record.totals);
      applyTotals(state, record.spaceId, record.totals);
      return;
    case 'put': {
      (entities[record.kind] as EntityTable<unknown>).put(plainEntity(record));
      return;
    }
    case 'drop':
      entities[record.kind].drop(record.id);
      return;
    case 'done':
    case 'operations':
  }
}

function applyTotals(state: RootState, spaceId: string, totals: SpaceTotals): void {
  if (state.userIds.has(spaceId)) {
    state.sum = addTotals(state.sum, state.totalsBySpace.get(spaceId) ?? NO_TOTALS, -1);
    state.sum = addTotals(state.sum, totals, 1);
  }
  state.totalsBySpace.set(spaceId, totals);
}

function forget(state: RootState, spaceId: string): void {
  if (spaceId !== SHARED_SPACE) {
    state.sum = addTotals(state.sum, state.totalsBySpace.get(spaceId) ?? NO_TOTALS, -1);
  }
  state.totalsBySpace.delete(spaceId);
  state.recordedBySpace.delete(spaceId);
  state.numberBySpace.delete(spaceId);
  state.counting.delete(spaceId);
}
