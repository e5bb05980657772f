import { MessageLink } from '../app/message-link.tsx';
import { formatDate } from '../ui/format-time.ts';
import type { Quote } from './quote.ts';

/** A quoted place in the history; it leads there. */
export function QuoteCard({ quote }: { readonly quote: Quote }) {
  const { sessionId, messageId, title, speaker, timestamp, excerpt } = quote;
  return (
    <MessageLink class="quote" to={{ sessionId, messageId }}>
      <span class="quote-text" dir="auto">
        {excerpt}
      </span>
      <span class="quote-source">
        {speaker} in <span dir="auto">{title}</span> · {formatDate(timestamp)}
      </span>
    </MessageLink>
  );
}
