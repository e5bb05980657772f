import type { UserIndex } from './user-index.ts';

/** How long after a change, or after a user's first call, the index is brought up to date unasked. */
const BACKGROUND_DELAY_MS = 150;

/** How long nothing must have changed before what is in memory is written to a file. */
const COMMIT_DELAY_MS = 1_000;

/** How long it may be held back by changes that go on. */
const MAX_COMMIT_DELAY_MS = 5_000;

/** How long nothing is written after a commit has failed, most likely because the disk is full. */
const COMMIT_RETRY_MS = 30_000;

/** How long what can wait is put off after an opening. */
const AFTER_OPENING_MS = 1_000;

type Timer = ReturnType<typeof setTimeout>;

/** Of one index; times are of the monotonic clock. */
interface Schedule {
  catchUp?: Timer;
  commit?: Timer;
  opened?: Timer;
  /** Since when there has been something to write. */
  dirtySince?: number;
  failedAt?: number;
}

/** When indexes are brought up to date and written to files unasked. */
export class IndexTimers {
  readonly #schedules = new WeakMap<UserIndex, Schedule>();

  /** Runs a task a moment from now; once, however often it is asked for until then. */
  catchUpLater(user: UserIndex, task: () => void): void {
    const schedule = this.#scheduleOf(user);
    if (schedule.catchUp !== undefined || user.isStopped) return;
    schedule.catchUp = setTimeout(() => {
      delete schedule.catchUp;
      task();
    }, BACKGROUND_DELAY_MS);
  }

  /** Runs a task once nothing has changed for a while, but not much later than the first change. */
  commitLater(user: UserIndex, task: () => void): void {
    if (user.isStopped) return;
    const schedule = this.#scheduleOf(user);
    const now = performance.now();
    schedule.dirtySince ??= now;
    const { dirtySince, failedAt = -Infinity } = schedule;
    const delay = Math.min(COMMIT_DELAY_MS, dirtySince + MAX_COMMIT_DELAY_MS - now);
    const rest = failedAt + COMMIT_RETRY_MS - now;
    clearTimeout(schedule.commit);
    schedule.commit = setTimeout(task, Math.max(delay, rest, 0));
  }

  /** Runs a task when whoever has just opened the store has got what they came for. */
  later(user: UserIndex, task: () => void): void {
    if (!user.isStopped) this.#scheduleOf(user).opened = setTimeout(task, AFTER_OPENING_MS);
  }

  committed(user: UserIndex): void {
    const schedule = this.#scheduleOf(user);
    delete schedule.dirtySince;
    delete schedule.failedAt;
  }

  commitFailed(user: UserIndex): void {
    this.#scheduleOf(user).failedAt = performance.now();
  }

  /** Whether a commit has failed lately, so that nothing is written unasked. */
  isResting(user: UserIndex): boolean {
    const { failedAt = -Infinity } = this.#scheduleOf(user);
    return performance.now() - failedAt < COMMIT_RETRY_MS;
  }

  stop(user: UserIndex): void {
    const { catchUp, commit, opened } = this.#scheduleOf(user);
    for (const timer of [catchUp, commit, opened]) clearTimeout(timer);
  }

  #scheduleOf(user: UserIndex): Schedule {
    let schedule = this.#schedules.get(user);
    if (schedule === undefined) this.#schedules.set(user, (schedule = {}));
    return schedule;
  }
}
