import { RouteLink } from '../app/route-link.tsx';
import { formatDate } from '../ui/format-time.ts';
import type { Quote } from './quote.ts';

/** A quoted place in the history; it leads there. */
export function QuoteCard({ quote }: { readonly quote: Quote }) {
  const { sessionId, messageId, panelId, title, speaker, timestamp, excerpt } = quote;
  return (
    <RouteLink
      class="quote"
      to={
        typeof panelId === 'string'
          ? { view: 'panels', panelId, messageId }
          : { view: 'chat', sessionId, messageId }
      }
    >
      <span class="quote-text" dir="auto">
        {excerpt}
      </span>
      <span class="quote-source">
        {speaker} in <span dir="auto">{title}</span> · {formatDate(timestamp)}
      </span>
    </RouteLink>
  );
}
