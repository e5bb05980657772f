import {
  FFStorageError,
  type FFDocumentDTO,
  type FFErrorCode,
  type FFMessageDTO,
  type FFMessageInput,
  type FFPanelDTO,
  type FFPanelMessageDTO,
  type FFPersonaDTO,
  type FFSessionDTO,
  type FFSituationalContextDTO,
  type FFStorageManager,
  type FFUserProfileDTO,
} from 'flatfile-chat';
import { expect } from 'vitest';

/** ISO 8601 in UTC with milliseconds. */
export const UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** A user's message. */
export function say(content: string, rest: Partial<FFMessageInput> = {}): FFMessageInput {
  return { role: 'user', content, ...rest };
}

/** Adds messages whose ids are their contents. */
export async function addAll(
  storage: FFStorageManager,
  sessionId: string,
  contents: readonly string[],
): Promise<void> {
  const messages = contents.map((content) => say(content, { messageId: content }));
  expect(await storage.addMessages('alice', sessionId, messages)).toBe(contents.length);
}

export function contentsOf(messages: readonly { readonly content: string }[]): string[] {
  return messages.map(({ content }) => content);
}

/** A value that TypeScript would refuse: apps in JavaScript pass such things. */
export function untyped<T>(value: unknown): T {
  return value as T;
}

interface ExpectedError {
  readonly type?: new (...args: never[]) => FFStorageError;
  readonly code: FFErrorCode;
  readonly field?: string;
}

/** Waits for a call to fail with an error of this package. */
export async function expectError(
  call: Promise<unknown>,
  { type = FFStorageError, code, field }: ExpectedError,
): Promise<FFStorageError> {
  const outcome: unknown = await call.then(
    (value) => ({ resolvedWith: value }),
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(FFStorageError);
  expect(outcome).toBeInstanceOf(type);
  expect(outcome).toMatchObject(field === undefined ? { code } : { code, field });
  return outcome as FFStorageError;
}

/** Everything that can be read of one session. */
interface SessionState {
  readonly session: FFSessionDTO;
  readonly messages: readonly FFMessageDTO[];
}

/** What can be read of a document; how far its text has been extracted changes by itself. */
type DocumentState = Omit<FFDocumentDTO, 'text'> & { readonly contentSha256: string | null };

interface UserState {
  readonly profile: FFUserProfileDTO | null;
  readonly sessions: readonly SessionState[];
  readonly documents: readonly DocumentState[];
  readonly contexts: readonly FFSituationalContextDTO[];
  /** Their own and those that belong to nobody. */
  readonly personas: readonly FFPersonaDTO[];
}

interface PanelState {
  readonly panel: FFPanelDTO;
  readonly messages: readonly FFPanelMessageDTO[];
}

interface StoreState {
  readonly users: Readonly<Record<string, UserState>>;
  /** Those that belong to nobody. */
  readonly personas: readonly FFPersonaDTO[];
  readonly panels: readonly PanelState[];
}

/** Everything that can be read of a store, to be compared with what it is later. */
export async function readState(storage: FFStorageManager): Promise<StoreState> {
  const users: Record<string, UserState> = {};
  for (const userId of await storage.listUsers()) users[userId] = await readUser(storage, userId);
  const panels: PanelState[] = [];
  for (const panel of await storage.listPanels()) {
    panels.push({ panel, messages: await storage.getPanelMessages(panel.panelId) });
  }
  return { users, personas: await storage.listPersonas(), panels };
}

/** Everything that can be read of one user. */
export async function readUser(storage: FFStorageManager, userId: string): Promise<UserState> {
  const sessions: SessionState[] = [];
  for (const session of await storage.listSessions(userId, { includeMetadata: true })) {
    const messages = await storage.getAllMessages(userId, session.sessionId);
    sessions.push({ session, messages });
  }
  const documents: DocumentState[] = [];
  for (const { text: _, ...document } of await storage.listDocuments(userId)) {
    const { sessionId, documentId } = document;
    const content = await storage.getDocumentContent(userId, sessionId, documentId);
    documents.push({ ...document, contentSha256: content && (await sha256Of(content)) });
  }
  return {
    profile: await storage.getUserProfile(userId),
    sessions,
    documents,
    contexts: await storage.listContexts(userId),
    personas: await storage.listPersonas({ ownerId: userId }),
  };
}

async function sha256Of(content: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await content.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
