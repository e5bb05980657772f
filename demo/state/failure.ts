import { FFStorageError } from 'flatfile-chat';

/** An error in the words that the page shows. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** What the reader can do about it, where that is known. */
  readonly hint?: string;
}

const HINTS_BY_CODE: Readonly<Record<string, string>> = {
  timeout: 'Another tab may be keeping the files. Look at it, or close it, then try again.',
  unavailable: 'A private window, or an old browser, may not allow files of its own.',
  quota: 'Free some disk space, or delete conversations that you no longer need.',
  version: 'Reload the page so that both halves come from the same build.',
  corrupt: 'Nothing has been overwritten. Keep the browser profile if the data matters.',
  'worker-lost': 'Everything that was saved is safe. Opening again starts a new worker.',
};

export function describeFailure(error: unknown): Failure {
  if (error instanceof FFStorageError) {
    const hint = HINTS_BY_CODE[error.code];
    return { code: error.code, message: error.message, ...(hint === undefined ? {} : { hint }) };
  }
  return { code: 'unexpected', message: error instanceof Error ? error.message : String(error) };
}
