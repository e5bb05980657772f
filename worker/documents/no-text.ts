import type { FFNoTextReason } from '../../src/shared/model/document.ts';

/** Thrown by a reader that knows why there is no text to be had. */
export class NoTextError extends Error {
  readonly reason: FFNoTextReason;

  constructor(reason: FFNoTextReason, message: string) {
    super(message);
    this.name = 'NoTextError';
    this.reason = reason;
  }
}
