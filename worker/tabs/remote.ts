import type { StoreEvent } from '../../src/shared/events.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import { PROTOCOL_VERSION } from '../../src/shared/host.ts';
import { fromWireError } from '../../src/shared/wire.ts';
import { hasLocks } from './locks.ts';
import type { Hello, MemberId, News, ToMember, ToOwner, Welcome } from './messages.ts';
import { memberChannel, newsChannel } from './names.ts';
import type { PendingCall, PendingCalls } from './pending-calls.ts';

/** Between the first greetings of a tab that knows no owner; one is found in a millisecond or two. */
const GREETING_MS = [20, 50, 100, 200, 400];

/** Between all others. */
const REGULAR_MS = 1_000;

/** A busy owner answers between two things that it does, none of which takes so many greetings. */
const SILENT_AFTER = 3;

/** What a {@link Remote} tells of. */
export interface RemoteListener {
  /** There is an owner that answers, another one than before. */
  onWelcome(welcome: Welcome): void;
  /** The owner's version and this one do not understand each other. */
  onRefused(error: FFStorageError): void;
  /** The owner gives no sign of life, or does again. */
  onSilence(isSilent: boolean): void;
  onEvent(event: StoreEvent): void;
  onHandover(to: MemberId): void;
}

/** How a tab introduces itself. */
export type Introduction = Omit<Hello, 'type' | 'from' | 'protocol'>;

/**
 * The owner, as a tab sees it that is not the owner itself: somebody behind two channels who may be
 * replaced by another at any time. It sends the pending calls to whoever answers, in their order, and
 * those that were sent to an earlier owner once more.
 */
export class Remote {
  readonly #store: string;
  readonly #self: MemberId;
  readonly #pending: PendingCalls;
  readonly #listener: RemoteListener;
  readonly #introduce: () => Introduction;
  #news: BroadcastChannel | undefined;
  #line: BroadcastChannel | undefined;
  /** The owner that has said welcome; `undefined` while there is none. */
  #epoch: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Greetings since something was heard last. */
  #unanswered = 0;
  /** Whether anything was heard since the timer was set. */
  #hasHeard = false;
  #isSilent = false;
  /** Where there are no locks, only greetings tell the owner that this tab is alive. */
  readonly #needsHeartbeat = !hasLocks();

  constructor(
    store: string,
    self: MemberId,
    pending: PendingCalls,
    introduce: () => Introduction,
    listener: RemoteListener,
  ) {
    this.#store = store;
    this.#self = self;
    this.#pending = pending;
    this.#introduce = introduce;
    this.#listener = listener;
  }

  /** Begins to look for an owner. */
  start(): void {
    const news = new BroadcastChannel(newsChannel(this.#store));
    const line = new BroadcastChannel(memberChannel(this.#store, this.#self));
    news.onmessage = ({ data }: MessageEvent<News>) => this.#hearNews(data);
    line.onmessage = ({ data }: MessageEvent<ToMember>) => this.#hear(data);
    this.#news = news;
    this.#line = line;
    this.#greet();
  }

  /** Lets go of the channels. Calls stay pending; those that were sent will be sent again. */
  stop(): void {
    if (this.#line === undefined) return;
    clearTimeout(this.#timer);
    this.#say({ type: 'bye' });
    this.#news?.close();
    this.#line.close();
    this.#news = this.#line = this.#epoch = undefined;
    this.#unanswered = 0;
    this.#setSilent(false);
  }

  /** The epoch of the owner that was heard of last. */
  get epoch(): number | undefined {
    return this.#epoch;
  }

  /** Sends a call that was added to the pending ones, if there is somebody to send it to. */
  send(call: PendingCall): void {
    if (this.#epoch === undefined || call.sentTo === this.#epoch) return;
    const { id, method, args, deadline, madeAt, sentTo } = call;
    call.sentTo = this.#epoch;
    try {
      this.#say({
        type: 'call',
        epoch: this.#epoch,
        id,
        method,
        args,
        deadline,
        ...(sentTo === undefined ? {} : { repeatedSince: madeAt }),
      });
    } catch (error) {
      this.#pending.reject(id, error);
    }
    this.#watch();
  }

  /** Says hello once, so that the owner knows what has changed about this tab. */
  introduce(): void {
    this.#news?.postMessage({
      type: 'hello',
      from: this.#self,
      protocol: PROTOCOL_VERSION,
      ...this.#introduce(),
    } satisfies News);
  }

  // ── Hearing ──────────────────────────────────────────────────────────────────────────────────

  #hearNews(news: News): void {
    switch (news.type) {
      case 'hello':
        return;
      case 'owner':
        // Only the holder of the lock says so, hence whoever was the owner before is none any more.
        this.#epoch = undefined;
        this.#unanswered = 0;
        this.#setSilent(false);
        this.#greet();
        return;
      case 'event':
        if (news.epoch === this.#epoch) this.#listener.onEvent(news.event);
        return;
      case 'handover':
        this.#listener.onHandover(news.to);
    }
  }

  #hear(message: ToMember): void {
    this.#unanswered = 0;
    this.#hasHeard = true;
    this.#setSilent(false);
    switch (message.type) {
      case 'wait':
        return;
      case 'refused':
        this.#listener.onRefused(refusal(message.protocol));
        return;
      case 'welcome':
        if (this.#epoch === message.epoch) return;
        this.#epoch = message.epoch;
        this.#listener.onWelcome(message);
        for (const call of this.#pending.all()) this.send(call);
        this.#watch();
        return;
      case 'reply':
        if (message.epoch !== this.#epoch) return;
        if (message.error === undefined) this.#pending.resolve(message.id, message.value);
        else this.#pending.reject(message.id, fromWireError(message.error));
    }
  }

  // ── Signs of life ────────────────────────────────────────────────────────────────────────────

  /** Says hello now, and again until that is answered. */
  #greet(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#news === undefined) return;
    this.introduce();
    const isNew = this.#epoch === undefined;
    const pauseMs = isNew ? GREETING_MS[this.#unanswered] : undefined;
    this.#unanswered++;
    // The first greetings come in quick succession, and most of them meet an owner that is opening.
    if (this.#unanswered > (isNew ? GREETING_MS.length : 0) + SILENT_AFTER) this.#setSilent(true);
    this.#watch(pauseMs);
  }

  /** Goes on with greetings for as long as somebody waits for the owner and nothing is heard of it. */
  #watch(pauseMs = REGULAR_MS): void {
    if (this.#timer !== undefined || this.#news === undefined) return;
    this.#hasHeard = false;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const isWaited = this.#epoch === undefined || this.#pending.size > 0 || this.#isSilent;
      if (this.#needsHeartbeat || (isWaited && !this.#hasHeard)) this.#greet();
      else if (isWaited) this.#watch();
    }, pauseMs);
  }

  #setSilent(isSilent: boolean): void {
    if (this.#isSilent === isSilent) return;
    this.#isSilent = isSilent;
    this.#listener.onSilence(isSilent);
  }

  #say(message: ToOwner): void {
    this.#line?.postMessage(message);
  }
}

function refusal(protocol: number): FFStorageError {
  return new FFStorageError(
    `The store is open in another tab with another version of this app: that one speaks protocol ${protocol}, this one ${PROTOCOL_VERSION}. Close or reload the other tabs, then call initialize() again; nothing was changed.`,
    { code: 'version' },
  );
}
