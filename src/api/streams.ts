import type { FFJsonObject } from '../shared/model/json.ts';
import type { FFMessageDTO, FFMessageInput, FFMessageStatus } from '../shared/model/message.ts';

/** Which messages {@link StreamMethods.streamMessages} gives, and when it ends. */
export interface StreamMessagesOptions {
  /** Messages in one batch, at most. 1 to 10,000; default 100. */
  readonly bufferSize?: number | undefined;
  /**
   * Ends the stream when its reader has waited so many seconds for a message. More than 0, fractions
   * are allowed. Default: it waits for ever.
   */
  readonly timeoutSeconds?: number | undefined;
  /**
   * `start`: every message of the session; `now`, the default: what is added after the call; or the
   * id of the message behind which it starts. A message whose id is `now` or `start` cannot be named.
   */
  readonly from?: string | undefined;
  /** Ends the stream, without an error. */
  readonly signal?: AbortSignal | undefined;
}

/** How {@link StreamMethods.followMessage} is ended. */
export interface FollowMessageOptions {
  /** Ends it, without an error. */
  readonly signal?: AbortSignal | undefined;
}

/** How far a message has grown. */
export interface FFMessageGrowth {
  /** All of its text so far. */
  readonly content: string;
  /** Whether that is all there will be. Nothing comes after it. */
  readonly done: boolean;
  /** `streaming` until it is done; then absent, or `aborted` or `interrupted`. */
  readonly status?: FFMessageStatus;
}

/** What a message gets at its end, besides its text. */
export interface FinishMessageOptions {
  /** Its top-level keys are merged into what the message was begun with. */
  readonly metadata?: Readonly<FFJsonObject> | undefined;
  /** In place of the parts that it was begun with. */
  readonly parts?: unknown;
}

/**
 * Writes one message as it grows. It has all of the text itself: whatever becomes of the storage
 * worker or of other tabs meanwhile, `finish` stores the whole of it.
 */
export interface FFMessageWriter {
  /** The message's id, also where the manager made it. */
  readonly messageId: string;
  /**
   * Appends text. It returns at once: other tabs see the text within a frame or two, and it is on the
   * disk within half a second. That this should fail meanwhile is no error here; what is missing is
   * sent again with the next text. Ignored once the message has been finished or aborted.
   *
   * A character may be split between two deltas.
   *
   * @throws FFValidationError field `delta` for what is no string, `content` when the text would
   *   exceed `storage.maxMessageBytes`; the text stays as it was.
   */
  write(delta: string): void;
  /**
   * Makes it an ordinary message, found by searches from then on, and gives it once it is durable.
   * Calling it again gives the same promise; where that has rejected, it tries again.
   *
   * A message that was taken for given up, because the page was put aside for a while, is completed
   * all the same. One that was deleted meanwhile stays deleted: the answer is then what was written,
   * with the status `aborted`. So it is after {@link abort}.
   *
   * @throws FFValidationError for bad input; the message goes on growing.
   */
  finish(options?: FinishMessageOptions): Promise<FFMessageDTO>;
  /** Ends the message with the text that it has; it stays, with the status `aborted`. */
  abort(): Promise<void>;
}

/**
 * Messages as they come, and messages that grow while they are written: in every tab that has the
 * store open, whichever of them writes.
 *
 * The iterables are made at once and read later; both are read once: two loops over the same one share
 * what comes. They fetch nothing ahead of their reader. A `break` ends them, and so do their `signal`,
 * the deletion of the session and `close()`, all without an error.
 */
export interface StreamMethods {
  /**
   * The messages of a session, from a place on and then as they are added, in batches. Every message
   * comes once, in order and without a gap, whoever added it and whichever tab does the work; a
   * slow reader misses nothing.
   *
   * A batch holds what has arrived, at least one message and at most `bufferSize`. A message that
   * is still being written comes when it is finished, aborted or interrupted; later changes of a
   * message are not told of. A session that is not there gives nothing.
   *
   * Where it starts is settled by the call, not by the first read. What the call throws, it throws at
   * once; a failure of the store, such as `worker-lost`, and a message in `from` that is not there
   * (`FFValidationError`, field `from`) are thrown when it is read.
   *
   * @throws FFValidationError for bad input.
   * @throws FFStorageError `closed` when the store is not open.
   */
  streamMessages(
    userId: string,
    sessionId: string,
    options?: StreamMessagesOptions,
  ): AsyncIterable<FFMessageDTO[]>;

  /**
   * Begins a message that is written bit by bit, such as a reply of a language model, and resolves
   * once its beginning is durable. Its `content` may be empty. It is in the session from then on, with
   * the status `streaming` and the text so far, and cannot be searched yet.
   *
   * Where it is neither finished nor aborted, because its page was closed, reloaded or crashed, it
   * is marked `interrupted`, with the text so far: within three seconds where another tab has the store
   * open, else when it is opened next. `close()` leaves it so, too.
   *
   * @throws FFUserNotFoundError, FFSessionNotFoundError
   * @throws FFValidationError for bad input, and field `messageId` when that id is or was in use.
   */
  startMessage(
    userId: string,
    sessionId: string,
    message: FFMessageInput,
  ): Promise<FFMessageWriter>;

  /**
   * One message as it grows: first what there is of it, then, whenever there is more, all of its text
   * so far, until it is done. A reader that is slow gets the newest text and not each step.
   *
   * It ends with an item that is `done`, at once where the message is complete already. It ends without
   * one when the message is not there or is deleted.
   *
   * @throws FFValidationError for bad input.
   * @throws FFStorageError `closed` when the store is not open.
   */
  followMessage(
    userId: string,
    sessionId: string,
    messageId: string,
    options?: FollowMessageOptions,
  ): AsyncIterable<FFMessageGrowth>;
}
