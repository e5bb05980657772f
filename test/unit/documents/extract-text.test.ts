import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractText } from '../../../worker/documents/extract.ts';
import { normalizeText } from '../../../worker/documents/normalize-text.ts';
import { MAX_TEXT_LENGTH } from '../../../worker/documents/text-collector.ts';
import { anyText } from '../../support/arbitraries.ts';

const extract = (content: BlobPart, mimeType: string, filename = 'document') =>
  extractText(new Blob([content]), { mimeType, filename });

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values);

const ready = (text: string) => ({ status: 'ready', text });

describe('plain text', () => {
  it('is taken as it is written', async () => {
    const code = 'def f(x):\n    return x < 1 && "é👋"\n\tpass';
    expect(await extract(code, 'text/x-python')).toEqual(ready(code));
    expect(await extract('<a>1</a>', 'application/xml')).toEqual(ready('<a>1</a>'));
  });

  it.each([
    ['UTF-8 with a byte order mark', 'text/plain', bytes(0xef, 0xbb, 0xbf, 0xc3, 0xa9)],
    ['UTF-16, little end first', 'text/plain', bytes(0xff, 0xfe, 0xe9, 0x00)],
    ['UTF-16, big end first', 'text/plain', bytes(0xfe, 0xff, 0x00, 0xe9)],
    [
      'a byte order mark and another charset',
      'text/plain; charset=koi8-r',
      bytes(0xff, 0xfe, 0xe9, 0),
    ],
    ['a charset', 'text/plain; charset="utf-16be"', bytes(0x00, 0xe9)],
    ['a charset that is not known', 'text/plain; charset=nonsense', bytes(0xc3, 0xa9)],
    ['windows-1252', 'text/plain', bytes(0xe9)],
    ['windows-1252 that is said to be UTF-8', 'text/plain; charset=utf-8', bytes(0xe9)],
    ['what an XML declaration says', 'application/xml', '<?xml version="1.0" encoding="x"?>é'],
  ])('is decoded: %s', async (_, mimeType, content) => {
    const result = await extract(content, mimeType);
    expect(result).toEqual(ready(expect.stringMatching(/é$/) as unknown as string));
  });

  it('keeps UTF-8 with a broken character for UTF-8', async () => {
    const whole = new TextEncoder().encode('größer, schöner ');
    expect(await extract(new Blob([whole, bytes(0xc3)]), 'text/plain')).toEqual(
      ready('größer, schöner \ufffd'),
    );
  });

  it('has windows-1252 where ISO 8859-1 has control characters', async () => {
    expect(await extract(bytes(0x93, 0x80, 0x94), 'text/plain')).toEqual(ready('“€”'));
  });

  it('is not what holds zeros', async () => {
    expect(await extract(bytes(0x41, 0x00, 0x42), 'text/plain')).toEqual({
      status: 'none',
      reason: 'unsupported',
      message: 'The document is said to be text, but holds binary data.',
    });
  });

  it('is read up to a limit, without cutting a character', async () => {
    const wave = '👋';
    const long = `a${wave.repeat(MAX_TEXT_LENGTH / 2 + 10)}`;
    const result = await extract(long, 'text/plain');
    const text = result.status === 'ready' ? result.text : '';
    expect(text.length).toBeLessThanOrEqual(MAX_TEXT_LENGTH);
    expect(text.length).toBeGreaterThan(MAX_TEXT_LENGTH - 4);
    expect(text.at(-1)).not.toBe('\ufffd');
    expect(text.endsWith(wave)).toBe(true);
  }, 30_000);
});

describe('a document', () => {
  it('is empty without a character in it', async () => {
    const empty = { status: 'none', reason: 'empty' };
    expect(await extract('', 'text/plain')).toMatchObject(empty);
    expect(await extract(' \n\t\r\n', 'text/plain')).toMatchObject(empty);
    expect(await extract('<p> <br> </p>', 'text/html')).toMatchObject(empty);
    expect(await extract('{}', 'application/json')).toMatchObject(empty);
    expect(await extract('\n\n', 'text/csv')).toMatchObject(empty);
    expect(await extract('***', 'text/markdown')).toMatchObject(empty);
  });

  it('is unsupported when its type is, and the message names it', async () => {
    expect(await extract('x', 'image/png', 'cat.png')).toEqual({
      status: 'none',
      reason: 'unsupported',
      message: 'Text cannot be taken from image/png ("cat.png").',
    });
    expect(await extract('x', '', 'cat')).toMatchObject({
      message: 'Text cannot be taken from application/octet-stream ("cat").',
    });
  });
});

describe('normalizeText', () => {
  it('leaves no line end but \\n, and two blank lines at most', () => {
    expect(normalizeText('a\r\nb\rc\u2028d\fe')).toBe('a\nb\nc\nd\ne');
    expect(normalizeText('a\n\n\nb')).toBe('a\n\n\nb');
    expect(normalizeText('a\n\n\n\n\nb\n\n\n\nc')).toBe('a\n\n\nb\n\n\nc');
    expect(normalizeText('a\n \n\t\n  \n b')).toBe('a\n\n\n b');
  });

  it('removes control characters and replaces half characters', () => {
    expect(normalizeText('a\0\x07b\x9fc\td')).toBe('abc\td');
    expect(normalizeText('a\ud800b\udc00c👋')).toBe('a\ufffdb\ufffdc👋');
  });

  it('changes nothing more than it says', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom('\n', ' ', '\r\n', 'a', '\n\n\n'), anyText)),
        (pieces) => {
          const text = pieces.join('');
          const normal = normalizeText(text);
          expect(normal).not.toMatch(/\n\s*\n\s*\n\s*\n/);
          expect(normal).not.toMatch(/[\r\f\v\0\u2028]/);
          expect(normal).not.toMatch(/\p{Surrogate}/u);
          expect(normalizeText(normal)).toBe(normal);
          const visible = (from: string) =>
            from
              .replace(/(?![\s\x85])\p{Cc}/gu, '')
              .replace(/\p{Surrogate}/gu, '\ufffd')
              .replace(/[\s\x85]/g, '');
          expect(visible(normal)).toBe(visible(text));
        },
      ),
    );
  });

  it('takes a million blank lines', () => {
    expect(normalizeText(`a${'\n'.repeat(1_000_000)}b${' \n'.repeat(1_000_000)}c`)).toBe(
      'a\n\n\nb \n\n\nc',
    );
  });
});
