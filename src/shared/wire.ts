import * as Comlink from 'comlink';
import {
  FFQuotaExceededError,
  FFSessionNotFoundError,
  FFStorageError,
  FFUserNotFoundError,
  FFValidationError,
  type FFErrorCode,
} from './errors.ts';

/**
 * An error as it crosses a thread. Structured clone keeps neither the class nor `code`, `field` and
 * `cause` of an error, and Comlink's own handler sends `message`, `name` and `stack` alone.
 */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly code?: FFErrorCode | undefined;
  readonly field?: string | undefined;
  readonly cause?: WireError | undefined;
}

/** A chain of causes longer than this is cut: it is a cycle, or nobody reads it. */
const MAX_CAUSES = 8;

/** Turns anything thrown into a plain object that can be posted. */
export function toWireError(error: unknown, depth = 0): WireError {
  if (!isErrorLike(error)) return { name: 'Error', message: textOf(error) };
  const { name, message, stack } = error;
  return {
    name: textOf(name),
    message: textOf(message),
    stack,
    code: error instanceof FFStorageError ? error.code : undefined,
    field: error instanceof FFValidationError ? error.field : undefined,
    cause:
      error.cause === undefined || depth >= MAX_CAUSES
        ? undefined
        : toWireError(error.cause, depth + 1),
  };
}

/** Gives back an error of the class that was thrown on the other side. */
export function fromWireError(wire: WireError): Error {
  const error = revive(wire, wire.cause === undefined ? undefined : fromWireError(wire.cause));
  // The worker's stack says where it went wrong; the one made here would only show the wire.
  if (wire.stack !== undefined) error.stack = wire.stack;
  return error;
}

function revive(
  { name, message, code, field }: WireError,
  cause: Error | undefined,
): FFStorageError | Error {
  const options = cause === undefined ? {} : { cause };
  switch (code) {
    case undefined: {
      const error = new Error(message, options);
      error.name = name;
      return error;
    }
    case 'user-not-found':
      return new FFUserNotFoundError(message, options);
    case 'session-not-found':
      return new FFSessionNotFoundError(message, options);
    case 'validation':
      return new FFValidationError(message, { ...options, field: field ?? '' });
    case 'quota':
      return new FFQuotaExceededError(message, options);
    default:
      return new FFStorageError(message, { ...options, code });
  }
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    // An object without a prototype, for one, has no text.
    return 'something that cannot be shown';
  }
}

/** DOMException is not an `Error` in every realm, so the shape decides. */
function isErrorLike(value: unknown): value is Error {
  return (
    value instanceof Error ||
    (typeof value === 'object' && value !== null && 'name' in value && 'message' in value)
  );
}

/**
 * Replaces Comlink's handler for thrown values. Both sides of a connection must call it before they
 * expose or wrap anything; calling it twice does no harm.
 */
export function installErrorTransfer(): void {
  const original = Comlink.transferHandlers.get('throw');
  if (original === undefined) throw new Error("This version of comlink has no 'throw' handler.");
  Comlink.transferHandlers.set('throw', {
    canHandle: original.canHandle,
    serialize: (thrown: { value: unknown }) => [toWireError(thrown.value), []],
    deserialize: (wire: WireError) => {
      throw fromWireError(wire);
    },
  });
}
