import { topicOf, type StoreEvent } from '../shared/events.ts';

type Listener = (event: StoreEvent) => void;

/** Somebody who is told what happens to a session. */
export interface Subscription {
  /** Resolves when nothing that happens from then on is missed. */
  readonly ready: Promise<void>;
  end(): void;
}

/** Takes a store's events to whoever follows a session; the worker is asked for those sessions alone. */
export class EventRouter {
  readonly #listen: (topics: readonly string[]) => Promise<void>;
  readonly #listenersByTopic = new Map<string, Set<Listener>>();
  /** What became of the last request; an earlier one has been answered when it is. */
  #listening: Promise<void> = Promise.resolve();

  /** @param listen tells the worker the whole of what is wanted, in place of what was */
  constructor(listen: (topics: readonly string[]) => Promise<void>) {
    this.#listen = listen;
  }

  subscribe(userId: string, sessionId: string, listener: Listener): Subscription {
    const topic = topicOf(userId, sessionId);
    const listeners = this.#listenersByTopic.get(topic) ?? new Set();
    this.#listenersByTopic.set(topic, listeners);
    // One of its own: whoever subscribes twice with one function is told twice.
    const own: Listener = (event) => listener(event);
    listeners.add(own);
    if (listeners.size === 1) this.#update();
    return {
      ready: this.#listening,
      end: () => {
        if (!listeners.delete(own) || listeners.size > 0) return;
        this.#listenersByTopic.delete(topic);
        this.#update();
      },
    };
  }

  /** Tells those whom an event is about. */
  dispatch(event: StoreEvent): void {
    for (const listener of this.#listenersOf(event)) listener(event);
  }

  #listenersOf(event: StoreEvent): Listener[] {
    switch (event.type) {
      case 'settings':
        return [];
      case 'resync':
        return [...this.#listenersByTopic.values()].flatMap((listeners) => [...listeners]);
      case 'gone':
        if (event.sessionId === undefined) return this.#ofUser(event.userId);
        return [...(this.#listenersByTopic.get(topicOf(event.userId, event.sessionId)) ?? [])];
      default:
        return [...(this.#listenersByTopic.get(topicOf(event.userId, event.sessionId)) ?? [])];
    }
  }

  #ofUser(userId: string): Listener[] {
    const start = topicOf(userId, '');
    return [...this.#listenersByTopic]
      .filter(([topic]) => topic.startsWith(start))
      .flatMap(([, listeners]) => [...listeners]);
  }

  #update(): void {
    this.#listening = this.#listen([...this.#listenersByTopic.keys()]);
    // Whoever needs it awaits it; nobody does for what is not wanted any more.
    this.#listening.catch(() => undefined);
  }
}
