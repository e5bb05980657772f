import type {
  FFSituationalContextDTO,
  FFSituationalContextInput,
} from '../shared/model/context.ts';

/** Which contexts {@link ContextMethods.listContexts} gives. */
export interface ListContextsOptions {
  /** Only this session's. */
  readonly sessionId?: string | undefined;
}

/**
 * Situational context: what a conversation is about, in a form that fits a prompt. It is taken from
 * the words themselves, on the device, without a language model.
 */
export interface ContextMethods {
  /**
   * The context of a session as it is now, which is not saved; `null` when there is nothing to
   * extract it from: no such session, or no message with text.
   */
  extractSituationalContext(
    userId: string,
    sessionId: string,
  ): Promise<FFSituationalContextDTO | null>;

  /**
   * Saves a context, one that was extracted or one of the app's own, and gives its id. A session
   * keeps the newest `context.maxHistory` of them; the oldest make room. One with a `contextId` that
   * the user has already replaces that. `userId` and `sessionId` inside of it are ignored.
   *
   * @throws FFUserNotFoundError, FFSessionNotFoundError
   * @throws FFValidationError for bad input, also where the whole is longer than
   *   `storage.maxMessageBytes` as JSON (field `context`).
   */
  saveContext(
    userId: string,
    sessionId: string,
    context: FFSituationalContextInput,
  ): Promise<string>;

  /** One of the user's saved contexts, or `null`. */
  getContext(userId: string, contextId: string): Promise<FFSituationalContextDTO | null>;

  /** The user's saved contexts, the newest first. */
  listContexts(userId: string, options?: ListContextsOptions): Promise<FFSituationalContextDTO[]>;
}
