import type { FFConfigInput } from '../../src/shared/config.ts';
import type { BackendKind, EngineMethod } from '../../src/shared/contract.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import type { StoreEvent } from '../../src/shared/events.ts';
import type { FFTabRole, OpenReply } from '../../src/shared/host.ts';
import { openSnapshot } from '../backend/select.ts';
import type { Logger } from '../logger.ts';
import { ALWAYS_PRESENT } from '../services/presence.ts';
import type { CreateEngine, StoreAccess } from './access.ts';
import type { MemberId, Welcome } from './messages.ts';
import { storeName } from './names.ts';
import { acquireOwnership, type Ownership } from './ownership.ts';
import { PendingCalls, type PendingCall } from './pending-calls.ts';
import { Reign } from './reign.ts';
import { Remote } from './remote.ts';
import { isReadable, SnapshotReader } from './snapshot-reader.ts';

/** How long a tab lets others go first: one that could not open the store, or has just let go of it. */
const STAND_BACK_MS = 1_000;

/** How long an owner that nobody sees must have had nothing to do before it gives way to a visible tab. */
const IDLE_MS = 300;

/** What a shared store is opened with. */
export interface SharedStoreOptions {
  readonly kind: BackendKind;
  readonly basePath: string;
  /** Tells this tab from the others; short, as it is part of the id of each of its calls. */
  readonly self: MemberId;
  /** The lock that this thread holds for as long as it lives; where there are none, {@link self}. */
  readonly caller: string;
  /** Milliseconds until an opening, or a call without a deadline, gives up an owner that is silent. */
  readonly openTimeoutMs: number;
  readonly createEngine: CreateEngine;
  readonly logger: Logger;
  onEvent(event: StoreEvent): void;
  onRole(role: FFTabRole): void;
}

/**
 * A store that all tabs of an origin share. One of them is its owner; this one asks the owner, waits to
 * become the next one, and whenever that happens answers itself. Its calls do not notice: they stay
 * pending until some owner has answered.
 */
export class SharedStore implements StoreAccess {
  readonly #options: SharedStoreOptions;
  readonly #store: string;
  readonly #pending: PendingCalls;
  readonly #remote: Remote;
  #caller: string;
  #isVisible: boolean | undefined;
  #role: FFTabRole | undefined;
  /** Set while this tab is the owner. */
  #reign: Reign | undefined;
  #reader: SnapshotReader | undefined;
  #savedConfig: FFConfigInput = {};
  /** The highest epoch that was heard of. */
  #epoch = 0;
  /** Aborted when this tab takes no part any more, for good or for the time being. */
  #part: AbortController;
  #competing: Promise<void> = Promise.resolve();
  /** Ends the place in the queue of those who wait to become the owner. */
  #queue = new AbortController();
  /** Called when there is another owner; see {@link #standBack}. */
  #onOwner: () => void = () => undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;
  /** What is waited for by {@link open}. */
  #opening: { resolve(role: FFTabRole): void; reject(error: unknown): void } | undefined;
  #lastFailure: unknown;

  constructor(options: SharedStoreOptions) {
    const { kind, basePath, self, caller } = options;
    this.#options = options;
    this.#caller = caller;
    this.#part = new AbortController();
    this.#part.abort();
    this.#store = storeName(kind, basePath);
    this.#pending = new PendingCalls(self, (call) => this.#timeoutError(call.method));
    this.#remote = new Remote(this.#store, self, this.#pending, () => this.#introduction(), {
      onWelcome: (welcome) => this.#follow(welcome),
      onRefused: (error) => this.#fail(error),
      onSilence: (isSilent) => this.#hearSilence(isSilent),
      onEvent: (event) => this.#onEvent(event),
      onHandover: (to) => {
        if (to !== self) this.#queue.abort();
      },
    });
  }

  // ── What the page asks for ───────────────────────────────────────────────────────────────────

  async open(): Promise<OpenReply> {
    const { kind, openTimeoutMs } = this.#options;
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const role = await new Promise<FFTabRole>((resolve, reject) => {
        this.#opening = { resolve, reject };
        timer = setTimeout(() => reject(this.#timeoutError('initialize')), openTimeoutMs);
        this.#join();
      });
      return { backend: kind, savedConfig: this.#savedConfig, role };
    } catch (error) {
      await this.#leave();
      throw error;
    } finally {
      clearTimeout(timer);
      this.#opening = undefined;
    }
  }

  async call(
    method: EngineMethod,
    args: readonly unknown[],
    timeoutMs: number | null,
  ): Promise<unknown> {
    if (this.#reign !== undefined) {
      const answer = await this.#reign.call(method, args);
      this.#giveWayWhenIdle();
      if (answer !== undefined) return answer.value;
    }
    // Nothing is waited for before this, so that calls are answered in their order.
    const pending = this.#pending.add(method, args, timeoutMs);
    if (this.#reign === undefined) this.#remote.send(pending.call);
    else this.#carryOut(this.#reign, pending.call);
    if (this.#reader !== undefined) this.#read(this.#reader, pending.call);
    const answer = await pending.answer;
    // Whoever answered speaks of itself.
    return method === 'getPerformanceMetrics' && this.#role !== 'owner'
      ? { ...(answer as object), leader: false }
      : answer;
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (this.#reign === undefined) this.#remote.introduce();
    else this.#giveWayWhenIdle();
  }

  async suspend(): Promise<void> {
    await this.#leave();
  }

  async resume(caller: string): Promise<void> {
    this.#caller = caller;
    this.#join();
  }

  /** Waits for the calls that were made. */
  async close(): Promise<void> {
    await this.#pending.drained();
    await this.#reign?.interrupt();
    await this.#leave();
  }

  // ── Taking part ──────────────────────────────────────────────────────────────────────────────

  #join(): void {
    if (!this.#part.signal.aborted) return;
    this.#part = new AbortController();
    this.#remote.start();
    const { signal } = this.#part;
    // Behind an earlier part that is still being left.
    this.#competing = this.#competing.then(() => this.#compete(signal));
  }

  async #leave(): Promise<void> {
    this.#part.abort();
    this.#queue.abort();
    this.#onOwner();
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#silenceTimer);
    this.#remote.stop();
    const reign = this.#reign;
    this.#reign = undefined;
    await reign?.end();
    await this.#competing;
    await this.#closeReader();
  }

  /** Waits to become the owner, and is it, again and again. */
  async #compete(part: AbortSignal): Promise<void> {
    while (!part.aborted) {
      this.#queue = new AbortController();
      const { basePath } = this.#options;
      const ownership = await acquireOwnership(this.#store, basePath, this.#queue.signal).catch(
        (error: unknown) => {
          if (!this.#queue.signal.aborted) this.#fail(error);
          return undefined;
        },
      );
      if (part.aborted) {
        await ownership?.release();
        return;
      }
      // Without it, another tab is to go first.
      if (ownership !== undefined) await this.#own(ownership, part);
      if (!part.aborted) await this.#standBack();
    }
  }

  /** Is the owner until it gives way, leaves or fails. */
  async #own(ownership: Ownership, part: AbortSignal): Promise<void> {
    const { kind, basePath, self, createEngine, logger } = this.#options;
    // Nobody else can be the owner now, and one's own greetings are not to be answered.
    this.#remote.stop();
    this.#epoch = Math.max(Date.now(), this.#epoch + 1);
    const reign = new Reign({
      store: this.#store,
      self,
      kind,
      basePath,
      epoch: this.#epoch,
      ownership,
      caller: this.#caller,
      createEngine,
      onEvent: (event) => this.#onEvent(event),
    });
    try {
      await reign.open();
    } catch (error) {
      this.#fail(error);
      logger.error('The store could not be opened', error);
      if (!part.aborted) this.#remote.start();
      return;
    }
    if (part.aborted) {
      await reign.end();
      return;
    }
    this.#rule(reign);
    await reign.ended;
    if (this.#reign === reign) this.#reign = undefined;
    if (!part.aborted) this.#remote.start();
  }

  /** The moment in which this tab begins to answer its own calls. */
  #rule(reign: Reign): void {
    this.#reign = reign;
    this.#savedConfig = reign.savedConfig;
    reign.desk.onVisible = () => this.#giveWayWhenIdle();
    reign.desk.onAnswered = () => this.#giveWayWhenIdle();
    this.#setRole('owner');
    for (const call of this.#pending.all()) this.#carryOut(reign, call);
    void this.#closeReader();
  }

  /** Answers a call that was made before, maybe to an owner that carried it out and is gone. */
  #carryOut(reign: Reign, call: PendingCall): void {
    const { id, method, args, madeAt, sentTo } = call;
    const operation = { id, ...(sentTo === undefined ? {} : { repeatedSince: madeAt }) };
    call.sentTo = reign.epoch;
    reign.call(method, args, operation).then(
      (answer) => {
        // Without one the call stays pending, for the next owner.
        if (answer !== undefined) this.#pending.resolve(id, answer.value);
      },
      (error: unknown) => this.#pending.reject(id, error),
    );
  }

  // ── Another owner ────────────────────────────────────────────────────────────────────────────

  #follow({ epoch, savedConfig }: Welcome): void {
    this.#epoch = Math.max(this.#epoch, epoch);
    this.#savedConfig = savedConfig;
    this.#onOwner();
    this.#setRole('follower');
    void this.#closeReader();
  }

  /** Takes note of why there is no owner; an opening ends with that. */
  #fail(error: unknown): void {
    this.#lastFailure = error;
    this.#opening?.reject(error);
  }

  /** Lets other tabs go first: until one of them is the owner, or nobody wants to. */
  #standBack(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, STAND_BACK_MS);
      this.#onOwner = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** An owner that nobody looks at gives way to a tab that somebody does, when nobody waits for it. */
  #giveWayWhenIdle(): void {
    clearTimeout(this.#idleTimer);
    if (this.#isVisible !== false || this.#reign?.desk.visibleMember === undefined) return;
    this.#idleTimer = setTimeout(() => {
      const reign = this.#reign;
      const member = reign?.desk.visibleMember;
      if (reign?.isIdle !== true || member === undefined || this.#isVisible !== false) return;
      reign.desk.handOverTo(member);
      this.#reign = undefined;
      void reign.end();
    }, IDLE_MS);
  }

  // ── An owner that does not answer ────────────────────────────────────────────────────────────

  #hearSilence(isSilent: boolean): void {
    clearTimeout(this.#silenceTimer);
    if (!isSilent) {
      void this.#closeReader();
      if (this.#remote.epoch !== undefined) this.#setRole('follower');
      return;
    }
    const { kind, basePath, createEngine, openTimeoutMs } = this.#options;
    const reader = new SnapshotReader(async () =>
      // Whoever writes is not here, so nobody can tell from here that they are gone.
      createEngine(await openSnapshot(kind, basePath), { presence: ALWAYS_PRESENT }),
    );
    this.#reader = reader;
    reader.engine().then(
      ({ savedConfig }) => {
        if (this.#reader !== reader) return;
        if (this.#opening !== undefined) this.#savedConfig = savedConfig;
        this.#setRole('reader');
      },
      (error: unknown) => (this.#lastFailure = error),
    );
    for (const call of this.#pending.all()) this.#read(reader, call);
    // A call without a deadline waits for an owner that works on it, not for one that does not.
    this.#silenceTimer = setTimeout(() => {
      for (const { id, method, deadline } of this.#pending.all()) {
        if (deadline === null) this.#pending.reject(id, this.#timeoutError(method));
      }
    }, openTimeoutMs);
  }

  /** Answers a call from what is on the disk, if that is possible before the owner does. */
  #read(reader: SnapshotReader, { id, method, args }: PendingCall): void {
    if (!isReadable(method)) return;
    reader.answer(method, args as never).then(
      (answer) => {
        if (answer !== undefined) this.#pending.resolve(id, answer.value);
      },
      (error: unknown) => {
        // One that is let go of knows no better: the owner is back and answers.
        if (this.#reader === reader) this.#pending.reject(id, error);
      },
    );
  }

  async #closeReader(): Promise<void> {
    const reader = this.#reader;
    this.#reader = undefined;
    await reader?.close();
  }

  // ── What is told ─────────────────────────────────────────────────────────────────────────────

  #introduction() {
    return { caller: this.#caller, isVisible: this.#isVisible === true };
  }

  #onEvent(event: StoreEvent): void {
    this.#options.onEvent(event);
  }

  #setRole(role: FFTabRole): void {
    const isFirst = this.#role === undefined;
    this.#opening?.resolve(role);
    // Another owner than before, whose predecessor may have had more to tell.
    if (!isFirst && role !== 'reader') this.#onEvent({ type: 'resync' });
    if (this.#role === role) return;
    this.#role = role;
    this.#options.onRole(role);
  }

  #timeoutError(what: string): FFStorageError {
    const cause = this.#lastFailure;
    return new FFStorageError(
      this.#role === 'reader'
        ? `${what}: the tab that keeps the store does not answer, most likely because it is frozen: look at it, or close it. Nothing comes of a write that it had not begun.`
        : `${what}: the tab that keeps the store has not answered in time. A write may still take effect.`,
      { code: 'timeout', ...(cause === undefined ? {} : { cause }) },
    );
  }
}
