import {
  FFValidationError,
  type FFConfigInput,
  type FFDocumentInput,
  type FFStorageManager,
} from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { openWithSession, shareStore, type Subject } from './subject.ts';
import { expectError, untyped } from './support.ts';

type Call = (storage: FFStorageManager, sessionId: string) => Promise<unknown>;

const store = (flaw: Record<string, unknown>): Call => {
  return (storage, sessionId) =>
    storage.storeDocument('alice', sessionId, untyped({ originalName: 'a.txt', ...flaw }), 'text');
};
const storeContent = (content: unknown): Call => {
  return (storage, sessionId) =>
    storage.storeDocument('alice', sessionId, { originalName: 'a.txt' }, untyped(content));
};
const search = (options: Record<string, unknown>): Call => {
  return (storage) => storage.searchDocuments('alice', 'text', untyped(options));
};
const list = (options: Record<string, unknown>): Call => {
  return (storage) => storage.listDocuments('alice', untyped(options));
};

const BAD_CALLS: readonly (readonly [what: string, field: string, call: Call])[] = [
  ['a document without a name', 'originalName', store({ originalName: undefined })],
  ['an empty name', 'originalName', store({ originalName: '' })],
  ['an empty file name', 'filename', store({ filename: '' })],
  ['a name with a line feed', 'originalName', store({ originalName: 'a\nb.txt' })],
  ['a name of 1,025 characters', 'originalName', store({ originalName: 'a'.repeat(1_025) })],
  ['a type that is none', 'mimeType', store({ mimeType: 'text' })],
  ['a group of types', 'mimeType', store({ mimeType: 'text/*' })],
  ['a negative size', 'size', store({ size: -1 })],
  ['a fractional size', 'size', store({ size: 0.5 })],
  ['a time that is none', 'uploadedAt', store({ uploadedAt: 'yesterday' })],
  ['metadata that is no JSON', 'metadata', store({ metadata: { when: new Date(0) } })],
  ['a misspelt key', 'orignalName', store({ orignalName: 'a.txt' })],
  [
    'a document that is none',
    'document',
    (storage, id) => storage.storeDocument('alice', id, untyped('a.txt')),
  ],
  ['content that is a number', 'content', storeContent(7)],
  ['content that is null', 'content', storeContent(null)],
  ['content that is a plain object', 'content', storeContent({ bytes: [1, 2] })],
  ['content that is a list', 'content', storeContent([1, 2])],
  [
    'a bad user id',
    'userId',
    (storage, id) => storage.storeDocument('a/b', id, { filename: 'a.txt' }),
  ],
  [
    'a bad session id',
    'sessionId',
    (storage) => storage.storeDocument('alice', '..', { filename: 'a.txt' }),
  ],
  ['a bad document id', 'documentId', (storage, id) => storage.getDocument('alice', id, '')],
  [
    'a bad id of content',
    'documentId',
    (storage, id) => storage.getDocumentContent('alice', id, 'a/b'),
  ],
  [
    'a bad id to delete',
    'documentId',
    (storage, id) => storage.deleteDocument('alice', id, 'a\0b'),
  ],
  ['a bad session to list', 'sessionId', list({ sessionId: '../x' })],
  ['a bad type to list', 'documentType', list({ documentType: 'pdf' })],
  ['a bad limit of a list', 'limit', list({ limit: -1 })],
  ['an offset, which lists of documents have not', 'offset', list({ offset: 1 })],
  ['an empty query', 'query', (storage) => storage.searchDocuments('alice', ' \t')],
  ['a query that is no text', 'query', (storage) => storage.searchDocuments('alice', untyped(7))],
  ['a bad limit of a search', 'limit', search({ limit: 1.5 })],
  ['a bad session to search', 'sessionIds[1]', search({ sessionIds: ['good', ''] })],
  ['types that are no list', 'documentTypes', search({ documentTypes: 'text/plain' })],
  ['a bad type to search', 'documentTypes[0]', search({ documentTypes: ['/plain'] })],
];

/** What the contract says of documents that are wrong. */
export function badDocumentsContract(subject: Subject): void {
  const shared = shareStore(subject);

  it.each(BAD_CALLS)('%s is refused, naming %s', async (_, field, call) => {
    const { storage, sessionId } = shared.current();
    const error = await expectError(call(storage, sessionId), {
      type: FFValidationError,
      code: 'validation',
      field,
    });
    expect(error.message.startsWith(`${field}: `)).toBe(true);
  });

  describe('a document over a configured limit', () => {
    async function refusal(config: FFConfigInput, document: FFDocumentInput, content: Blob) {
      const { storage, sessionId } = await openWithSession(subject, config);
      return expectError(storage.storeDocument('alice', sessionId, document, content), {
        type: FFValidationError,
        code: 'validation',
      });
    }

    it('of bytes is refused, naming content', async () => {
      const config = { storage: { maxDocumentBytes: 10 } };
      const error = await refusal(config, { filename: 'a.txt' }, new Blob(['x'.repeat(11)]));
      expect(error).toMatchObject({ field: 'content' });
      expect(error.message).toContain('storage.maxDocumentBytes');
    });

    it('of types is refused, naming mimeType, whatever says its type', async () => {
      const config = { document: { allowedMimeTypes: ['image/*', 'text/plain'] } };
      const ofBlob = await refusal(
        config,
        { filename: 'a.txt' },
        new Blob(['%PDF-'], { type: 'application/pdf' }),
      );
      expect(ofBlob).toMatchObject({ field: 'mimeType' });
      const ofName = await refusal(config, { filename: 'a.pdf' }, new Blob(['%PDF-']));
      expect(ofName).toMatchObject({ field: 'mimeType' });
      const given = { filename: 'a.txt', mimeType: 'application/pdf' };
      expect(await refusal(config, given, new Blob(['%PDF-']))).toMatchObject({
        field: 'mimeType',
      });
    });
  });
}
