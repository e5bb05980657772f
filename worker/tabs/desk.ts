import type { FFConfigInput } from '../../src/shared/config.ts';
import type { BackendKind } from '../../src/shared/contract.ts';
import type { StoreEvent } from '../../src/shared/events.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import { PROTOCOL_VERSION } from '../../src/shared/host.ts';
import { toWireError } from '../../src/shared/wire.ts';
import type { Engine } from '../engine.ts';
import { nextTask } from '../next-task.ts';
import type { CallMessage, Hello, MemberId, News, Reply, ToMember, ToOwner } from './messages.ts';
import { memberChannel, newsChannel } from './names.ts';
import type { CallerPresence } from './presence.ts';

/** Another tab that this one answers. */
interface Member {
  readonly id: MemberId;
  readonly caller: string;
  readonly line: BroadcastChannel;
  /** Ends the wait for its death. */
  readonly watch: AbortController;
  isVisible: boolean;
}

/** What a desk answers with once the store is open. */
interface Service {
  readonly engine: Engine;
  readonly backend: BackendKind;
  /** As it is by now. */
  savedConfig(): FFConfigInput;
}

/**
 * Where the owner of a store answers the other tabs, and tells them what happens. It answers calls in
 * the order in which each tab made them; a call of an earlier epoch, or one that nobody waits for any
 * more, is not carried out.
 */
export class Desk {
  /** Told when a tab comes into view: it would be the better owner. */
  onVisible: (member: MemberId) => void = () => undefined;
  /** Told when a call was answered. */
  onAnswered: () => void = () => undefined;
  readonly #store: string;
  readonly #epoch: number;
  readonly #presence: CallerPresence;
  readonly #news: BroadcastChannel;
  readonly #memberById = new Map<MemberId, Member>();
  /** Calls that have no answer yet: a tab that was put aside for a moment sends its own again. */
  readonly #running = new Set<string>();
  #service: Service | undefined;
  /** Sessions about which something is to be said when the thread is free. */
  #toTell = new Map<string, StoreEvent>();

  constructor(store: string, self: MemberId, epoch: number, presence: CallerPresence) {
    this.#store = store;
    this.#epoch = epoch;
    this.#presence = presence;
    this.#news = new BroadcastChannel(newsChannel(store));
    this.#news.onmessage = ({ data }: MessageEvent<News>) => {
      if (data.type === 'hello' && data.from !== self) this.#meet(data);
    };
  }

  /** Begins to answer; says so to everybody who waits for an owner. */
  serve(service: Service): void {
    this.#service = service;
    this.#tell({ type: 'owner', epoch: this.#epoch });
  }

  /** Takes no more calls: whoever makes one will send it again to the next owner. */
  stopServing(): void {
    this.#service = undefined;
  }

  /** Lets go of the channels, when everything that was taken has been answered. */
  close(): void {
    this.#news.close();
    for (const member of this.#memberById.values()) this.#forget(member);
  }

  /** Whether no other tab waits for an answer. */
  get isIdle(): boolean {
    return this.#running.size === 0;
  }

  /** A tab that somebody looks at. */
  get visibleMember(): MemberId | undefined {
    return [...this.#memberById.values()].find(({ isVisible }) => isVisible)?.id;
  }

  /** Asks all tabs but one to let that one be the next owner. */
  handOverTo(member: MemberId): void {
    this.#tell({ type: 'handover', to: member });
  }

  /** Tells the other tabs of something that happened. */
  publish(event: StoreEvent): void {
    if (this.#memberById.size === 0) return;
    if (event.type !== 'messages') {
      this.#tell({ type: 'event', epoch: this.#epoch, event });
      return;
    }
    // Whoever hears of it reads all there is: one event stands for all additions of the moment.
    if (this.#toTell.size === 0) void nextTask().then(() => this.#tellOfMessages());
    this.#toTell.set(`${event.userId}/${event.sessionId}`, event);
  }

  #tellOfMessages(): void {
    const events = [...this.#toTell.values()];
    this.#toTell = new Map();
    for (const event of events) this.#tell({ type: 'event', epoch: this.#epoch, event });
  }

  #tell(news: News): void {
    try {
      this.#news.postMessage(news);
    } catch (error) {
      // Closed meanwhile: those who wait will hear from the next owner.
      if ((error as Error).name !== 'InvalidStateError') throw error;
    }
  }

  // ── Members ──────────────────────────────────────────────────────────────────────────────────

  #meet(hello: Hello): void {
    this.#presence.heard(hello.caller);
    if (hello.protocol !== PROTOCOL_VERSION) {
      const line = new BroadcastChannel(memberChannel(this.#store, hello.from));
      line.postMessage({ type: 'refused', protocol: PROTOCOL_VERSION } satisfies ToMember);
      line.close();
      return;
    }
    const known = this.#memberById.get(hello.from);
    // One that was put aside comes back with another lock.
    if (known !== undefined && known.caller !== hello.caller) this.#forget(known);
    const member = this.#memberById.get(hello.from) ?? this.#admit(hello);
    const cameIntoView = hello.isVisible && !member.isVisible;
    member.isVisible = hello.isVisible;
    this.#greet(member);
    if (cameIntoView) this.onVisible(member.id);
  }

  #admit({ from, caller }: Hello): Member {
    const line = new BroadcastChannel(memberChannel(this.#store, from));
    const member: Member = {
      id: from,
      caller,
      line,
      watch: new AbortController(),
      isVisible: false,
    };
    line.onmessage = ({ data }: MessageEvent<ToOwner>) => {
      this.#presence.heard(caller);
      if (data.type === 'call') void this.#answer(member, data);
      else this.#leave(member);
    };
    this.#memberById.set(from, member);
    this.#presence.whenGone(caller, member.watch.signal).then(
      () => this.#forget(member),
      // It was forgotten before.
      () => undefined,
    );
    return member;
  }

  #greet(member: Member): void {
    if (this.#service === undefined) {
      this.#send(member, { type: 'wait' });
      return;
    }
    const { backend, savedConfig } = this.#service;
    const welcome = { type: 'welcome', epoch: this.#epoch, backend } as const;
    this.#send(member, { ...welcome, savedConfig: savedConfig() });
  }

  /** A tab has closed its store: what it was writing will not be finished. */
  #leave(member: Member): void {
    this.#forget(member);
    void this.#service?.engine.interrupt(member.caller);
  }

  #forget(member: Member): void {
    member.watch.abort();
    member.line.close();
    if (this.#memberById.get(member.id) === member) this.#memberById.delete(member.id);
  }

  // ── Calls ────────────────────────────────────────────────────────────────────────────────────

  async #answer(member: Member, call: CallMessage): Promise<void> {
    const { id, method, args, deadline, repeatedSince } = call;
    if (this.#service === undefined || call.epoch !== this.#epoch) return;
    // Its caller was told that it timed out, which is worth most when nothing comes of it any more.
    if (deadline !== null && Date.now() > deadline) return;
    if (this.#running.has(id)) return;
    this.#running.add(id);
    const { engine } = this.#service;
    const since = repeatedSince === undefined ? {} : { repeatedSince };
    const context = { operation: { id, ...since }, caller: member.caller };
    try {
      // The page has tied the arguments to the method, see `Host.call`.
      const value: unknown = await engine.call(method, args as never, context);
      this.#reply(member.id, id, { value });
    } catch (error) {
      // This engine was closed in the middle of it; the next owner is asked to go on.
      const goesOn = this.#service === undefined && isClosing(error);
      if (!goesOn) this.#reply(member.id, id, { error: toWireError(error) });
    } finally {
      this.#running.delete(id);
      this.onAnswered();
    }
  }

  #reply(to: MemberId, id: string, answer: Pick<Reply, 'value' | 'error'>): void {
    const member = this.#memberById.get(to);
    // It has left while its call was running.
    if (member === undefined) return;
    const reply = { type: 'reply', epoch: this.#epoch, id } as const;
    try {
      this.#send(member, { ...reply, ...answer });
    } catch (error) {
      this.#send(member, { ...reply, error: toWireError(error) });
    }
  }

  #send(member: Member, message: ToMember): void {
    member.line.postMessage(message);
  }
}

/** What calls fail with when their engine closes, or has lost its files to another owner. */
export function isClosing(error: unknown): boolean {
  return (
    error instanceof FFStorageError && (error.code === 'closed' || error.code === 'worker-lost')
  );
}
