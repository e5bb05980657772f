import { FFValidationError } from 'flatfile-chat';
import { beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE_QUERIES, searchInEachMode } from './search-support.ts';
import { shareStore, type Subject } from './subject.ts';
import { addAll, contentsOf, expectError, say } from './support.ts';

/** Texts without any of these hold nothing that could be looked for. */
const SEARCHABLE = /\p{L}|\p{Extended_Pictographic}|\d|_/u;

/** What a search does with unusual queries, and what it shows of a hit. */
export function searchQueriesContract(subject: Subject): void {
  describe('searchMessages with an unusual query', () => {
    const store = shareStore(subject);

    beforeAll(async () => {
      const { storage, sessionId } = store.current();
      await addAll(storage, sessionId, ['nothing of that', 'Zebra', 'the constructor of a class']);
    });

    it.each(HOSTILE_QUERIES)('takes %s for text', async (_, query) => {
      const { storage } = store.current();
      expect(contentsOf(await storage.searchMessages('alice', query))).not.toContain('Zebra');
      // The store and its index are as usable as before.
      expect(contentsOf(await storage.searchMessages('alice', 'zebra'))).toStrictEqual(['Zebra']);
    });

    it('finds words that objects know only where they are written', async () => {
      const { storage } = store.current();
      const hits = await storage.searchMessages('alice', 'constructor');
      expect(contentsOf(hits)).toStrictEqual(['the constructor of a class']);
      expect(await storage.searchMessages('alice', '__proto__')).toStrictEqual([]);
    });

    it.each([
      ['empty', ''],
      ['only spaces', ' \t\n '],
    ])('refuses a query that is %s', async (_, query) => {
      const { storage } = store.current();
      await expectError(storage.searchMessages('alice', query), {
        type: FFValidationError,
        code: 'validation',
        field: 'query',
      });
    });
  });

  describe('search with an unusual query', () => {
    const store = shareStore(subject);
    const sessions = new Map<string, string>();

    beforeAll(async () => {
      const { storage, sessionId } = store.current();
      await addAll(storage, sessionId, ['Zebra', 'Something else']);
      for (const [what, text] of HOSTILE_QUERIES) {
        sessions.set(what, await storage.createSession('alice', what));
        await storage.addMessage('alice', sessions.get(what) ?? '', say(text));
      }
      await storage.whenIdle();
    });

    it.each(HOSTILE_QUERIES)('takes %s for text in each mode', async (_, query) => {
      const { storage, sessionId } = store.current();
      const sessionIds = [sessionId];
      expect((await searchInEachMode(storage, query, { sessionIds })).text).toStrictEqual([]);
      for (const contents of Object.values(await searchInEachMode(storage, 'zebra'))) {
        expect(contents[0]).toBe('Zebra');
      }
    });

    it.each(HOSTILE_QUERIES)('finds %s where it is all that is written', async (what, text) => {
      const { storage } = store.current();
      const sessionIds = [sessions.get(what) ?? ''];
      const found = await searchInEachMode(storage, text, { sessionIds });
      const expected = SEARCHABLE.test(text) ? [text] : [];
      expect(found.text).toStrictEqual(expected);
      expect(found.hybrid).toEqual(expect.arrayContaining(expected));
    });
  });

  describe('searchMessages among unusual texts', () => {
    const store = shareStore(subject);

    it.each(HOSTILE_QUERIES)('finds one that begins with %s', async (_, text) => {
      const { storage } = store.current();
      const sessionId = await storage.createSession('alice');
      const sessionIds = [sessionId];
      await storage.addMessage('alice', sessionId, say(`${text} needle`, { name: text }));
      const hits = await storage.searchMessages('alice', 'needle', { sessionIds });
      expect(contentsOf(hits)).toStrictEqual([`${text} needle`]);
      const others = await storage.searchMessages('alice', text, { sessionIds });
      expect(contentsOf(others)).toStrictEqual(SEARCHABLE.test(text) ? [`${text} needle`] : []);
    });
  });

  describe('highlights', () => {
    const store = shareStore(subject);

    /** The only hit's highlights as the text that a browser would show, and what is marked in it. */
    async function highlight(content: string, query: string, name?: string) {
      const { storage } = store.current();
      const sessionId = await storage.createSession('alice');
      const message = say(content, name === undefined ? {} : { name });
      await storage.addMessage('alice', sessionId, message);
      const hits = await storage.searchMessages('alice', query, { sessionIds: [sessionId] });
      expect(hits).toHaveLength(1);
      const highlights = hits[0]?.highlights ?? [];
      expect(highlights.length).toBeGreaterThan(0);
      const html = highlights.join('\n');
      return {
        highlights,
        html,
        marked: [...html.matchAll(/<mark>(.*?)<\/mark>/gs)].map(([, text = '']) => unescape(text)),
        shown: highlights.map((excerpt) => unescape(excerpt.replace(/<\/?mark>/g, ''))),
      };
    }

    it('mark every matching word as it is written', async () => {
      const { marked } = await highlight('Refund? The REFUNDS were refunded.', 'refund');
      expect(marked).toStrictEqual(['Refund', 'REFUNDS', 'refunded']);
    });

    it('escape everything but the marks', async () => {
      const content = `<img src=x onerror="alert('1')"> & <mark>refund</mark> </mark>`;
      const { html, marked, shown } = await highlight(content, 'refund');
      expect(html.replace(/<mark>refund<\/mark>/, '')).not.toMatch(/[<>"']/);
      expect(marked).toStrictEqual(['refund']);
      expect(shown).toStrictEqual([content]);
    });

    it('escape the query’s own markup where it is found', async () => {
      const { html } = await highlight('press <b>bold</b> now', '<b>bold</b>');
      expect(html).not.toMatch(/<(?!\/?mark>)/);
      expect(html).toContain('<mark>bold</mark>');
    });

    it('are excerpts around the match when the text is long', async () => {
      const content = `${'before '.repeat(2_000)}needle${' after'.repeat(2_000)}`;
      const { highlights, marked, shown } = await highlight(content, 'needle');
      expect(marked).toStrictEqual(['needle']);
      expect(highlights.join('').length).toBeLessThan(1_000);
      for (const excerpt of shown) expect(content).toContain(excerpt.replace(/^…|…$/g, ''));
    });

    it('cut no character in half', async () => {
      const content = `${'🦊'.repeat(500)} needle ${'🦊'.repeat(500)}`;
      const { shown } = await highlight(content, 'needle');
      for (const excerpt of shown) expect(excerpt).not.toMatch(/\p{Surrogate}/u);
    });

    it('show the sender’s name where nothing else matches', async () => {
      const { html } = await highlight('Good morning', 'bartholomew', 'Bartholomew <admin>');
      expect(html).toBe('<mark>Bartholomew</mark> &lt;admin&gt;');
    });
  });
}

function unescape(html: string): string {
  const characterByEntity: Readonly<Record<string, string>> = {
    '&amp;': '&',
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
  };
  return html.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => characterByEntity[entity] ?? entity);
}
