import type { FFDocumentContent, FFStorageManager } from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { createDocx, createSmallPdf, DOCX_TYPE } from '../support/document-fixtures.ts';
import { storeText } from './document-support.ts';
import { openWithSession, reopen, shareStore, type Subject } from './subject.ts';
import { addAll, contentsOf } from './support.ts';

const PDF_TYPE = 'application/pdf';

/** A PDF that no password opens but one that nobody knows. */
function encryptedPdf(): Uint8Array<ArrayBuffer> {
  const text = new TextDecoder().decode(createSmallPdf('porcupine'));
  const entry = `<${'5a'.repeat(32)}>`;
  const id = `<${'00'.repeat(16)}>`;
  const encrypted = text.replace(
    '/Root 1 0 R',
    `/Root 1 0 R /ID [${id} ${id}] ` +
      `/Encrypt << /Filter /Standard /V 1 /R 2 /O ${entry} /U ${entry} /P -4 >>`,
  );
  return new TextEncoder().encode(encrypted);
}

type Create = () => FFDocumentContent | Promise<FFDocumentContent>;

const READABLE: readonly (readonly [kind: string, name: string, create: Create])[] = [
  ['plain text', 'a.txt', () => 'The porcupine sleeps.'],
  ['Markdown', 'a.md', () => '# Animals\n\nThe **porcupine** sleeps.'],
  ['HTML', 'a.html', () => '<p title="hidden">The <b>porcupine</b> sleeps.</p>'],
  ['JSON', 'a.json', () => '{"animals":[{"kind":"porcupine"}]}'],
  ['CSV', 'a.csv', () => 'animal,state\nporcupine,asleep\n'],
  ['PDF', 'a.pdf', () => createSmallPdf('The porcupine sleeps.')],
  ['Word', 'a.docx', () => createDocx(['The porcupine sleeps.'])],
  ['code', 'a.ts', () => 'export const porcupine = 1;'],
  ['text without an ending', 'NOTES', () => 'porcupine'],
];

const UNREADABLE: readonly (readonly [
  what: string,
  reason: string,
  mimeType: string,
  create: Create,
])[] = [
  ['a damaged PDF', 'damaged', PDF_TYPE, () => createSmallPdf('porcupine').slice(0, 60)],
  ['a PDF that is something else', 'damaged', PDF_TYPE, () => 'porcupine'],
  ['an encrypted PDF', 'encrypted', PDF_TYPE, encryptedPdf],
  ['a PDF without text', 'empty', PDF_TYPE, () => createSmallPdf('')],
  ['a damaged Word document', 'damaged', DOCX_TYPE, () => 'PK porcupine'],
  ['an encrypted one', 'encrypted', DOCX_TYPE, () => createDocx(['x'], { password: 'x' })],
  ['an image', 'unsupported', 'image/png', () => new Uint8Array([0x89, 0x50, 0x4e, 0x47])],
  ['an empty text', 'empty', 'text/plain', () => ''],
  ['white space', 'empty', 'text/plain', () => ' \n\t\n'],
];

/** What the contract says of the texts of documents. */
export function documentTextsContract(subject: Subject): void {
  const store = shareStore(subject);

  const textOf = async (storage: FFStorageManager, sessionId: string, documentId: string) =>
    (await storage.getDocument('alice', sessionId, documentId))?.text;

  describe('the text of a document', () => {
    it.each(READABLE)('is taken from %s', async (_, filename, create) => {
      const { storage, sessionId } = await store.withSession();
      const content = await create();
      const id = await storage.storeDocument('alice', sessionId, { filename }, content);
      await storage.whenIdle();
      expect(await textOf(storage, sessionId, id)).toStrictEqual({
        status: 'ready',
        characters: expect.any(Number),
        chunks: 1,
      });
      const hits = await storage.searchDocuments('alice', 'porcupine');
      expect(hits).toMatchObject([{ id, filename, chunk: { index: 0, start: 0 } }]);
      expect(hits[0]?.content).toContain('porcupine');
      expect(await storage.searchDocuments('alice', 'hidden')).toStrictEqual([]);
    });

    it.each(UNREADABLE)('is missing of %s: %s', async (_, reason, mimeType, create) => {
      const { storage, sessionId } = await store.withSession();
      await addAll(storage, sessionId, ['a message']);
      const content = new Blob([(await create()) as string], { type: mimeType });
      const id = await storage.storeDocument('alice', sessionId, { filename: 'it' }, content);
      const good = await storeText(storage, sessionId, 'good.txt', 'porcupine');
      await storage.whenIdle();
      expect(await textOf(storage, sessionId, id)).toStrictEqual({
        status: 'none',
        reason,
        message: expect.stringMatching(/\w/),
      });
      expect(await textOf(storage, sessionId, good)).toMatchObject({ status: 'ready' });
      const stored = await storage.getDocumentContent('alice', sessionId, id);
      expect(await stored?.text()).toBe(await content.text());
      const hits = await storage.searchDocuments('alice', 'porcupine');
      expect(hits.map((hit) => hit.id)).toStrictEqual([good]);
      expect(contentsOf(await storage.searchMessages('alice', 'message'))).toHaveLength(1);
    });

    it('is read as its charset says', async () => {
      const { storage, sessionId } = await store.withSession();
      const input = { filename: 'a.txt', mimeType: 'text/plain; charset=iso-8859-1' };
      const latin = new Uint8Array([0x67, 0x72, 0xf6, 0xdf, 0x65, 0x72]);
      await storage.storeDocument('alice', sessionId, input, latin);
      const hits = await storage.searchDocuments('alice', 'größer');
      expect(contentsOf(hits)).toStrictEqual(['größer']);
    });

    it('is there when whenIdle() resolves, of calls that were not waited for too', async () => {
      const { storage, sessionId } = await store.withSession();
      const storing = ['one', 'two', 'three'].map((word) =>
        storeText(storage, sessionId, word, `${word} ${'x '.repeat(2_000)}`),
      );
      await storage.whenIdle();
      const documents = await storage.listDocuments('alice');
      expect(documents.map(({ text }) => text.status)).toStrictEqual(['ready', 'ready', 'ready']);
      expect(await Promise.all(storing)).toHaveLength(3);
    });

    it('counts its UTF-16 units and chunks', async () => {
      const { storage, sessionId } = await openWithSession(subject, {
        document: { chunkSize: 100, chunkOverlap: 20 },
      });
      const text = Array.from({ length: 40 }, (_, index) => `Word${index} 🦊.`).join(' ');
      const id = await storeText(storage, sessionId, 'a.txt', text);
      await storage.whenIdle();
      const status = await textOf(storage, sessionId, id);
      expect(status).toMatchObject({ status: 'ready', characters: text.length });
      const { chunks } = status as { chunks: number };
      expect(chunks).toBeGreaterThanOrEqual(text.length / 100);
      expect(await storage.searchDocuments('alice', '🦊 word', { limit: 500 })).toHaveLength(
        chunks,
      );
    });
  });

  describe('close', () => {
    it('lets a document be stored whose call was made before', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      const storing = storeText(storage, sessionId, 'a.txt', 'porcupine '.repeat(200_000));
      const closing = storage.close();
      expect(await storing).toEqual(expect.any(String));
      await closing;
    });

    // What follows is for stores that remember.
    if (!subject.persistent) return;

    it('leaves texts to the next opening', async () => {
      const { storage, sessionId } = await openWithSession(subject);
      const names = Array.from({ length: 5 }, (_, index) => `${index}.txt`);
      for (const name of names) {
        await storeText(storage, sessionId, name, `porcupine ${'and more '.repeat(50_000)}`);
      }
      const again = await reopen(subject, storage);
      const hits = await again.searchDocuments('alice', 'porcupine');
      expect(hits.map(({ filename = '' }) => filename).sort()).toStrictEqual(names);
      for (const { text } of await again.listDocuments('alice')) {
        expect(text.status).toBe('ready');
      }
    });
  });
}
