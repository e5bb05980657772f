import type { FFConfigInput } from './config.ts';

/**
 * What a store tells of. Events are hints: one may be lost when the owner changes, so whoever follows
 * something reads it anew when an event does not fit, and on `resync`.
 */
export type StoreEvent =
  /** There may be something new for those who stream the session. */
  | { readonly type: 'messages'; readonly userId: string; readonly sessionId: string }
  /** A growing message has got text, which begins at `from`, in UTF-16 units. */
  | {
      readonly type: 'grew';
      readonly userId: string;
      readonly sessionId: string;
      readonly messageId: string;
      readonly from: number;
      readonly text: string;
    }
  /** A growing message is complete, aborted, interrupted or deleted. */
  | {
      readonly type: 'ended';
      readonly userId: string;
      readonly sessionId: string;
      readonly messageId: string;
    }
  /** The session is gone, or all of the user's are. */
  | { readonly type: 'gone'; readonly userId: string; readonly sessionId?: string }
  /** `updateConfiguration` was called, in whichever tab. */
  | { readonly type: 'settings'; readonly updates: FFConfigInput }
  /** Another owner answers: events may have been lost. */
  | { readonly type: 'resync' };

/** By what a session's events are asked for; no id contains a slash. */
export function topicOf(userId: string, sessionId: string): string {
  return `${userId}/${sessionId}`;
}
