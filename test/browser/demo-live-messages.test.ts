import type { FFMessageDTO, FFStorageManager } from 'flatfile-chat';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConversation, type Conversation } from '../../demo/conversation/conversation.ts';
import { createChatStore, USER_ID, type ChatStore } from '../../demo/state/chat-store.ts';

const SESSION = 'talk';

/** Everything here is done behind the conversation's back, as another tab would do it. */
describe('a conversation that is open', () => {
  let store: ChatStore;
  let conversation: Conversation;
  const heard: FFMessageDTO[] = [];
  const gone: string[] = [];
  const errors: unknown[] = [];

  /** Calls the store, and tells nobody. */
  const elsewhere = <T>(call: (storage: FFStorageManager) => Promise<T>): Promise<T> =>
    store.read(call);
  const add = (messageId: string): Promise<unknown> =>
    elsewhere((storage) =>
      storage.addMessage(USER_ID, sessionId, { messageId, role: 'user', content: messageId }),
    );
  const shown = (): readonly FFMessageDTO[] => conversation.state.value.window.messages;
  const shownIds = (): string[] => shown().map(({ messageId }) => messageId);
  let sessionId: string;

  beforeAll(async () => {
    store = createChatStore('memory');
    await store.open();
  });

  afterAll(() => elsewhere((storage) => storage.close()));

  beforeEach(async () => {
    for (const list of [heard, gone, errors]) list.splice(0);
    conversation = createConversation(store, {
      paceMs: 0,
      onSent: () => undefined,
      onGrowing: () => undefined,
      onMessage: (message) => heard.push(message),
      onGone: (id) => gone.push(id),
      onError: (error) => errors.push(error),
    });
    sessionId = await elsewhere((storage) => storage.createSession(USER_ID, SESSION));
    await add('first');
    await conversation.open(sessionId);
    expect(shownIds()).toEqual(['first']);
  });

  afterEach(() => {
    conversation.leave();
    expect(errors).toEqual([]);
  });

  it('shows what others add, each message once and in order', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `m${index}`);
    const adding = (async () => {
      for (const id of ids) await add(id);
    })();
    // Paged through meanwhile, which must leave neither gap nor double.
    await conversation.loadOlder();
    await conversation.loadNewer();
    await adding;
    const all = ['first', ...ids];
    await vi.waitFor(() => expect(shownIds().at(-1)).toBe('m119'));
    expect(shownIds()).toEqual(all.slice(-shownIds().length));
    expect(heard.map(({ messageId }) => messageId)).toEqual(ids);
  });

  it('stays where the reader is when others add at the end', async () => {
    await elsewhere((storage) =>
      storage.addMessages(
        USER_ID,
        sessionId,
        Array.from({ length: 400 }, (_, index) => ({
          messageId: `m${index}`,
          role: 'user' as const,
          content: 'text',
        })),
      ),
    );
    await conversation.open(sessionId, 'm20');
    const before = shownIds();
    const { newer } = conversation.state.value.window;
    await add('later');
    await vi.waitFor(() => expect(conversation.state.value.window.newer).toBe(newer + 1));
    expect(shownIds()).toEqual(before);
  });

  it('shows how a message grows, and what becomes of it', async () => {
    const writer = await elsewhere((storage) =>
      storage.startMessage(USER_ID, sessionId, {
        messageId: 'grown',
        role: 'assistant',
        content: 'It',
      }),
    );
    // Whoever begins a message has just asked something; that is how others come to look.
    await add('question');
    await vi.waitFor(() => expect(shownIds()).toContain('grown'));
    const text = (): string | undefined => conversation.growing.value.get('grown');
    writer.write(' grows');
    await vi.waitFor(() => expect(text()).toBe('It grows'));
    writer.write(' on.');
    await vi.waitFor(() => expect(text()).toBe('It grows on.'));
    await writer.finish({ parts: ['part'] });

    await vi.waitFor(() => expect(shown().find(isGrown)?.status).toBeUndefined());
    expect(shown().find(isGrown)).toMatchObject({ content: 'It grows on.', parts: ['part'] });
    expect(text()).toBeUndefined();
    await vi.waitFor(() => expect(heard.filter(isGrown)).toHaveLength(1));
  });

  it('lets go of a growing message that others delete', async () => {
    const writer = await elsewhere((storage) =>
      storage.startMessage(USER_ID, sessionId, {
        messageId: 'grown',
        role: 'assistant',
        content: 'It',
      }),
    );
    await add('question');
    await vi.waitFor(() => expect(conversation.growing.value.get('grown')).toBe('It'));
    await elsewhere((storage) => storage.deleteMessage(USER_ID, sessionId, 'grown'));
    await vi.waitFor(() => expect(shownIds()).toEqual(['first', 'question']));
    await writer.abort();
  });

  it('says so when others delete it, and not when it was left before', async () => {
    const other = await elsewhere((storage) => storage.createSession(USER_ID, 'Other'));
    await elsewhere((storage) => storage.deleteSession(USER_ID, sessionId));
    await vi.waitFor(() => expect(gone).toEqual([sessionId]));

    await conversation.open(other);
    conversation.leave();
    await elsewhere((storage) => storage.deleteSession(USER_ID, other));
    await elsewhere((storage) => storage.listSessions(USER_ID));
    expect(gone).toEqual([sessionId]);
  });

  it('answers in a message that has the question before it, wherever it is read', async () => {
    await conversation.send('Which number has the dinner confirmation?');
    await vi.waitFor(() => expect(shown().at(-1)?.parts).toBeDefined());
    const [, question, answer] = shown();
    expect(question?.content).toBe('Which number has the dinner confirmation?');
    expect(answer).toMatchObject({ name: 'Recall', parentId: question?.messageId });
    expect(answer?.status).toBeUndefined();
    expect(conversation.writing.value.size).toBe(0);
  });

  it('leaves no reply to a question that was refused', async () => {
    const tooLong = 'words '.repeat(200_000);
    await expect(conversation.send(tooLong)).rejects.toMatchObject({ code: 'validation' });
    const stored = await elsewhere((storage) => storage.getMessages(USER_ID, sessionId));
    expect(stored.map(({ messageId }) => messageId)).toEqual(['first']);
  });
});

function isGrown({ messageId }: FFMessageDTO): boolean {
  return messageId === 'grown';
}
