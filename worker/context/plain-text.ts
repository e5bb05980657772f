import { looksLikeCode } from './code-lines.ts';
import { readInline } from './inline-markup.ts';

/** What a line was in the Markdown: a cell of a table is a line of its own. */
export type LineKind = 'prose' | 'item' | 'heading' | 'cell';

export interface Line {
  readonly kind: LineKind;
  readonly text: string;
}

/** A message without its markup. */
export interface PlainText {
  readonly lines: readonly Line[];
  /** Code that was between the lines and in them. */
  readonly code: readonly string[];
  /** Where links lead whose text is something else. */
  readonly links: readonly string[];
}

const LINE_BREAK = /\r\n?|[\n\u2028\u2029]/;
const FENCE = /^\s*(?:>\s?)*(`{3,}|~{3,})([^`]*)$/;
const QUOTE = /^\s*(?:>\s?)+/;
const HEADING = /^\s{0,3}#{1,6}\s+/;
const RULE = /^\s*(?:[-*_=]\s*){3,}$/;
const ITEM =
  /^\s*(?:\(?\d{1,2}\)\s*|(?:[-*+•‣◦▪–—]|\d{1,3}\.|\(?[a-zA-Z]\)|[A-HJ-Z]\.|[IVX]{1,5}\.)\s+)(?:\[[ xX]\]\s+)?/;
const TABLE_RULE = /^[\s:|-]*$/;

/** Ends what a hard line wrap would have carried on. */
const ENDED = /[.!?:;…。！？]["'”’)\]]*$/;

/** Reads a message's Markdown down to the lines that a person would read aloud. */
export function readPlainText(content: string): PlainText {
  const lines: Line[] = [];
  const code: string[] = [];
  const links: string[] = [];
  let fence: string | null = null;
  let adjacent = false;

  const add = (source: string, kind: LineKind): void => {
    const inline = readInline(source);
    code.push(...inline.code);
    links.push(...inline.links);
    if (inline.text === '') return;
    const previous = lines.at(-1);
    if (kind === 'prose' && previous !== undefined && wrapsInto(previous, inline.text, adjacent)) {
      lines[lines.length - 1] = { kind: previous.kind, text: `${previous.text} ${inline.text}` };
    } else {
      lines.push({ kind, text: inline.text });
    }
  };

  for (const raw of content.split(LINE_BREAK)) {
    const marker = FENCE.exec(raw)?.[1];
    if (fence !== null) {
      if (marker?.startsWith(fence) === true) fence = null;
      else code.push(raw);
    } else if (marker !== undefined) {
      fence = marker;
    } else {
      const line = raw.replace(QUOTE, '');
      const trimmed = line.trim();
      if (trimmed !== '' && !RULE.test(trimmed)) {
        if (looksLikeCode(trimmed)) code.push(trimmed);
        else if (HEADING.test(line))
          add(trimmed.replace(HEADING, '').replace(/\s#+$/, ''), 'heading');
        else if (isTableRow(trimmed)) addCells(trimmed, add);
        else if (ITEM.test(line)) add(line.replace(ITEM, ''), 'item');
        else add(trimmed, 'prose');
      }
      adjacent = trimmed !== '';
    }
  }
  return { lines, code, links };
}

/** Whether a line goes on with the one before: in chats most line breaks are meant, not wrapped. */
function wrapsInto(previous: Line, text: string, adjacent: boolean): boolean {
  if (!adjacent || (previous.kind !== 'prose' && previous.kind !== 'item')) return false;
  return previous.text.length >= 40 && /^\p{Ll}/u.test(text) && !ENDED.test(previous.text);
}

function isTableRow(line: string): boolean {
  return line.length > 2 && line.startsWith('|') && line.endsWith('|');
}

function addCells(row: string, add: (source: string, kind: LineKind) => void): void {
  if (TABLE_RULE.test(row)) return;
  for (const cell of row.slice(1, -1).split('|')) add(cell, 'cell');
}
