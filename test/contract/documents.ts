import type { FFDocumentContent, FFStorageManager } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { bytesOf, namesOf, randomBytes, sha256Of, storeText } from './document-support.ts';
import { openWithSession, reopen, shareStore, type Subject } from './subject.ts';
import { expectError, UTC } from './support.ts';

const TEXT = 'Grüße, 🦊!\r\n';
const UTF8 = new TextEncoder().encode(TEXT);
const PIECE = 1_048_576;

const CONTENTS: readonly (readonly [what: string, create: () => FFDocumentContent])[] = [
  ['a string', () => TEXT],
  ['a Blob', () => new Blob([UTF8], { type: 'image/png' })],
  ['an ArrayBuffer', () => UTF8.slice().buffer],
  ['a view of a part of a buffer', () => new Uint8Array([1, ...UTF8, 2]).subarray(1, -1)],
];

/** What the contract says of storing documents and reading them again. */
export function documentsContract(subject: Subject): void {
  const store = shareStore(subject);

  async function read(storage: FFStorageManager, sessionId: string, documentId: string) {
    const document = await storage.getDocument('alice', sessionId, documentId);
    const content = await storage.getDocumentContent('alice', sessionId, documentId);
    if (document === null || content === null) throw new Error('It is not there.');
    return { document, content };
  }

  describe('storeDocument', () => {
    it.each(CONTENTS)('stores %s, byte for byte', async (_, create) => {
      const { storage, sessionId } = await store.withSession();
      const input = { originalName: 'greeting.txt', mimeType: 'Text/X-Greeting' };
      const id = await storage.storeDocument('alice', sessionId, input, create());
      const { document, content } = await read(storage, sessionId, id);
      expect(await bytesOf(content)).toStrictEqual(UTF8);
      expect(content.type).toBe('text/x-greeting');
      expect(document).toMatchObject({ size: UTF8.length, sha256: await sha256Of(UTF8) });
    });

    it.each([0, 1, PIECE - 1, PIECE, 2 * PIECE + 3])('stores %i bytes', async (size) => {
      const { storage, sessionId } = await store.withSession();
      const bytes = randomBytes(size);
      const id = await storage.storeDocument('alice', sessionId, { filename: 'a.bin' }, bytes);
      const { document, content } = await read(storage, sessionId, id);
      expect(document).toMatchObject({ size, sha256: await sha256Of(bytes) });
      // One by one the comparison of so many would take seconds.
      expect(await sha256Of(await bytesOf(content))).toBe(document.sha256);
    });

    it('is not impressed by what becomes of the buffer later', async () => {
      const { storage, sessionId } = await store.withSession();
      const bytes = randomBytes(100_000);
      const sha256 = await sha256Of(bytes);
      const storing = storage.storeDocument('alice', sessionId, { filename: 'a' }, bytes);
      bytes.fill(0);
      const { document, content } = await read(storage, sessionId, await storing);
      expect(document.sha256).toBe(sha256);
      expect(await sha256Of(await bytesOf(content))).toBe(sha256);
    });

    it('fills in what is not said', async () => {
      const { storage, sessionId } = await store.withSession();
      const before = Date.now();
      const id = await storage.storeDocument('alice', sessionId, { originalName: 'Ä.md' }, '# Hi');
      const document = await storage.getDocument('alice', sessionId, id);
      expect({ ...document, text: undefined }).toStrictEqual({
        documentId: id,
        sessionId,
        filename: 'Ä.md',
        originalName: 'Ä.md',
        path: expect.stringContaining(id),
        mimeType: 'text/markdown',
        size: 4,
        uploadedBy: 'alice',
        uploadedAt: expect.stringMatching(UTC),
        sha256: await sha256Of(new TextEncoder().encode('# Hi')),
        text: undefined,
      });
      const uploadedAt = Date.parse(document?.uploadedAt ?? '');
      expect(uploadedAt).toBeGreaterThanOrEqual(before);
      expect(uploadedAt).toBeLessThanOrEqual(Date.now());
    });

    it('keeps what is said, times in UTC, and measures the content itself', async () => {
      const { storage, sessionId } = await store.withSession();
      const input = {
        originalName: 'Report (final).txt',
        filename: '0001.dat',
        mimeType: 'text/plain; charset=utf-8',
        path: 'C:\\reports\\0001.dat',
        uploadedBy: 'the scanner',
        metadata: { pages: 3, tags: ['a', null] },
      };
      const id = await storage.storeDocument(
        'alice',
        sessionId,
        { ...input, size: 1_000_000, uploadedAt: '2024-05-01T01:30:00+02:00' },
        'short',
      );
      expect(await storage.getDocument('alice', sessionId, id)).toMatchObject({
        ...input,
        size: 5,
        uploadedAt: '2024-04-30T23:30:00.000Z',
      });
    });

    it('keeps what is known of a document without content', async () => {
      const { storage, sessionId } = await store.withSession();
      const id = await storage.storeDocument('alice', sessionId, {
        filename: 'scan.pdf',
        size: 12_345,
      });
      const document = await storage.getDocument('alice', sessionId, id);
      expect(document).toMatchObject({
        originalName: 'scan.pdf',
        mimeType: 'application/pdf',
        size: 12_345,
        text: { status: 'none', reason: 'no-content' },
      });
      expect(document).not.toHaveProperty('sha256');
      expect(await storage.getDocumentContent('alice', sessionId, id)).toBeNull();
      const other = await storage.storeDocument('alice', sessionId, { filename: 'x' });
      expect(await storage.getDocument('alice', sessionId, other)).toMatchObject({ size: 0 });
    });

    it.each([
      ['the type of a Blob', 'a.txt', new Blob(['x'], { type: 'image/webp' }), 'image/webp'],
      ['the name, where a Blob has none', 'a.csv', new Blob(['x']), 'text/csv'],
      ['the name, for a buffer', 'photo.JPG', new ArrayBuffer(1), 'image/jpeg'],
      ['what a string is', 'notes', 'x', 'text/plain'],
      ['what bytes are', 'notes', new ArrayBuffer(1), 'application/octet-stream'],
    ])('takes the MIME type from %s', async (_, filename, content, mimeType) => {
      const { storage, sessionId } = await store.withSession();
      const id = await storage.storeDocument('alice', sessionId, { filename }, content);
      expect(await storage.getDocument('alice', sessionId, id)).toMatchObject({ mimeType });
    });

    it('takes a document that was read, as another one', async () => {
      const { storage, sessionId } = await store.withSession();
      const id = await storeText(storage, sessionId, 'a.txt', 'first');
      const { document, content } = await read(storage, sessionId, id);
      const copy = await storage.storeDocument('alice', sessionId, document, content);
      expect(copy).not.toBe(id);
      await storage.deleteDocument('alice', sessionId, id);
      const copied = await read(storage, sessionId, copy);
      expect(await copied.content.text()).toBe('first');
      expect(copied.document.uploadedAt).toBe(document.uploadedAt);
    });

    it('is activity of the session', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.createSession('alice', 'Newer');
      const id = await storeText(storage, sessionId, 'a.txt', 'x');
      const newest = async () => (await storage.listSessions('alice'))[0]?.sessionId;
      expect(await newest()).toBe(sessionId);
      const newer = await storage.createSession('alice', 'Newest');
      expect(await newest()).toBe(newer);
      await storage.deleteDocument('alice', sessionId, id);
      expect(await newest()).toBe(sessionId);
      expect(await storage.getSession('alice', sessionId)).toMatchObject({ messageCount: 0 });
    });

    it('needs the user and the session', async () => {
      const { storage, sessionId } = await store.withSession();
      await storage.createUser('bob');
      for (const content of [undefined, 'text']) {
        const input = { filename: 'a.txt' };
        await expectError(storage.storeDocument('nobody', sessionId, input, content), {
          code: 'user-not-found',
        });
        await expectError(storage.storeDocument('alice', 'none', input, content), {
          code: 'session-not-found',
        });
        await expectError(storage.storeDocument('bob', sessionId, input, content), {
          code: 'session-not-found',
        });
      }
      expect(await storage.listDocuments('alice')).toStrictEqual([]);
      expect(await storage.listDocuments('bob')).toStrictEqual([]);
    });

    it('takes what is just within the limits', async () => {
      const { storage, sessionId } = await openWithSession(subject, {
        storage: { maxDocumentBytes: 5 },
        document: { allowedMimeTypes: ['image/*', 'text/plain'] },
      });
      await storeText(storage, sessionId, 'a.txt', 'fünf');
      const gif = { filename: 'a.gif' };
      await storage.storeDocument('alice', sessionId, gif, new Uint8Array(5));
      await expectError(storage.storeDocument('alice', sessionId, gif, new Uint8Array(6)), {
        code: 'validation',
        field: 'content',
      });
      expect(await namesOf(storage)).toStrictEqual(['a.gif', 'a.txt']);
    });

    it('stores many at a time', async () => {
      const { storage, sessionId } = await store.withSession();
      const texts = Array.from({ length: 12 }, (_, index) => `text ${index}`);
      const ids = await Promise.all(
        texts.map((text) => storeText(storage, sessionId, `${text}.txt`, text)),
      );
      expect(new Set(ids).size).toBe(12);
      for (const [index, id] of ids.entries()) {
        const { content } = await read(storage, sessionId, id);
        expect(await content.text()).toBe(texts[index]);
      }
    });
  });

  // What follows is for stores that remember.
  if (!subject.persistent) return;

  describe('a document', () => {
    it('is there when the store is opened again', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      const bytes = randomBytes(PIECE + 1);
      const id = await storage.storeDocument('alice', sessionId, { filename: 'a.bin' }, bytes);
      await storeText(storage, sessionId, 'b.txt', 'a word: porcupine');
      await storage.whenIdle();
      const before = await storage.listDocuments('alice');
      const again = await reopen(subject, storage);
      expect(await again.listDocuments('alice')).toStrictEqual(before);
      const { document, content } = await read(again, sessionId, id);
      expect(await sha256Of(await bytesOf(content))).toBe(document.sha256);
      expect(await again.searchDocuments('alice', 'porcupine')).toHaveLength(1);
    });
  });
}
