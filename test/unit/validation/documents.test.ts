import { describe, expect, it } from 'vitest';
import type { FFConfigInput } from '../../../src/shared/config.ts';
import { FFValidationError } from '../../../src/shared/errors.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import { createInputValidator } from '../../../src/validation/input.ts';
import { matchesType } from '../../../src/shared/mime-types.ts';
import { typeOfName } from '../../../src/validation/mime-type.ts';

const validatorOf = (config: FFConfigInput = {}) => createInputValidator(loadConfig(config));
const { newDocument, documentFilter, documentQuery } = validatorOf();

function fieldOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof FFValidationError) return error.field;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('a document', () => {
  it('has both names, whichever is given, and an id of its own', () => {
    expect(newDocument({ originalName: 'a.txt' }, undefined).document).toMatchObject({
      originalName: 'a.txt',
      filename: 'a.txt',
    });
    expect(newDocument({ filename: 'b.txt' }, undefined).document).toMatchObject({
      originalName: 'b.txt',
      filename: 'b.txt',
    });
    const both = { originalName: 'Übung (1).pdf', filename: 'x/1.pdf' };
    const first = newDocument(both, undefined).document;
    expect(first).toMatchObject(both);
    expect(newDocument(both, undefined).document.documentId).not.toBe(first.documentId);
  });

  it('keeps everything that it may have', () => {
    const { documentId: _, ...document } = newDocument(
      {
        originalName: 'a.txt',
        filename: 'f.txt',
        mimeType: ' Text/Plain; charset=UTF-8',
        path: '/home/ada/a.txt',
        size: 12,
        uploadedBy: 'Ada',
        uploadedAt: '2026-01-31T10:30:00+01:00',
        metadata: { tags: ['x'] },
      },
      undefined,
    ).document;
    expect(document).toStrictEqual({
      originalName: 'a.txt',
      filename: 'f.txt',
      mimeType: 'text/plain; charset=utf-8',
      path: '/home/ada/a.txt',
      size: 12,
      uploadedBy: 'Ada',
      uploadedAt: '2026-01-31T09:30:00.000Z',
      metadata: { tags: ['x'] },
    });
  });

  it('may be one that was read: what is the store’s to say is left out', () => {
    const read = {
      documentId: 'd',
      sessionId: 's',
      sha256: 'ff',
      text: { status: 'pending' },
      originalName: 'a.txt',
    };
    const { document } = newDocument(read, undefined);
    expect(document.documentId).not.toBe('d');
    expect(Object.keys(document).sort()).toEqual([
      'documentId',
      'filename',
      'mimeType',
      'originalName',
    ]);
  });

  it('has the size of its content, whatever is said of it', () => {
    const { document, content } = newDocument({ filename: 'a.txt', size: 5 }, 'four');
    expect(document).not.toHaveProperty('size');
    expect(content?.size).toBe(4);
  });
});

describe('the type of a document', () => {
  const typeFor = (document: object, content?: unknown) =>
    newDocument({ originalName: 'a', ...document }, content).document.mimeType;

  it('is what is said, else that of the blob, else that of a name, else that of the form', () => {
    const blob = new Blob(['x'], { type: 'text/html' });
    expect(typeFor({ originalName: 'a.pdf', mimeType: 'image/png' }, blob)).toBe('image/png');
    expect(typeFor({ originalName: 'a.pdf' }, blob)).toBe('text/html');
    expect(typeFor({ originalName: 'a.pdf' }, new Blob(['x']))).toBe('application/pdf');
    expect(typeFor({ originalName: 'a.pdf' }, new Blob(['x'], { type: 'odd' }))).toBe(
      'application/pdf',
    );
    expect(typeFor({ originalName: 'Scan', filename: 'scan.JPG' })).toBe('image/jpeg');
    expect(typeFor({}, 'text')).toBe('text/plain');
    expect(typeFor({}, new Uint8Array(1))).toBe('application/octet-stream');
    expect(typeFor({})).toBe('application/octet-stream');
  });

  it.each([
    ['notes.md', 'text/markdown'],
    ['a.b.csv', 'text/csv'],
    ['main.ts', 'text/plain'],
    ['main.rs', 'text/plain'],
    ['a.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['md', undefined],
    ['a.', undefined],
    ['a.constructor', undefined],
    ['a.tar.unheard-of', undefined],
  ])('of %j is %j by its ending', (name, type) => {
    expect(typeOfName(name)).toBe(type);
  });

  it.each([
    ['text/plain', ['text/plain'], true],
    ['text/plain;charset=utf-8', ['text/plain'], true],
    ['text/plain-ish', ['text/plain'], false],
    ['image/png', ['text/plain', 'image/*'], true],
    ['imagery/png', ['image/*'], false],
    ['image/png', ['*/*'], true],
    ['image/png', [], false],
  ])('%j among %j is allowed: %j', (type, patterns, allowed) => {
    expect(patterns.some((pattern) => matchesType(type, pattern))).toBe(allowed);
  });

  it('is compared with the configured ones in lower case', () => {
    const only = validatorOf({ document: { allowedMimeTypes: ['Image/*'] } });
    const png = { filename: 'a.txt', mimeType: 'IMAGE/PNG' };
    expect(only.newDocument(png, undefined).document.mimeType).toBe('image/png');
    expect(fieldOf(() => only.newDocument({ filename: 'a.txt' }, undefined))).toBe('mimeType');
  });
});

describe('the content of a document', () => {
  const bytesOf = async (content: unknown) => {
    const blob = newDocument({ filename: 'a' }, content).content;
    return [...new Uint8Array(await (blob as Blob).arrayBuffer())];
  };

  it('may be text, bytes, a view of bytes, a blob or a file', async () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    expect(await bytesOf('€')).toEqual([0xe2, 0x82, 0xac]);
    expect(await bytesOf(bytes.buffer)).toEqual([1, 2, 3, 4]);
    expect(await bytesOf(bytes.subarray(1, 3))).toEqual([2, 3]);
    expect(await bytesOf(new DataView(bytes.buffer, 3))).toEqual([4]);
    expect(await bytesOf(new Blob([bytes]))).toEqual([1, 2, 3, 4]);
    expect(await bytesOf(new File([bytes], 'f'))).toEqual([1, 2, 3, 4]);
    expect(await bytesOf('')).toEqual([]);
    expect(newDocument({ filename: 'a' }, undefined)).not.toHaveProperty('content');
  });

  it('is copied, so that a later change does no harm', async () => {
    const bytes = Uint8Array.of(1, 2);
    const { content } = newDocument({ filename: 'a' }, bytes);
    bytes.fill(9);
    expect([...new Uint8Array(await (content as Blob).arrayBuffer())]).toEqual([1, 2]);
  });

  it.each([7, null, true, {}, [1], () => 1, Symbol('s')])('may not be %s', (content) => {
    expect(fieldOf(() => newDocument({ filename: 'a' }, content))).toBe('content');
  });

  it('may have the configured number of bytes and not one more', () => {
    const small = validatorOf({ storage: { maxDocumentBytes: 3 } });
    expect(small.newDocument({ filename: 'a' }, '€').content?.size).toBe(3);
    expect(fieldOf(() => small.newDocument({ filename: 'a' }, '€!'))).toBe('content');
    // What is only known by its size takes no room.
    expect(small.newDocument({ filename: 'a', size: 4 }, undefined).document.size).toBe(4);
  });
});

describe('looking for documents', () => {
  it('has defaults', () => {
    expect(documentFilter({})).toStrictEqual({});
    expect(documentQuery('x', {})).toStrictEqual({ query: 'x', limit: 50 });
  });

  it('takes nothing for nothing', () => {
    expect(documentFilter({ limit: 0 })).toStrictEqual({ limit: 0 });
    expect(documentQuery('x', { limit: 0, sessionIds: [], documentTypes: [] })).toStrictEqual({
      query: 'x',
      limit: 0,
      sessionIds: [],
      documentTypes: [],
    });
  });

  it('takes types and groups of them, in lower case', () => {
    expect(documentFilter({ documentType: 'Image/*' }).documentType).toBe('image/*');
    expect(documentQuery('x', { documentTypes: ['TEXT/plain'] }).documentTypes).toEqual([
      'text/plain',
    ]);
    for (const documentType of ['', 'pdf', 'image/', '/png', 'image/p*', 'a/b/c', 7]) {
      expect(fieldOf(() => documentFilter({ documentType }))).toBe('documentType');
    }
  });
});
