import { Marked } from 'marked';
import { nextTask } from '../next-task.ts';
import { decodeText } from './decode-text.ts';
import { addHtmlText } from './html-text.ts';
import type { DocumentSource } from './reader.ts';
import { TextCollector } from './text-collector.ts';

/** UTF-16 units of Markdown that are parsed; what follows is taken as it is written. */
const MAX_PARSED = 2_000_000;

/** Units parsed at once, about. For some texts the parser needs quadratic time. */
const PIECE = 8_192;

/**
 * The text of Markdown, as a reader would see it: without markup, addresses of links and HTML tags,
 * with the code and what images show in words. Blocks lie between blank lines, list items and table
 * rows are lines.
 */
export async function readMarkdown(source: DocumentSource): Promise<string> {
  const text = decodeText(source);
  const marked = new Marked();
  const collector = new TextCollector();
  let parsedUntil = 0;
  for (const end of pieceEnds(text.slice(0, MAX_PARSED))) {
    const piece = text.slice(parsedUntil, end);
    collector.endBlock();
    const html = await toHtml(marked, piece);
    if (html === undefined) collector.add(piece);
    else addHtmlText(html, collector, false);
    parsedUntil = end;
    await nextTask();
  }
  collector.endBlock();
  collector.add(text.slice(parsedUntil));
  return collector.text();
}

/** Undefined when its lists lie thousands deep in each other, which overflows the parser's stack. */
async function toHtml(marked: Marked, markdown: string): Promise<string | undefined> {
  try {
    return await marked.parse(markdown);
  } catch {
    return undefined;
  }
}

/** Where the text may be cut: at blank lines outside of fenced code, where there are any. */
function* pieceEnds(text: string): Generator<number, void, undefined> {
  let fence = '';
  let start = 0;
  let lineStart = 0;
  while (lineStart < text.length) {
    const lineEnd = text.indexOf('\n', lineStart);
    const next = lineEnd === -1 ? text.length : lineEnd + 1;
    // The beginning of a line is enough; a document may be a single one.
    const line = text.slice(lineStart, Math.min(next, lineStart + 200));
    const [, mark = ''] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === '') fence = mark;
    else if (mark.startsWith(fence)) fence = '';
    const isCut = fence === '' && line.trim() === '' && next - start >= PIECE;
    if (isCut || next - start >= 2 * PIECE) {
      for (; next - start > 2 * PIECE; start += PIECE) yield start + PIECE;
      yield next;
      start = next;
    }
    lineStart = next;
  }
  if (start < text.length) yield text.length;
}
