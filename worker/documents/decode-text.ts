import { NoTextError } from './no-text.ts';
import type { DocumentSource } from './reader.ts';

/** Bytes that are looked at for signs of what the rest is. */
const HEAD_LENGTH = 8_192;

const BYTE_ORDER_MARKS: readonly (readonly [encoding: string, mark: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/**
 * Bytes as text. In this order: a byte order mark says how, the MIME type's `charset`, what an HTML
 * or XML document says of itself, else they are UTF-8, or windows-1252 where they cannot be. What does
 * not fit the encoding becomes `U+FFFD`.
 *
 * @throws NoTextError `unsupported` when they are no text: bytes that are zero, which no text has.
 */
export function decodeText({ bytes, charset, isCut }: DocumentSource): string {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte));
  const encoding = marked?.[0] ?? encodingNamed(charset) ?? 'utf-8';
  const isWide = encoding.startsWith('utf-16');
  if (!isWide && bytes.subarray(0, HEAD_LENGTH).includes(0)) {
    throw new NoTextError('unsupported', 'The document is said to be text, but holds binary data.');
  }
  if (encoding !== 'utf-8') return decode(encoding, bytes, isCut);
  const declared = marked === undefined && charset === '' ? declaredEncoding(bytes) : undefined;
  return declared === undefined ? decodeUtf8(bytes, isCut) : decode(declared, bytes, isCut);
}

function decode(encoding: string, bytes: Uint8Array, isCut: boolean): string {
  // A cut may go through a character, which is then left out. Where characters are single bytes it
  // makes no difference, but Node 20 decodes windows-1252 as ISO 8859-1 unless it is a stream.
  const stream = isCut || encoding === 'windows-1252';
  return new TextDecoder(encoding).decode(bytes, { stream });
}

function decodeUtf8(bytes: Uint8Array, isCut: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
  } catch {
    const text = decode('utf-8', bytes, isCut);
    // A log with a torn character is UTF-8 still; of windows-1252 hardly a character would survive.
    const broken = countOf(text, /\ufffd/g);
    const whole = countOf(text, /[^\0-\x7f\ufffd]/gu);
    return whole > broken ? text : decode('windows-1252', bytes, isCut);
  }
}

function countOf(text: string, pattern: RegExp): number {
  let count = 0;
  for (const _ of text.matchAll(pattern)) count += 1;
  return count;
}

/** What `<meta charset>`, its older form or an XML declaration says; never UTF-8, the default. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = decode('windows-1252', bytes.subarray(0, HEAD_LENGTH), false);
  const label =
    /^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]+)/.exec(head)?.[1] ??
    /<meta\s[^>]{0,500}?charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1];
  const encoding = label === undefined ? undefined : encodingNamed(label);
  // The declaration could be read as single bytes, so it is wrong about these.
  return encoding === 'utf-8' || encoding?.startsWith('utf-16') ? undefined : encoding;
}

/** The standard name of an encoding; undefined for one that is not known. */
function encodingNamed(label: string): string | undefined {
  try {
    return label === '' ? undefined : new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}
