/** A value that can be watched. */
export interface Observable<T> {
  readonly value: T;
  /** Calls back after every change, until the returned function is called. */
  subscribe(listener: () => void): () => void;
}

/** An observable for the one who owns it. */
export interface MutableObservable<T> extends Observable<T> {
  set(value: T): void;
  update(change: (value: T) => T): void;
}

/** Setting the value that is already there tells nobody. */
export function createObservable<T>(initial: T): MutableObservable<T> {
  let current = initial;
  const listeners = new Set<() => void>();

  const set = (value: T): void => {
    if (Object.is(value, current)) return;
    current = value;
    // A copy, because a listener may unsubscribe itself while it is being called.
    for (const listener of [...listeners]) listener();
  };

  return {
    get value() {
      return current;
    },
    set,
    update: (change) => set(change(current)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
