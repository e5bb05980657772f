import type { FFJsonObject } from '../shared/model/json.ts';
import type { FFSessionDTO } from '../shared/model/session.ts';

/** Which sessions {@link SessionMethods.listSessions} gives. */
export interface ListSessionsOptions {
  /** At most this many; all when absent, none when 0. */
  readonly limit?: number | undefined;
  /** Sessions to pass over. Default 0. */
  readonly offset?: number | undefined;
  /** Whether `metadata` is part of the answer. Default `false`. */
  readonly includeMetadata?: boolean | undefined;
}

/** Sessions: the conversations of a user. */
export interface SessionMethods {
  /**
   * Creates an empty session and gives its id.
   *
   * @throws FFUserNotFoundError when there is no such user.
   */
  createSession(userId: string, title?: string, metadata?: Readonly<FFJsonObject>): Promise<string>;

  /** The session with its metadata, or `null`. */
  getSession(userId: string, sessionId: string): Promise<FFSessionDTO | null>;

  /**
   * A user's sessions, the one with the newest activity first. Activity is whatever changes the
   * session or one of its messages, by the time of the write.
   */
  listSessions(userId: string, options?: ListSessionsOptions): Promise<FFSessionDTO[]>;

  /**
   * Changes the title, or merges top-level keys into the metadata. `false` when there is no such
   * session.
   */
  updateSession(
    userId: string,
    sessionId: string,
    updates: {
      readonly title?: string | undefined;
      readonly metadata?: Readonly<FFJsonObject> | undefined;
    },
  ): Promise<boolean>;

  /**
   * Deletes a session with its messages, documents and contexts, and their index entries; `false`
   * when there is none.
   */
  deleteSession(userId: string, sessionId: string): Promise<boolean>;
}
