import type { FFJsonObject } from './model/json.ts';
import type { FFMessageDTO, FFMessageStatus } from './model/message.ts';

/** What crosses between page and worker for messages that grow and for streams of messages. */

/** How a growing message ends: with all of its text, which the owner may not have seen whole. */
export interface MessageEnding {
  readonly content: string;
  /** Absent: it is complete. */
  readonly status?: 'aborted';
  readonly parts?: unknown;
  /** Merged into what it has, one level deep. */
  readonly metadata?: FFJsonObject;
}

/** How far a message has grown. */
export interface MessageGrowth {
  readonly content: string;
  readonly done: boolean;
  /** Absent when it is complete. */
  readonly status?: FFMessageStatus;
}

/** Where a stream starts: at a session's first message, behind its last, or behind the one named. */
export type StreamStart =
  | { readonly at: 'start' | 'now' }
  | { readonly at: 'message'; readonly messageId: string };

/**
 * How far a stream has come. It means the same to every owner of the store: a reader that has one
 * misses nothing and gets nothing twice, whoever answers.
 */
export interface StreamCursor {
  /** Messages ever added to the session that lie before the cursor. */
  readonly next: number;
  /** Of those, the ones (by their number) that were not complete yet. */
  readonly waiting: readonly number[];
  /** Tells the session from another one that was restored or created in its place. */
  readonly session: string;
}

/** The next messages of a stream. */
export interface StreamBatch {
  readonly messages: readonly FFMessageDTO[];
  readonly cursor: StreamCursor;
}
