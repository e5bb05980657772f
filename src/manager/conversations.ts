import type { GetMessagesOptions, MessageMethods } from '../api/messages.ts';
import type {
  SearchMessagesOptions,
  SearchMethods,
  SearchOptions,
  SearchSimilarOptions,
} from '../api/search.ts';
import type { ListSessionsOptions, SessionMethods } from '../api/sessions.ts';
import type { UserMethods } from '../api/users.ts';
import type { FFJsonObject } from '../shared/model/json.ts';
import type { FFMessageDTO, FFMessageInput } from '../shared/model/message.ts';
import type { FFSearchResultDTO } from '../shared/model/search.ts';
import type { FFSessionDTO } from '../shared/model/session.ts';
import type { FFUserProfileDTO, FFUserProfileInput } from '../shared/model/user.ts';
import { StoreLifecycle } from './lifecycle.ts';

/** Users, their sessions, the messages in them, and finding those again. */
export abstract class ConversationStore
  extends StoreLifecycle
  implements UserMethods, SessionMethods, MessageMethods, SearchMethods
{
  // ── Users ────────────────────────────────────────────────────────────────────────────────────

  async createUser(userId: string, profile: FFUserProfileInput = {}): Promise<boolean> {
    const { id, profile: validProfile } = this.validate;
    return this.call('createUser', id(userId, 'userId'), validProfile(profile, 'profile'));
  }

  async userExists(userId: string): Promise<boolean> {
    return this.call('userExists', this.validate.id(userId, 'userId'));
  }

  async getUserProfile(userId: string): Promise<FFUserProfileDTO | null> {
    return this.call('getUserProfile', this.validate.id(userId, 'userId'));
  }

  async updateUserProfile(userId: string, updates: FFUserProfileInput): Promise<boolean> {
    const { id, profile } = this.validate;
    return this.call('updateUserProfile', id(userId, 'userId'), profile(updates, 'updates'));
  }

  async deleteUser(
    userId: string,
    options: { readonly force?: boolean | undefined } = {},
  ): Promise<boolean> {
    const { id, force } = this.validate;
    return this.call('deleteUser', id(userId, 'userId'), force(options));
  }

  async listUsers(): Promise<string[]> {
    return this.call('listUsers');
  }

  // ── Sessions ─────────────────────────────────────────────────────────────────────────────────

  async createSession(
    userId: string,
    title?: string,
    metadata?: Readonly<FFJsonObject>,
  ): Promise<string> {
    const { id, newSession } = this.validate;
    return this.call('createSession', id(userId, 'userId'), newSession(title, metadata));
  }

  async getSession(userId: string, sessionId: string): Promise<FFSessionDTO | null> {
    return this.call('getSession', ...this.sessionPath(userId, sessionId));
  }

  async listSessions(userId: string, options: ListSessionsOptions = {}): Promise<FFSessionDTO[]> {
    const { id, sessionPage } = this.validate;
    return this.call('listSessions', id(userId, 'userId'), sessionPage(options));
  }

  async updateSession(
    userId: string,
    sessionId: string,
    updates: {
      readonly title?: string | undefined;
      readonly metadata?: Readonly<FFJsonObject> | undefined;
    },
  ): Promise<boolean> {
    const path = this.sessionPath(userId, sessionId);
    return this.call('updateSession', ...path, this.validate.sessionChanges(updates));
  }

  async deleteSession(userId: string, sessionId: string): Promise<boolean> {
    return this.call('deleteSession', ...this.sessionPath(userId, sessionId));
  }

  // ── Messages ─────────────────────────────────────────────────────────────────────────────────

  async addMessage(userId: string, sessionId: string, message: FFMessageInput): Promise<boolean> {
    const path = this.sessionPath(userId, sessionId);
    return this.call('addMessage', ...path, this.validate.message(message));
  }

  async addMessages(
    userId: string,
    sessionId: string,
    messages: readonly FFMessageInput[],
  ): Promise<number> {
    const path = this.sessionPath(userId, sessionId);
    return this.call('addMessages', ...path, this.validate.messages(messages));
  }

  async getAllMessages(userId: string, sessionId: string): Promise<FFMessageDTO[]> {
    return this.getMessages(userId, sessionId);
  }

  async getMessages(
    userId: string,
    sessionId: string,
    options: GetMessagesOptions = {},
  ): Promise<FFMessageDTO[]> {
    const path = this.sessionPath(userId, sessionId);
    return this.call('getMessages', ...path, this.validate.messagePage(options));
  }

  async getMessage(
    userId: string,
    sessionId: string,
    messageId: string,
  ): Promise<FFMessageDTO | null> {
    return this.call('getMessage', ...this.messagePath(userId, sessionId, messageId));
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
    const path = this.messagePath(userId, sessionId, messageId);
    return this.call('updateMessage', ...path, this.validate.messageChanges(updates));
  }

  async deleteMessage(userId: string, sessionId: string, messageId: string): Promise<boolean> {
    return this.call('deleteMessage', ...this.messagePath(userId, sessionId, messageId));
  }

  // ── Search ───────────────────────────────────────────────────────────────────────────────────

  async searchMessages(
    userId: string,
    query: string,
    options: SearchMessagesOptions = {},
  ): Promise<FFSearchResultDTO[]> {
    const { id, textQuery } = this.validate;
    return this.call('searchMessages', id(userId, 'userId'), textQuery(query, options));
  }

  async searchSimilarMessages(
    userId: string,
    query: string,
    options: SearchSimilarOptions = {},
  ): Promise<FFSearchResultDTO[]> {
    const { id, similarityQuery } = this.validate;
    const checked = similarityQuery(query, options);
    return this.call('searchSimilarMessages', id(userId, 'userId'), checked);
  }

  async search(
    userId: string,
    query: string,
    options: SearchOptions = {},
  ): Promise<FFSearchResultDTO[]> {
    const { id, searchQuery } = this.validate;
    return this.call('search', id(userId, 'userId'), searchQuery(query, options));
  }

  /** Both ids of a session, checked. */
  protected sessionPath(userId: string, sessionId: string): [userId: string, sessionId: string] {
    return [this.validate.id(userId, 'userId'), this.validate.id(sessionId, 'sessionId')];
  }

  /** The ids of a message, checked. */
  protected messagePath(
    userId: string,
    sessionId: string,
    messageId: string,
  ): [userId: string, sessionId: string, messageId: string] {
    return [...this.sessionPath(userId, sessionId), this.validate.id(messageId, 'messageId')];
  }
}
