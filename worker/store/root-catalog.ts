import type { LocatedRecord } from './log-scan.ts';
import { RecordLog, type LogContext } from './record-log.ts';

/**
 * What the root catalog holds. A deleted user is `swept` once their folder is gone; until then every
 * opening of the store tries again.
 */
type RootRecord =
  | { readonly type: 'user-created'; readonly at: number; readonly userId: string }
  | { readonly type: 'user-deleted'; readonly at: number; readonly userId: string }
  | { readonly type: 'user-swept'; readonly userId: string };

/** Which users there are. */
export class RootCatalog {
  readonly #log: RecordLog;
  readonly #userIds: Set<string>;
  readonly #unswept: Set<string>;

  private constructor(log: RecordLog, userIds: Set<string>, unswept: Set<string>) {
    this.#log = log;
    this.#userIds = userIds;
    this.#unswept = unswept;
  }

  static async open(path: string, context: LogContext): Promise<RootCatalog> {
    const userIds = new Set<string>();
    const unswept = new Set<string>();
    const log = await RecordLog.open(path, context, ({ record }: LocatedRecord) => {
      applyRecord(record as unknown as RootRecord, userIds, unswept);
    });
    return new RootCatalog(log, userIds, unswept);
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

  /** Deleted users whose folder may still be there. */
  get unsweptUserIds(): string[] {
    return [...this.#unswept];
  }

  /** In the order of their creation. */
  get userIds(): string[] {
    return [...this.#userIds];
  }

  has(userId: string): boolean {
    return this.#userIds.has(userId);
  }

  settled(): Promise<void> {
    return this.#log.settled();
  }

  addUser(userId: string, at: number): Promise<void> {
    return this.#append({ type: 'user-created', at, userId });
  }

  deleteUser(userId: string, at: number): Promise<void> {
    return this.#append({ type: 'user-deleted', at, userId });
  }

  markSwept(userId: string): Promise<void> {
    return this.#append({ type: 'user-swept', userId });
  }

  #append(record: RootRecord): Promise<void> {
    applyRecord(record, this.#userIds, this.#unswept);
    return this.#log.append([record]).committed;
  }
}

function applyRecord(record: RootRecord, userIds: Set<string>, unswept: Set<string>): void {
  const { type, userId } = record;
  switch (type) {
    case 'user-created':
      userIds.add(userId);
      unswept.delete(userId);
      return;
    case 'user-deleted':
      userIds.delete(userId);
      unswept.add(userId);
      return;
    case 'user-swept':
      unswept.delete(userId);
  }
}
