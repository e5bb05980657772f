import type { FFConfigurationManagerConfigDTO } from './config.ts';
import type { FFJsonObject } from './model/json.ts';
import type { FFMessageDTO, MessageRole } from './model/message.ts';
import type { FFSearchResultDTO } from './model/search.ts';
import type { FFSessionDTO } from './model/session.ts';
import type { FFUserProfileDTO } from './model/user.ts';

/**
 * What crosses from the manager to the storage worker. Everything here is plain, structured-cloneable
 * and already validated: the calling side checks, because functions and cycles cannot cross at all
 * and because a mistake should be reported before it costs a trip.
 */

/** Where a store keeps its bytes. */
export type BackendKind = 'opfs' | 'indexeddb' | 'memory';

/** A validated profile, or the part of one that an update changes. */
export interface ProfileChanges {
  readonly username?: string;
  readonly email?: string;
  readonly name?: string;
  readonly preferences?: FFJsonObject;
  readonly metadata?: FFJsonObject;
}

/** A session to create. The caller makes the id, so that a repeated call creates nothing twice. */
export interface NewSession {
  readonly sessionId: string;
  readonly title: string;
  readonly metadata?: FFJsonObject;
}

/** What an update of a session changes. */
export interface SessionChanges {
  readonly title?: string;
  readonly metadata?: FFJsonObject;
}

/** Which sessions to list, newest activity first. */
export interface SessionPage {
  readonly limit?: number;
  readonly offset: number;
  readonly includeMetadata: boolean;
}

/** A validated message. `parentId` absent: after the session's last one; `timestamp` absent: now. */
export interface NewMessage {
  readonly messageId: string;
  readonly role: MessageRole;
  readonly content: string;
  readonly timestamp?: string;
  readonly name?: string;
  readonly parentId?: string | null;
  readonly parts?: unknown;
  readonly attachments?: string[];
  readonly metadata?: FFJsonObject;
}

/** What an edit of a message changes. */
export interface MessageChanges {
  readonly content?: string;
  readonly metadata?: FFJsonObject;
}

/** Which messages to read. `offset` counts from the end when `reverse`. */
export interface MessagePage {
  readonly limit?: number;
  readonly offset: number;
  readonly reverse: boolean;
}

/** A text search over one user's messages. */
export interface TextQuery {
  readonly query: string;
  readonly sessionIds?: readonly string[];
  readonly limit?: number;
  readonly minRelevanceScore: number;
}

/**
 * The engine's methods. Those that change something resolve when the change is durable, see
 * `storage.durability`; calls take effect in the order in which they were made.
 */
export interface EngineApi {
  createUser(userId: string, profile: ProfileChanges): Promise<boolean>;
  userExists(userId: string): Promise<boolean>;
  getUserProfile(userId: string): Promise<FFUserProfileDTO | null>;
  updateUserProfile(userId: string, changes: ProfileChanges): Promise<boolean>;
  deleteUser(userId: string, force: boolean): Promise<boolean>;
  listUsers(): Promise<string[]>;

  createSession(userId: string, session: NewSession): Promise<string>;
  getSession(userId: string, sessionId: string): Promise<FFSessionDTO | null>;
  listSessions(userId: string, page: SessionPage): Promise<FFSessionDTO[]>;
  updateSession(userId: string, sessionId: string, changes: SessionChanges): Promise<boolean>;
  deleteSession(userId: string, sessionId: string): Promise<boolean>;

  addMessage(userId: string, sessionId: string, message: NewMessage): Promise<boolean>;
  addMessages(userId: string, sessionId: string, messages: readonly NewMessage[]): Promise<number>;
  getMessages(userId: string, sessionId: string, page: MessagePage): Promise<FFMessageDTO[]>;
  getMessage(userId: string, sessionId: string, messageId: string): Promise<FFMessageDTO | null>;
  updateMessage(
    userId: string,
    sessionId: string,
    messageId: string,
    changes: MessageChanges,
  ): Promise<boolean>;
  deleteMessage(userId: string, sessionId: string, messageId: string): Promise<boolean>;

  searchMessages(userId: string, query: TextQuery): Promise<FFSearchResultDTO[]>;

  whenIdle(): Promise<void>;
}

/** The name of an engine method. */
export type EngineMethod = keyof EngineApi;

/** What the worker is told when it opens a store. */
export interface OpenRequest {
  readonly config: FFConfigurationManagerConfigDTO;
  /** Absent: the best that the browser has, see `selectBackend`. */
  readonly backend?: BackendKind;
}

/** What it answers. */
export interface OpenReply {
  readonly backend: BackendKind;
}

/** What a fresh worker says of itself. */
export interface HelloReply {
  /** {@link PROTOCOL_VERSION} of the worker's code: page and worker may come from different builds. */
  readonly protocol: number;
  /**
   * A Web Lock that the worker holds for as long as it lives. Whoever is granted it knows that the
   * worker is gone, which no event would tell. Absent where there are no Web Locks.
   */
  readonly aliveLock?: string;
}

/**
 * The object that the worker exposes. One `call` carries every engine method, so that deadlines,
 * measurements and, later, forwarding to another tab have a single place each.
 */
export interface Host {
  hello(): Promise<HelloReply>;
  open(request: OpenRequest): Promise<OpenReply>;
  call<M extends EngineMethod>(
    method: M,
    args: Parameters<EngineApi[M]>,
  ): Promise<Awaited<ReturnType<EngineApi[M]>>>;
  close(): Promise<void>;
}

/** Raised whenever {@link Host} or {@link EngineApi} changes in a way an older side cannot follow. */
export const PROTOCOL_VERSION = 1;

/** Prefix of every Web Lock, channel and database that the package names. */
export const NAME_PREFIX = 'ffdb:';
