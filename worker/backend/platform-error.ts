import { FFQuotaExceededError, FFStorageError } from '../../src/shared/errors.ts';

/** The package's error for one that the browser's storage threw while it did `action`. */
export function fromPlatformError(action: string, cause: unknown): FFStorageError {
  if (cause instanceof FFStorageError) return cause;
  if (nameOf(cause) === 'QuotaExceededError') {
    return new FFQuotaExceededError(
      `${action}: the disk or the quota of this origin is full. Nothing of this write was kept; delete something, then try again.`,
      { cause },
    );
  }
  return new FFStorageError(`${action}: the browser refused (${String(cause)}).`, {
    code: 'io',
    cause,
  });
}

/** The `name` of a DOMException, by which the platform's failures are told apart. */
export function nameOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'name' in error
    ? String(error.name)
    : undefined;
}
