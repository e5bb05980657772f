const MAX_TITLE_LENGTH = 60;
/** A first word longer than this is cut rather than left alone. */
const MIN_CUT = 20;

/** A title for a conversation: the first line of its first message, cut at a word. */
export function titleFrom(text: string): string {
  const line = text.trim().split('\n', 1)[0]?.trim() ?? '';
  if (line.length <= MAX_TITLE_LENGTH) return line;
  const cut = line.slice(0, MAX_TITLE_LENGTH);
  const lastSpace = cut.lastIndexOf(' ');
  return `${cut.slice(0, lastSpace >= MIN_CUT ? lastSpace : undefined).trimEnd()}…`;
}
