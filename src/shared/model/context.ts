import type { FFJsonObject } from './json.ts';

/** What a conversation is about, as far as it can be told without a language model. */
export interface FFSituationalContextDTO {
  /** Present once it is saved. */
  contextId?: string;
  userId?: string;
  sessionId?: string;
  /** Sentences of the conversation, at most `context.maxSummaryLength` UTF-16 units. */
  summary: string;
  /** Sentences or phrases of the conversation, at most `context.maxKeyPoints`, the weightiest first. */
  keyPoints: string[];
  /** Names and values by kind: `people`, `organizations`, `places`, `dates`, `money`, `emails`, `urls`, `quantities`. */
  entities: Record<string, string[]>;
  /** How far the summary speaks for the conversation, 0 to 1. */
  confidence: number;
  /** When it was extracted; ISO 8601 in UTC with milliseconds. */
  timestamp: string;
  /** The messages that were looked at. */
  messageRange?: { firstMessageId: string; lastMessageId: string };
  metadata?: FFJsonObject;
}

/** A context to save: one that was extracted, or one that the app has made itself. */
export interface FFSituationalContextInput {
  /** Made by the manager when not given. */
  readonly contextId?: string | undefined;
  /** Ignored, as `sessionId` is: what {@link FFSituationalContextDTO} says may be passed back. */
  readonly userId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly summary: string;
  readonly keyPoints?: readonly string[] | undefined;
  readonly entities?: Readonly<Record<string, readonly string[]>> | undefined;
  /** 0 to 1. Default 1: the app is taken at its word. */
  readonly confidence?: number | undefined;
  /** ISO 8601 with `Z` or an offset; the time of the write when not given. */
  readonly timestamp?: string | undefined;
  readonly messageRange?:
    | { readonly firstMessageId: string; readonly lastMessageId: string }
    | undefined;
  readonly metadata?: Readonly<FFJsonObject> | undefined;
}
