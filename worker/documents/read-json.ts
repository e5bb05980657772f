import { decodeText } from './decode-text.ts';
import type { DocumentSource } from './reader.ts';
import { TextCollector } from './text-collector.ts';

const SPACE = /\s*/y;
const SCALAR = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * The keys and values of JSON, or of JSON values one after another: `key: value` on a line each, the
 * key of an object or a list on a line before what is in it, a blank line between objects. What is no
 * JSON, such as settings with comments, is taken as it is written.
 */
export function readJson(source: DocumentSource): string {
  const text = decodeText(source);
  return linesOf(text, source.isCut) ?? text;
}

/**
 * Not with `JSON.parse`: it changes numbers of more than fifteen digits, which are ids, and needs many
 * times the memory. Whether brackets match is of no interest here.
 */
function linesOf(text: string, isCut: boolean): string | undefined {
  const collector = new TextCollector();
  /** Stands between a key and its value. */
  let separator = '';
  for (let at = skip(text, 0); at < text.length && !collector.isFull; at = skip(text, at)) {
    const unit = text.charAt(at);
    if ('{}[],'.includes(unit)) {
      if (unit === '}') collector.endBlock();
      else collector.endLine();
      separator = '';
      at += 1;
      continue;
    }
    const end = unit === '"' ? stringEnd(text, at) : matchEnd(SCALAR, text, at);
    if (end === undefined) return isCut && unit === '"' ? collector.text() : undefined;
    const token = text.slice(at, end);
    const value = unit === '"' ? unquote(token) : token;
    if (value === undefined) return undefined;
    const colon = skip(text, end);
    const isKey = text[colon] === ':';
    if (isKey) collector.add(`${value}:`);
    else if (value !== '') collector.add(separator + value);
    if (!isKey) collector.endLine();
    separator = isKey ? ' ' : '';
    at = isKey ? colon + 1 : end;
  }
  return collector.text();
}

function skip(text: string, at: number): number {
  return matchEnd(SPACE, text, at) ?? at;
}

function matchEnd(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Behind the closing quote; undefined when there is none. */
function stringEnd(text: string, at: number): number | undefined {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end + 1;
  }
  return undefined;
}

function unquote(token: string): string | undefined {
  try {
    return JSON.parse(token) as string;
  } catch {
    return undefined;
  }
}
