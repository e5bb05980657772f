import { useMemo } from 'preact/hooks';
import { parseMessage } from './message-blocks.ts';

/** What somebody wrote, as text nodes: nothing in it is ever taken for HTML. */
export function MessageText({ content }: { readonly content: string }) {
  const blocks = useMemo(() => parseMessage(content), [content]);
  return (
    <div class="message-text">
      {blocks.map((block, index) =>
        block.kind === 'code' ? (
          // Focusable, because a keyboard has no other way to scroll it sideways.
          <pre key={index} tabIndex={0} aria-label={`Code ${block.language}`.trim()}>
            <code>{block.code}</code>
          </pre>
        ) : (
          <p key={index} dir="auto">
            {block.spans.map(({ text, isCode }, at) =>
              isCode ? <code key={at}>{text}</code> : text,
            )}
          </p>
        ),
      )}
    </div>
  );
}
