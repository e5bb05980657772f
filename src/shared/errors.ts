/**
 * Why a call failed, in a form that code can switch on. Codes never change their meaning; new ones
 * may be added.
 *
 * | code | meaning |
 * |---|---|
 * | `closed` | called before `initialize()` or after `close()` |
 * | `not-found`, `user-not-found`, `session-not-found` | a write under something that does not exist |
 * | `validation` | bad input; nothing was written |
 * | `quota` | the disk or the origin's quota is full; what was stored before is intact |
 * | `timeout` | no answer within `runtime.callTimeoutMs`; a write may still have happened |
 * | `aborted` | the caller's `AbortSignal` fired |
 * | `corrupt` | stored bytes are damaged beyond what recovery may decide alone |
 * | `version` | the store was written by an incompatible version |
 * | `worker-lost` | the storage worker died; a write that was under way may still have happened |
 * | `unavailable` | this browser or context cannot provide the backend, or the embedding model, that was asked for |
 * | `io` | the file system refused an operation for another reason; see `cause` |
 */
export type FFErrorCode =
  | 'closed'
  | 'not-found'
  | 'user-not-found'
  | 'session-not-found'
  | 'validation'
  | 'quota'
  | 'timeout'
  | 'aborted'
  | 'corrupt'
  | 'version'
  | 'worker-lost'
  | 'unavailable'
  | 'io';

/** What every error of this package carries besides its message. */
export interface FFErrorOptions {
  readonly code: FFErrorCode;
  readonly cause?: unknown;
}

/** The base of every error this package throws; `instanceof` also holds for errors of the worker. */
export class FFStorageError extends Error {
  override name = 'FFStorageError';
  readonly code: FFErrorCode;

  constructor(message: string, { code, cause }: FFErrorOptions) {
    // An absent `cause` must stay absent: `{ cause: undefined }` would define the property.
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** A write under a user that does not exist, or statistics of one. */
export class FFUserNotFoundError extends FFStorageError {
  override name = 'FFUserNotFoundError';

  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, { ...options, code: 'user-not-found' });
  }
}

/** A write under a session that does not exist, or statistics of one. */
export class FFSessionNotFoundError extends FFStorageError {
  override name = 'FFSessionNotFoundError';

  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, { ...options, code: 'session-not-found' });
  }
}

/** Bad input. Thrown before anything is written. */
export class FFValidationError extends FFStorageError {
  override name = 'FFValidationError';
  /** The parameter, property or configuration path at fault, such as `content` or `messages[2].role`. */
  readonly field: string;

  constructor(message: string, options: { readonly field: string; readonly cause?: unknown }) {
    super(message, { ...options, code: 'validation' });
    this.field = options.field;
  }
}

/** The disk or the origin's quota is full. Nothing of the failed write remains; reads and deletes go on. */
export class FFQuotaExceededError extends FFStorageError {
  override name = 'FFQuotaExceededError';

  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, { ...options, code: 'quota' });
  }
}
