import { describe, expect, it } from 'vitest';
import { documentKind } from '../../../worker/documents/kind.ts';

describe('documentKind', () => {
  it.each([
    ['text/plain', 'a.pdf', 'text'],
    ['TEXT/HTML; charset=UTF-8', 'a', 'html'],
    ['application/xhtml+xml', 'a', 'xhtml'],
    ['text/markdown', 'a', 'markdown'],
    ['text/x-python', 'a', 'text'],
    ['application/x-sh', 'a', 'text'],
    ['application/yaml', 'a', 'text'],
    ['application/atom+xml', 'a', 'text'],
    ['application/ld+json', 'a', 'json'],
    ['application/x-ndjson', 'a', 'json'],
    ['text/csv', 'a', 'csv'],
    ['text/tab-separated-values', 'a', 'tsv'],
    ['application/pdf', 'a.txt', 'pdf'],
    ['', 'Report.Final.DOCX', 'docx'],
    ['application/octet-stream', 'server.LOG', 'text'],
    ['application/octet-stream', 'code.tsx', 'text'],
    ['application/octet-stream', 'data.jsonl', 'json'],
    // What Windows says of CSV files, and what many systems say of TypeScript.
    ['application/vnd.ms-excel', 'table.csv', 'csv'],
    ['video/mp2t', 'engine.ts', 'text'],
  ])('%s, %s: %s', (mimeType, filename, kind) => {
    expect(documentKind(mimeType, filename)).toBe(kind);
  });

  it.each([
    ['image/png', 'a.txt'],
    ['application/rtf', 'a.rtf'],
    ['text/rtf', 'a.rtf'],
    ['application/vnd.ms-excel', 'a.xls'],
    ['application/msword', 'a.doc'],
    ['application/zip', 'a.zip'],
    ['', 'noending'],
    ['', ''],
    ['', 'a.constructor'],
  ])('%s, %s: none', (mimeType, filename) => {
    expect(documentKind(mimeType, filename)).toBeUndefined();
  });
});
