/** A place in the history that an answer points to. */
export interface Quote {
  readonly type: 'quote';
  readonly sessionId: string;
  readonly messageId: string;
  /** Where it was said in a panel; `sessionId` is its id as well. */
  readonly panelId?: string;
  readonly title: string;
  readonly speaker: string;
  readonly timestamp: string;
  readonly excerpt: string;
}

const TEXT_KEYS = ['sessionId', 'messageId', 'title', 'speaker', 'timestamp', 'excerpt'] as const;

/** The quotes among a message's parts. Parts may have any shape, so every one is looked at. */
export function quotesIn(parts: unknown): Quote[] {
  return Array.isArray(parts) ? parts.filter(isQuote) : [];
}

function isQuote(part: unknown): part is Quote {
  if (typeof part !== 'object' || part === null) return false;
  const record = part as Readonly<Record<string, unknown>>;
  return record['type'] === 'quote' && TEXT_KEYS.every((key) => typeof record[key] === 'string');
}
