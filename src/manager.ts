import type { MaintenanceMethods } from './api/maintenance.ts';
import type { GetMessagesOptions, MessageMethods } from './api/messages.ts';
import type { SearchMessagesOptions, SearchMethods } from './api/search.ts';
import type { ListSessionsOptions, SessionMethods } from './api/sessions.ts';
import type { UserMethods } from './api/users.ts';
import { Connection } from './connection.ts';
import type { FFConfigInput, FFConfigurationManagerConfigDTO } from './shared/config.ts';
import type { BackendKind, EngineApi, EngineMethod } from './shared/contract.ts';
import { FFStorageError, FFValidationError } from './shared/errors.ts';
import type { FFJsonObject } from './shared/model/json.ts';
import type { FFMessageDTO, FFMessageInput } from './shared/model/message.ts';
import type { FFSearchResultDTO } from './shared/model/search.ts';
import type { FFSessionDTO } from './shared/model/session.ts';
import type { FFUserProfileDTO, FFUserProfileInput } from './shared/model/user.ts';
import { loadConfig } from './validation/config.ts';
import { createInputValidator, type InputValidator } from './validation/input.ts';

/** How a manager reaches its store. */
export interface FFStorageManagerOptions {
  /**
   * Where the bytes are kept. Default: `opfs`, or `indexeddb` where this browser has no synchronous
   * access handles. `memory` keeps nothing: for tests, and for a session that must leave no trace.
   */
  readonly backend?: BackendKind | undefined;
  /** Makes the storage worker. Default: the packaged one. */
  readonly worker?: (() => Worker) | undefined;
}

interface OpenStore {
  readonly connection: Connection;
  readonly backend: BackendKind;
}

const BACKENDS: readonly unknown[] = ['opfs', 'indexeddb', 'memory', undefined];

/**
 * The chat store of a page: everything an app does goes through one of these. Construct it, await
 * {@link initialize}, use it, {@link close} it.
 *
 * Calls need not wait for one another: they take effect in the order in which they were made.
 */
export class FFStorageManager
  implements UserMethods, SessionMethods, MessageMethods, SearchMethods, MaintenanceMethods
{
  readonly #config: FFConfigurationManagerConfigDTO;
  readonly #options: FFStorageManagerOptions;
  readonly #validate: InputValidator;
  /** The store that is open or being opened; `undefined` before initialize() and after close(). */
  #opening: Promise<OpenStore> | undefined;
  /** The same once it is open. */
  #store: OpenStore | undefined;

  /** @throws FFValidationError for a configuration key that is unknown or out of its range. */
  constructor(config: FFConfigInput = {}, options: FFStorageManagerOptions = {}) {
    if (!BACKENDS.includes(options.backend)) {
      throw new FFValidationError(
        `backend: must be 'opfs', 'indexeddb' or 'memory'; got '${options.backend}'`,
        { field: 'backend' },
      );
    }
    this.#config = loadConfig(config);
    this.#options = options;
    this.#validate = createInputValidator(this.#config);
  }

  // ── Opening ──────────────────────────────────────────────────────────────────────────────────

  /**
   * Opens the store, creating it the first time; `true` once it is usable. Calling it again while
   * the store is open does nothing; after {@link close}, or after the worker was lost, it opens anew.
   *
   * @throws FFStorageError `unavailable` when the browser lacks what the backend needs, `timeout`
   *   when another tab keeps the store, `version` or `corrupt` when it cannot be read.
   */
  async initialize(): Promise<boolean> {
    const open = this.#store;
    if (open !== undefined && !(await open.connection.isAlive()) && this.#store === open) {
      this.#forget();
    }
    const opening = (this.#opening ??= this.#open());
    try {
      const store = await opening;
      // While it opened, close() may have been called, and that call ends the connection.
      if (this.#opening !== opening) throw closedError('initialize');
      this.#store = store;
    } catch (error) {
      if (this.#opening === opening) this.#forget();
      throw error;
    }
    return true;
  }

  /** Makes everything durable and lets go of the files. Safe to call twice, or before opening. */
  async close(): Promise<void> {
    const opening = this.#opening;
    this.#forget();
    // An opening that failed has been reported to whoever called initialize().
    const store = await opening?.catch(() => undefined);
    await store?.connection.close();
  }

  /** Closes the store at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The backend really in use; `undefined` while the store is not open. */
  get backend(): BackendKind | undefined {
    return this.#store?.backend;
  }

  /** The configuration in force, as a copy. */
  getConfiguration(): FFConfigurationManagerConfigDTO {
    return structuredClone(this.#config);
  }

  // ── Users ────────────────────────────────────────────────────────────────────────────────────

  async createUser(userId: string, profile: FFUserProfileInput = {}): Promise<boolean> {
    const { id, profile: validProfile } = this.#validate;
    return this.#call('createUser', id(userId, 'userId'), validProfile(profile, 'profile'));
  }

  async userExists(userId: string): Promise<boolean> {
    return this.#call('userExists', this.#validate.id(userId, 'userId'));
  }

  async getUserProfile(userId: string): Promise<FFUserProfileDTO | null> {
    return this.#call('getUserProfile', this.#validate.id(userId, 'userId'));
  }

  async updateUserProfile(userId: string, updates: FFUserProfileInput): Promise<boolean> {
    const { id, profile } = this.#validate;
    return this.#call('updateUserProfile', id(userId, 'userId'), profile(updates, 'updates'));
  }

  async deleteUser(
    userId: string,
    options: { readonly force?: boolean | undefined } = {},
  ): Promise<boolean> {
    const { id, force } = this.#validate;
    return this.#call('deleteUser', id(userId, 'userId'), force(options));
  }

  async listUsers(): Promise<string[]> {
    return this.#call('listUsers');
  }

  // ── Sessions ─────────────────────────────────────────────────────────────────────────────────

  async createSession(
    userId: string,
    title?: string,
    metadata?: Readonly<FFJsonObject>,
  ): Promise<string> {
    const { id, newSession } = this.#validate;
    return this.#call('createSession', id(userId, 'userId'), newSession(title, metadata));
  }

  async getSession(userId: string, sessionId: string): Promise<FFSessionDTO | null> {
    return this.#call('getSession', ...this.#sessionPath(userId, sessionId));
  }

  async listSessions(userId: string, options: ListSessionsOptions = {}): Promise<FFSessionDTO[]> {
    const { id, sessionPage } = this.#validate;
    return this.#call('listSessions', id(userId, 'userId'), sessionPage(options));
  }

  async updateSession(
    userId: string,
    sessionId: string,
    updates: {
      readonly title?: string | undefined;
      readonly metadata?: Readonly<FFJsonObject> | undefined;
    },
  ): Promise<boolean> {
    const path = this.#sessionPath(userId, sessionId);
    return this.#call('updateSession', ...path, this.#validate.sessionChanges(updates));
  }

  async deleteSession(userId: string, sessionId: string): Promise<boolean> {
    return this.#call('deleteSession', ...this.#sessionPath(userId, sessionId));
  }

  // ── Messages ─────────────────────────────────────────────────────────────────────────────────

  async addMessage(userId: string, sessionId: string, message: FFMessageInput): Promise<boolean> {
    const path = this.#sessionPath(userId, sessionId);
    return this.#call('addMessage', ...path, this.#validate.message(message));
  }

  async addMessages(
    userId: string,
    sessionId: string,
    messages: readonly FFMessageInput[],
  ): Promise<number> {
    const path = this.#sessionPath(userId, sessionId);
    return this.#call('addMessages', ...path, this.#validate.messages(messages));
  }

  async getAllMessages(userId: string, sessionId: string): Promise<FFMessageDTO[]> {
    return this.getMessages(userId, sessionId);
  }

  async getMessages(
    userId: string,
    sessionId: string,
    options: GetMessagesOptions = {},
  ): Promise<FFMessageDTO[]> {
    const path = this.#sessionPath(userId, sessionId);
    return this.#call('getMessages', ...path, this.#validate.messagePage(options));
  }

  async getMessage(
    userId: string,
    sessionId: string,
    messageId: string,
  ): Promise<FFMessageDTO | null> {
    return this.#call('getMessage', ...this.#messagePath(userId, sessionId, messageId));
  }

  async updateMessage(
    userId: string,
    sessionId: string,
    messageId: string,
    updates: {
      readonly content?: string | undefined;
      readonly metadata?: Readonly<FFJsonObject> | undefined;
    },
  ): Promise<boolean> {
    const path = this.#messagePath(userId, sessionId, messageId);
    return this.#call('updateMessage', ...path, this.#validate.messageChanges(updates));
  }

  async deleteMessage(userId: string, sessionId: string, messageId: string): Promise<boolean> {
    return this.#call('deleteMessage', ...this.#messagePath(userId, sessionId, messageId));
  }

  // ── Search ───────────────────────────────────────────────────────────────────────────────────

  async searchMessages(
    userId: string,
    query: string,
    options: SearchMessagesOptions = {},
  ): Promise<FFSearchResultDTO[]> {
    const { id, textQuery } = this.#validate;
    return this.#call('searchMessages', id(userId, 'userId'), textQuery(query, options));
  }

  // ── Maintenance ──────────────────────────────────────────────────────────────────────────────

  async whenIdle(): Promise<void> {
    return this.#call('whenIdle');
  }

  // ── Inside ───────────────────────────────────────────────────────────────────────────────────

  async #open(): Promise<OpenStore> {
    const { backend, worker } = this.#options;
    const { connection, reply } = await Connection.open({
      config: this.#config,
      ...(backend === undefined ? {} : { backend }),
      ...(worker === undefined ? {} : { createWorker: worker }),
    });
    return { connection, backend: reply.backend };
  }

  #forget(): void {
    this.#opening = undefined;
    this.#store = undefined;
  }

  #call<M extends EngineMethod>(
    method: M,
    ...args: Parameters<EngineApi[M]>
  ): Promise<Awaited<ReturnType<EngineApi[M]>>> {
    if (this.#store === undefined) throw closedError(method);
    return this.#store.connection.call(method, ...args);
  }

  #sessionPath(userId: string, sessionId: string): [userId: string, sessionId: string] {
    return [this.#validate.id(userId, 'userId'), this.#validate.id(sessionId, 'sessionId')];
  }

  #messagePath(
    userId: string,
    sessionId: string,
    messageId: string,
  ): [userId: string, sessionId: string, messageId: string] {
    return [...this.#sessionPath(userId, sessionId), this.#validate.id(messageId, 'messageId')];
  }
}

function closedError(method: string): FFStorageError {
  return new FFStorageError(`${method}: the store is not open: await initialize() first.`, {
    code: 'closed',
  });
}
