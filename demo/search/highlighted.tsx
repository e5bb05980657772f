import { useMemo } from 'preact/hooks';
import { parseHighlight } from './highlight.ts';

/** A search highlight as text nodes and `<mark>` elements. */
export function Highlighted({ highlight }: { readonly highlight: string }) {
  const segments = useMemo(() => parseHighlight(highlight), [highlight]);
  return (
    <>
      {segments.map(({ text, marked }, index) => (marked ? <mark key={index}>{text}</mark> : text))}
    </>
  );
}
