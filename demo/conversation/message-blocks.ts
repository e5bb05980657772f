/** A piece of a line of text, and whether it stands between backticks. */
export interface Span {
  readonly text: string;
  readonly isCode: boolean;
}

export type MessageBlock =
  | { readonly kind: 'text'; readonly spans: readonly Span[] }
  | { readonly kind: 'code'; readonly language: string; readonly code: string };

const FENCE = /^```([^\n`]*)\n([\s\S]*?)(?:\n```[ \t]*$|(?![\s\S]))/gm;
const INLINE_CODE = /`([^`\n]+)`/;

/**
 * Splits a message into running text and fenced code; a fence that is still open reaches to the end.
 * That is all the markup there is: everything else is shown as it was written.
 */
export function parseMessage(content: string): MessageBlock[] {
  const blocks: MessageBlock[] = [];
  let position = 0;
  const addText = (end: number): void => {
    const text = content.slice(position, end).replace(/^\n+|\s+$/g, '');
    if (text !== '') blocks.push({ kind: 'text', spans: parseSpans(text) });
  };

  for (const match of content.matchAll(FENCE)) {
    addText(match.index);
    blocks.push({ kind: 'code', language: (match[1] ?? '').trim(), code: match[2] ?? '' });
    position = match.index + match[0].length;
  }
  addText(content.length);
  return blocks;
}

function parseSpans(text: string): Span[] {
  // Splitting on a pattern with one group puts what it captured at the odd places.
  return text
    .split(INLINE_CODE)
    .map((piece, index) => ({ text: piece, isCode: index % 2 === 1 }))
    .filter((span) => span.text !== '');
}
