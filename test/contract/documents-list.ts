import { describe, expect, it } from 'vitest';
import { namesOf, storeText } from './document-support.ts';
import { shareStore, type Subject } from './subject.ts';
import { addAll, say } from './support.ts';

/** What the contract says of listing documents and deleting them. */
export function listingDocumentsContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('getDocument and getDocumentContent', () => {
    it('give null for what is not there, or is of another session or user', async () => {
      const { storage, sessionId } = await store.withSession();
      const otherId = await storage.createSession('alice');
      await storage.createUser('bob');
      const bobsSession = await storage.createSession('bob');
      const id = await storeText(storage, sessionId, 'a.txt', 'x');
      const paths: [string, string, string][] = [
        ['alice', sessionId, 'none'],
        ['alice', otherId, id],
        ['alice', 'none', id],
        ['bob', bobsSession, id],
        ['bob', sessionId, id],
        ['nobody', sessionId, id],
      ];
      for (const path of paths) {
        expect(await storage.getDocument(...path)).toBeNull();
        expect(await storage.getDocumentContent(...path)).toBeNull();
        expect(await storage.deleteDocument(...path)).toBe(false);
      }
      expect(await storage.getDocument('alice', sessionId, id)).not.toBeNull();
    });
  });

  describe('listDocuments', () => {
    async function withDocuments() {
      const { storage, sessionId } = await store.withSession();
      const otherId = await storage.createSession('alice');
      await storeText(storage, sessionId, 'a.txt', 'x');
      await storeText(storage, otherId, 'b.md', 'x');
      await storage.storeDocument('alice', sessionId, { filename: 'c.png' });
      await storage.storeDocument('alice', sessionId, { filename: 'd.jpg' }, new Uint8Array(3));
      const text = { filename: 'e', mimeType: 'text/plain; charset=utf-8' };
      await storage.storeDocument('alice', sessionId, text, 'x');
      await storage.createUser('bob');
      const bobs = await storage.createSession('bob');
      await storage.storeDocument('bob', bobs, { filename: 'bobs.txt' }, 'x');
      return { storage, sessionId, otherId };
    }

    it('gives the newest first, also when all texts are extracted', async () => {
      const { storage, sessionId, otherId } = await withDocuments();
      for (let round = 0; round < 2; round++) {
        expect(await namesOf(storage)).toStrictEqual(['e', 'd.jpg', 'c.png', 'b.md', 'a.txt']);
        expect(await namesOf(storage, { sessionId })).toStrictEqual([
          'e',
          'd.jpg',
          'c.png',
          'a.txt',
        ]);
        expect(await namesOf(storage, { sessionId: otherId })).toStrictEqual(['b.md']);
        await storage.whenIdle();
      }
    });

    it('gives those of a type, parameters aside, or of a kind', async () => {
      const { storage, sessionId } = await withDocuments();
      const ofType = (documentType: string) => namesOf(storage, { documentType });
      expect(await ofType('text/plain')).toStrictEqual(['e', 'a.txt']);
      expect(await ofType('TEXT/Markdown')).toStrictEqual(['b.md']);
      expect(await ofType('image/*')).toStrictEqual(['d.jpg', 'c.png']);
      expect(await ofType('*/*')).toHaveLength(5);
      expect(await ofType('text/pl')).toStrictEqual([]);
      expect(await namesOf(storage, { sessionId, documentType: 'text/*' })).toStrictEqual([
        'e',
        'a.txt',
      ]);
    });

    it('gives no more than the limit, of those that pass', async () => {
      const { storage } = await withDocuments();
      expect(await namesOf(storage, { limit: 2 })).toStrictEqual(['e', 'd.jpg']);
      expect(await namesOf(storage, { limit: 1, documentType: 'image/png' })).toStrictEqual([
        'c.png',
      ]);
      expect(await namesOf(storage, { limit: 0 })).toStrictEqual([]);
      expect(await namesOf(storage, { limit: 1_000_000 })).toHaveLength(5);
    });

    it('gives what getDocument gives', async () => {
      const { storage } = await withDocuments();
      await storage.whenIdle();
      for (const document of await storage.listDocuments('alice')) {
        const { sessionId, documentId } = document;
        expect(await storage.getDocument('alice', sessionId, documentId)).toStrictEqual(document);
      }
    });

    it('gives nothing where there is nothing', async () => {
      const { storage, sessionId } = await store.withSession();
      expect(await storage.listDocuments('alice')).toStrictEqual([]);
      expect(await storage.listDocuments('alice', { sessionId })).toStrictEqual([]);
      expect(await storage.listDocuments('alice', { sessionId: 'none' })).toStrictEqual([]);
      expect(await storage.listDocuments('nobody')).toStrictEqual([]);
    });
  });

  describe('deleteDocument', () => {
    it('deletes a document with its content and what could be found in it', async () => {
      const { storage, sessionId } = await store.withSession();
      const id = await storeText(storage, sessionId, 'a.txt', 'a porcupine');
      await storeText(storage, sessionId, 'b.txt', 'a porcupine as well');
      expect(await storage.searchDocuments('alice', 'porcupine')).toHaveLength(2);
      expect(await storage.deleteDocument('alice', sessionId, id)).toBe(true);
      expect(await storage.getDocument('alice', sessionId, id)).toBeNull();
      expect(await storage.getDocumentContent('alice', sessionId, id)).toBeNull();
      expect(await namesOf(storage)).toStrictEqual(['b.txt']);
      const hits = await storage.searchDocuments('alice', 'porcupine');
      expect(hits.map(({ filename }) => filename)).toStrictEqual(['b.txt']);
      expect(await storage.deleteDocument('alice', sessionId, id)).toBe(false);
    });

    it('deletes one whose text is being extracted', async () => {
      const { storage, sessionId } = await store.withSession();
      const text = 'porcupine '.repeat(50_000);
      const id = await storeText(storage, sessionId, 'a.txt', text);
      expect(await storage.deleteDocument('alice', sessionId, id)).toBe(true);
      await storage.whenIdle();
      expect(await storage.listDocuments('alice')).toStrictEqual([]);
      expect(await storage.searchDocuments('alice', 'porcupine')).toStrictEqual([]);
      expect(await storage.getSessionStats('alice', sessionId)).toMatchObject({
        documentCount: 0,
        storageBytes: 0,
      });
    });

    it('gives the bytes back', async () => {
      const { storage, sessionId } = await store.withSession();
      const bytes = async () => {
        await storage.whenIdle();
        return (await storage.getStorageStats()).bytesByKind.documents;
      };
      expect(await bytes()).toBe(0);
      const id = await storeText(storage, sessionId, 'a.txt', 'x'.repeat(10_000));
      expect(await bytes()).toBeGreaterThan(10_000);
      await storage.deleteDocument('alice', sessionId, id);
      expect(await bytes()).toBe(0);
    });

    it('leaves the message that had it attached', async () => {
      const { storage, sessionId } = await store.withSession();
      const id = await storeText(storage, sessionId, 'a.txt', 'x');
      const message = say('see there', { messageId: 'm', attachments: [id] });
      await storage.addMessage('alice', sessionId, message);
      await storage.deleteDocument('alice', sessionId, id);
      expect(await storage.getMessage('alice', sessionId, 'm')).toMatchObject({
        attachments: [id],
      });
      const other = await storeText(storage, sessionId, 'b.txt', 'x');
      await storage.addMessage('alice', sessionId, { ...message, messageId: 'n' });
      await storage.deleteMessage('alice', sessionId, 'n');
      expect(await storage.getDocument('alice', sessionId, other)).not.toBeNull();
    });
  });

  describe('deleteSession and deleteUser', () => {
    it('take the documents along, and no others', async () => {
      const { storage, sessionId } = await store.withSession();
      const otherId = await storage.createSession('alice');
      const id = await storeText(storage, sessionId, 'a.txt', 'porcupine');
      await storeText(storage, otherId, 'b.txt', 'porcupine');
      await storage.whenIdle();
      await storage.deleteSession('alice', sessionId);
      expect(await storage.getDocument('alice', sessionId, id)).toBeNull();
      expect(await storage.getDocumentContent('alice', sessionId, id)).toBeNull();
      expect(await namesOf(storage)).toStrictEqual(['b.txt']);
      expect(await storage.searchDocuments('alice', 'porcupine')).toHaveLength(1);
      expect(await storage.getUserStats('alice')).toMatchObject({ totalDocuments: 1 });

      await storage.deleteUser('alice', { force: true });
      expect(await storage.listDocuments('alice')).toStrictEqual([]);
      expect(await storage.searchDocuments('alice', 'porcupine')).toStrictEqual([]);
      expect(await storage.getStorageStats()).toMatchObject({
        totalDocuments: 0,
        bytesByKind: { documents: 0, messages: 0 },
      });
      await storage.createUser('alice');
      await addAll(storage, await storage.createSession('alice'), ['m']);
      expect(await storage.listDocuments('alice')).toStrictEqual([]);
      expect(await storage.searchDocuments('alice', 'porcupine')).toStrictEqual([]);
    });
  });
}
