/** A stretch of an excerpt, and whether the search matched it. */
export interface HighlightSegment {
  readonly text: string;
  readonly marked: boolean;
}

const MARK_TAG = /(<\/?mark>)/;
const ENTITY = /&(?:amp|lt|gt|quot|apos|#39|#x27);/g;

const CHARACTERS_BY_ENTITY: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&#x27;': "'",
};

/**
 * Takes a search highlight apart, so that it can be shown as text nodes and `<mark>` elements
 * without ever being parsed as HTML. Whatever else looks like a tag stays the text that it is.
 */
export function parseHighlight(highlight: string): HighlightSegment[] {
  const segments: HighlightSegment[] = [];
  let marked = false;
  for (const piece of highlight.split(MARK_TAG)) {
    if (piece === '<mark>') marked = true;
    else if (piece === '</mark>') marked = false;
    else if (piece !== '') segments.push({ text: unescape(piece), marked });
  }
  return segments;
}

/** A highlight as the text that it was made from. */
export function plainText(highlight: string): string {
  return parseHighlight(highlight)
    .map((segment) => segment.text)
    .join('');
}

/** One pass over all entities: `&amp;lt;` stands for `&lt;`, not for `<`. */
function unescape(escaped: string): string {
  return escaped.replace(ENTITY, (entity) => CHARACTERS_BY_ENTITY[entity] ?? entity);
}
