import { MessageRole, type FFMessageInput } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { shareStore, type Subject } from './subject.ts';
import { addAll, contentsOf, expectError, readState, say, UTC } from './support.ts';

/** What the contract says of adding messages. */
export function addingMessagesContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('addMessage', () => {
    it('gives a message an id, the time and its place in the conversation', async () => {
      const { storage, sessionId } = await store.withSession();
      const before = Date.now();
      expect(await storage.addMessage('alice', sessionId, { role: 'user', content: 'Hello' })).toBe(
        true,
      );
      const [message] = await storage.getAllMessages('alice', sessionId);
      expect(message).toStrictEqual({
        messageId: expect.stringMatching(/./),
        role: 'user',
        content: 'Hello',
        timestamp: expect.stringMatching(UTC),
        parentId: null,
      });
      const time = Date.parse(message?.timestamp ?? '');
      expect(time).toBeGreaterThanOrEqual(before);
      expect(time).toBeLessThanOrEqual(Date.now());
    });

    it('keeps everything that is given, verbatim', async () => {
      const { storage, sessionId } = await store.withSession();
      const message: FFMessageInput = {
        messageId: 'm 1',
        role: MessageRole.TOOL,
        content: 'Result: 42',
        timestamp: '2024-02-29T23:59:59.123Z',
        name: 'calculator “π”',
        parentId: null,
        parts: [
          { type: 'tool-call', input: { a: [1, -2.5e-9, null], b: '' }, 'odd key\n': true },
          { type: 'text', text: '</script>\u2028' },
        ],
        attachments: ['doc-1', 'doc-2'],
        metadata: { urgent: true, nested: { list: [[], {}] } },
      };
      await storage.addMessage('alice', sessionId, message);
      expect(await storage.getMessage('alice', sessionId, 'm 1')).toStrictEqual(message);
    });

    it.each([
      ['an object', { a: { b: [1] } }],
      ['a string', 'plain'],
      ['a number', 0],
      ['an empty list', []],
      ['lists in lists', [[['deep']]]],
    ])('keeps parts that are %s', async (_, parts) => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('text', { messageId: 'm', parts }));
      expect((await storage.getMessage('alice', sessionId, 'm'))?.parts).toStrictEqual(parts);
    });

    it.each([
      ['every line break', 'a\nb\r\nc\u2028d\u2029e\u0085f'],
      ['control characters', '\u0000\u0007\u001b[31m\u007f'],
      ['emoji and accents, composed or not', '👩‍👩‍👧‍👦 zoë zoe\u0308 🇩🇪'],
      ['half of a surrogate pair', 'before \ud83d after'],
      ['what looks like a record', '{"seq":1,"type":"delete","crc":"00000000"}\n{"seq":2}'],
      ['only spaces', '   '],
      ['a byte order mark', '\ufefftext'],
      ['quarter of a megabyte', 'lorem ipsum '.repeat(21_845)],
    ])('keeps a text of %s', async (_, content) => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say(content, { messageId: 'm' }));
      expect((await storage.getMessage('alice', sessionId, 'm'))?.content).toBe(content);
    });

    it('takes every role', async () => {
      const { storage, sessionId } = await store.withSession();
      expect(MessageRole).toStrictEqual({
        USER: 'user',
        ASSISTANT: 'assistant',
        SYSTEM: 'system',
        TOOL: 'tool',
      });
      for (const role of Object.values(MessageRole)) {
        await storage.addMessage('alice', sessionId, { role, content: role });
      }
      const messages = await storage.getAllMessages('alice', sessionId);
      expect(messages.map(({ role }) => role)).toStrictEqual([
        'user',
        'assistant',
        'system',
        'tool',
      ]);
    });

    it('takes a text that is empty when there are parts or attachments', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('', { parts: [{ type: 'image' }] }));
      await storage.addMessage('alice', sessionId, say('', { attachments: ['doc'] }));
      expect(contentsOf(await storage.getAllMessages('alice', sessionId))).toStrictEqual(['', '']);
    });

    it.each([
      ['2024-05-01T12:00:00Z', '2024-05-01T12:00:00.000Z'],
      ['2024-05-01T12:00:00.5+02:00', '2024-05-01T10:00:00.500Z'],
      ['2023-12-31T23:30:00-05:30', '2024-01-01T05:00:00.000Z'],
    ])('stores the timestamp %s in UTC', async (timestamp, stored) => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('then', { messageId: 'm', timestamp }));
      expect((await storage.getMessage('alice', sessionId, 'm'))?.timestamp).toBe(stored);
    });

    it('adds nothing under an id that is there, and gives true', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.addMessage('alice', sessionId, say('first', { messageId: 'same' }));
      const before = await readState(storage);
      const again = say('second', { messageId: 'same', role: 'system', metadata: { a: 1 } });
      expect(await storage.addMessage('alice', sessionId, again)).toBe(true);
      expect(await readState(storage)).toStrictEqual(before);
    });

    it('adds nothing under an id that was deleted, and gives false', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['kept', 'gone']);
      await storage.deleteMessage('alice', sessionId, 'gone');
      const before = await readState(storage);
      expect(await storage.addMessage('alice', sessionId, say('back', { messageId: 'gone' }))).toBe(
        false,
      );
      expect(await readState(storage)).toStrictEqual(before);
      expect(await storage.searchMessages('alice', 'back')).toStrictEqual([]);
    });

    it('takes the same id in two sessions', async () => {
      const { storage, sessionId } = await store.withSession();
      const otherId = await storage.createSession('alice');
      await storage.addMessage('alice', sessionId, say('here', { messageId: 'same' }));
      await storage.addMessage('alice', otherId, say('there', { messageId: 'same' }));
      await storage.deleteMessage('alice', sessionId, 'same');
      expect((await storage.getMessage('alice', otherId, 'same'))?.content).toBe('there');
    });

    it('stores what the message was when it was called', async () => {
      const { storage, sessionId } = await store.withSession();
      const message = { role: 'user' as const, content: 'as called', metadata: { list: [1] } };
      const added = storage.addMessage('alice', sessionId, message);
      message.content = 'changed';
      message.metadata.list.push(2);
      await added;
      const [stored] = await storage.getAllMessages('alice', sessionId);
      expect(stored).toMatchObject({ content: 'as called', metadata: { list: [1] } });
    });
  });

  describe('addMessages', () => {
    it('adds messages in the order of the list and gives their number', async () => {
      const { storage, sessionId } = await store.withSession();
      const contents = Array.from({ length: 500 }, (_, index) => `message ${index}`);
      const messages = contents.map((content) => say(content));
      expect(await storage.addMessages('alice', sessionId, messages)).toBe(500);
      expect(contentsOf(await storage.getAllMessages('alice', sessionId))).toStrictEqual(contents);
    });

    it('adds none of an empty list', async () => {
      const { storage, sessionId } = await store.withSession();
      expect(await storage.addMessages('alice', sessionId, [])).toBe(0);
      expect(await storage.getAllMessages('alice', sessionId)).toStrictEqual([]);
    });

    it('counts only what it added', async () => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['known', 'gone']);
      await storage.deleteMessage('alice', sessionId, 'gone');
      const batch = ['known', 'gone', 'new', 'new'].map((id) =>
        say(`now ${id}`, { messageId: id }),
      );
      expect(await storage.addMessages('alice', sessionId, batch)).toBe(1);
      expect(contentsOf(await storage.getAllMessages('alice', sessionId))).toStrictEqual([
        'known',
        'now new',
      ]);
    });

    it.each([
      ['a role that is none', { role: 'robot' as 'user' }, 'messages[2].role'],
      ['no text', { content: '' }, 'messages[2].content'],
      ['a parent that is nowhere', { parentId: 'nowhere' }, 'messages[2].parentId'],
      ['a bad id', { messageId: 'a/b' }, 'messages[2].messageId'],
    ])('adds none when one has %s', async (_, flaw, field) => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['there']);
      const before = await readState(storage);
      const batch = [say('one'), say('two'), { ...say('three'), ...flaw }, say('four')];
      await expectError(storage.addMessages('alice', sessionId, batch), {
        code: 'validation',
        field,
      });
      expect(await readState(storage)).toStrictEqual(before);
      expect(await storage.searchMessages('alice', 'one two three four')).toStrictEqual([]);
    });
  });
}
