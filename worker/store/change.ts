/** A change, and when it is safe. */
export interface Change<T> {
  readonly value: T;
  readonly durable: Promise<void>;
}

/** The answer of a call that has nothing to wait for: it changed nothing, or it is durable already. */
export function unchanged<T>(value: T): Change<T> {
  return { value, durable: Promise.resolve() };
}
