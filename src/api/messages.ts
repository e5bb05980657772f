import type { FFJsonObject } from '../shared/model/json.ts';
import type { FFMessageDTO, FFMessageInput } from '../shared/model/message.ts';

/** Which messages {@link MessageMethods.getMessages} gives. */
export interface GetMessagesOptions {
  /** At most this many; all when absent, none when 0. */
  readonly limit?: number | undefined;
  /** Messages to pass over, from the start, or from the end when `reverse`. Default 0. */
  readonly offset?: number | undefined;
  /** Newest first. Default `false`: in the order in which they were added. */
  readonly reverse?: boolean | undefined;
}

/** Messages of a session, kept in the order in which they were added. */
export interface MessageMethods {
  /**
   * Appends a message and resolves once it is durable. `true` also when a message with this
   * `messageId` is already there, which changes nothing; `false` when that id was deleted.
   *
   * @throws FFUserNotFoundError, FFSessionNotFoundError
   * @throws FFValidationError for bad input, before anything is written.
   * @throws FFQuotaExceededError when the disk is full; nothing of the message remains.
   */
  addMessage(userId: string, sessionId: string, message: FFMessageInput): Promise<boolean>;

  /**
   * Appends many messages, all of them or, should anything fail, none, also across a crash. Gives
   * the number added; ids that are there already or were deleted are passed over.
   */
  addMessages(
    userId: string,
    sessionId: string,
    messages: readonly FFMessageInput[],
  ): Promise<number>;

  /** Every message of a session, in the order in which they were added. */
  getAllMessages(userId: string, sessionId: string): Promise<FFMessageDTO[]>;

  /** One page of a session. Costs what it returns, wherever in the session it lies. */
  getMessages(
    userId: string,
    sessionId: string,
    options?: GetMessagesOptions,
  ): Promise<FFMessageDTO[]>;

  /** One message, or `null`. */
  getMessage(userId: string, sessionId: string, messageId: string): Promise<FFMessageDTO | null>;

  /**
   * Replaces the text, or merges top-level keys into the metadata, or both. Place, role and
   * timestamp stay. `false` when there is no such message.
   */
  updateMessage(
    userId: string,
    sessionId: string,
    messageId: string,
    updates: {
      readonly content?: string | undefined;
      readonly metadata?: Readonly<FFJsonObject> | undefined;
    },
  ): Promise<boolean>;

  /**
   * Deletes one message; `false` when there is none. Answers to it stay, with the `parentId` they
   * have. A deleted id is not used again: adding it later is refused with `false`.
   */
  deleteMessage(userId: string, sessionId: string, messageId: string): Promise<boolean>;
}
