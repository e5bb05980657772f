/**
 * How long a log that is rewritten goes on to remember an operation whose own records it leaves out.
 * A call is repeated as soon as there is another owner, and no later than its deadline.
 */
export const OPERATIONS_KEPT_MS = 600_000;

/** Operations that a catalog remembers; those that may be repeated are the last few. */
const MAX_REMEMBERED = 4_096;

/** By what a record tells whose doing it is: the operation's id, and when it was carried out. */
export interface OperationMark {
  readonly op: string;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** What is known of an operation that was carried out. */
export interface DoneOperation extends OperationMark {
  /** How many records of a message log are its doing. */
  readonly records?: number;
  /** What the call gave, where its records do not tell. */
  readonly result?: unknown;
}

/** Stands at the end of what was rewritten, for operations whose own records are left out. */
export interface OperationsRecord {
  readonly type: 'operations';
  readonly done: readonly DoneOperation[];
}

/** A record that says whose doing it is, where somebody could ask. */
export function marked<R extends object>(
  record: R,
  mark: OperationMark | undefined,
): R & Partial<OperationMark> {
  return mark === undefined ? record : { ...record, ...mark };
}

/** The record that keeps operations in a log; none where there is nothing to keep. */
export function operationsRecords(done: readonly DoneOperation[]): OperationsRecord[] {
  return done.length === 0 ? [] : [{ type: 'operations', done }];
}

/** The operations that a catalog has seen last: it is read whole, so it need not look for them. */
export class RecentOperations {
  /** In the order in which they were carried out. */
  readonly #doneById = new Map<string, DoneOperation>();

  /** Takes note of what a record tells of an operation, if anything. */
  note(record: Partial<DoneOperation> | OperationsRecord): void {
    if ('done' in record) {
      for (const done of record.done) this.#add(done);
    } else if (record.op !== undefined && record.at !== undefined) {
      const { op, at, result } = record;
      this.#add({ op, at, ...(result === undefined ? {} : { result }) });
    }
  }

  has(op: string): boolean {
    return this.#doneById.has(op);
  }

  /** What a call gave whose operation wrote that down; `undefined` where none did. */
  resultOf(op: string): unknown {
    return this.#doneById.get(op)?.result;
  }

  /** Those that were carried out at a time or after it. */
  since(at: number): DoneOperation[] {
    return [...this.#doneById.values()].filter((done) => done.at >= at);
  }

  #add(done: DoneOperation): void {
    this.#doneById.set(done.op, done);
    if (this.#doneById.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#doneById.keys()) {
      this.#doneById.delete(oldest);
      return;
    }
  }
}
