import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractText } from '../../worker/documents/extract.ts';
import { createDocx, createSmallPdf, DOCX_TYPE } from '../support/document-fixtures.ts';

const documents: [mimeType: string, create: () => BlobPart | Promise<BlobPart>, text: string][] = [
  ['text/plain', () => 'Hello there.', 'Hello there.'],
  ['text/markdown', () => '# Hello *there*', 'Hello there'],
  ['text/html', () => '<h1>Hello</h1>there', 'Hello\n\nthere'],
  ['application/json', () => '{"hello":["there"]}', 'hello:\nthere'],
  ['text/csv', () => 'a,b\nhello,there', 'a: hello, b: there'],
  ['application/pdf', () => createSmallPdf('Hello there'), 'Hello there'],
  [DOCX_TYPE, () => createDocx(['Hello', 'there']), 'Hello\n\nthere'],
];

const broken: [mimeType: string][] = [['application/pdf'], [DOCX_TYPE]];

describe('text extraction in a worker', () => {
  let worker: Worker;

  beforeAll(() => {
    worker = new Worker(new URL('../support/document-fixture-worker.ts', import.meta.url), {
      type: 'module',
    });
  });

  afterAll(() => worker.terminate());

  function extract(content: Blob, mimeType: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      worker.addEventListener('error', ({ message }) => reject(new Error(message)), { once: true });
      worker.addEventListener('message', function listen({ data }: MessageEvent<object>) {
        // Not what a parser may have said to the page.
        if (!('extraction' in data) && !('error' in data)) return;
        worker.removeEventListener('message', listen);
        resolve(data);
      });
      worker.postMessage({ content, mimeType });
    });
  }

  it.each(documents)('reads %s', async (mimeType, create, text) => {
    expect(await extract(new Blob([await create()]), mimeType)).toEqual({
      extraction: { status: 'ready', text },
    });
  });

  it.each(broken)('tells that a %s is damaged', async (mimeType) => {
    expect(await extract(new Blob(['nonsense']), mimeType)).toMatchObject({
      extraction: { status: 'none', reason: 'damaged' },
    });
  });
});

describe('text extraction in a page', () => {
  it.each(documents)('reads %s', async (mimeType, create, text) => {
    const content = new Blob([await create()]);
    expect(await extractText(content, { mimeType, filename: '' })).toEqual({
      status: 'ready',
      text,
    });
  });
});
