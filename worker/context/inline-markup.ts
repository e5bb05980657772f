/** The text of a Markdown line, and what its markup hid. */
export interface InlineText {
  readonly text: string;
  /** What stood between backticks. */
  readonly code: readonly string[];
  /** Where its links and images lead. */
  readonly links: readonly string[];
}

// No pattern here may run over the character that starts it: lines come from anywhere, and a run
// of a hundred thousand brackets must not cost its square.
const CODE_SPAN = /`{1,3}([^`]+)`{1,3}/;
const LINK =
  /!?\[([^[\]]*)\]\(\s*<?([^()\s>]*(?:\([^()\s>]*\)[^()\s>]*)*)>?(?:\s+["'][^"'()]*["'])?\s*\)/g;
const REFERENCE_LINK = /!?\[([^[\]]+)\]\[[^[\]]*\]/g;
const FOOTNOTE = /\[\^[^[\]]*\]/g;
const AUTOLINK = /<((?:https?:\/\/|mailto:)?[^\s<>@]*(?::\/\/|@)[^\s<>]+)>/g;
const HTML_TAG =
  /<\/?(?:a|b|blockquote|br|code|div|em|font|h[1-6]|hr|i|img|kbd|li|ol|p|pre|s|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]*)?\/?>/gi;
const STRONG = /\*{2,3}|~~/g;
const STARS = /(^|[^\p{L}\p{N}*])\*([^\s*][^*]*)\*(?![\p{L}\p{N}*])/gu;
const UNDERSCORES = /(^|[^\p{L}\p{N}_])_{1,3}([^\s_][^_]*)_{1,3}(?![\p{L}\p{N}_])/gu;
const ESCAPE = /\\([\\`*_{}[\]()#+\-.!|>~])/g;
const CHARACTER_REFERENCE = /&(amp|lt|gt|quot|apos|nbsp|#39);/g;

const CHARACTERS: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  '#39': "'",
};

/** Takes emphasis, links, tags and code marks away and leaves what a reader would see. */
export function readInline(line: string): InlineText {
  const code: string[] = [];
  const links: string[] = [];
  // Every second piece is what the pattern's group has caught.
  const pieces = line.split(CODE_SPAN).map((piece, index) => {
    if (index % 2 === 0) return withoutMarks(piece, links);
    code.push(piece);
    return piece;
  });
  return { text: pieces.join('').replace(/\s+/g, ' ').trim(), code, links };
}

function withoutMarks(text: string, links: string[]): string {
  return text
    .replace(LINK, (_whole, label: string, target: string) => {
      links.push(target);
      return label;
    })
    .replace(REFERENCE_LINK, '$1')
    .replace(FOOTNOTE, '')
    .replace(AUTOLINK, '$1')
    .replace(HTML_TAG, ' ')
    .replace(STRONG, '')
    .replace(STARS, '$1$2')
    .replace(UNDERSCORES, '$1$2')
    .replace(ESCAPE, '$1')
    .replace(CHARACTER_REFERENCE, (whole, name: string) => CHARACTERS[name] ?? whole);
}
