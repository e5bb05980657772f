import type { FFSearchResultDTO } from 'flatfile-chat';

/** Why a search by meaning has found something: words that it holds, and how similar it is. */
export function SearchReason({ result }: { readonly result: FFSearchResultDTO }) {
  const { highlights = [], similarityScore } = result;
  // A search by words alone says why with its marks.
  if (similarityScore === undefined) return null;
  const percent = Math.round(similarityScore * 100);
  return (
    <span class="result-reason">
      {highlights.length > 0 && <span class="result-words">Words</span>}
      <span
        class="result-similarity"
        title="How close it is in meaning: from 70 % on, it says the same in other words"
      >
        <span class="similarity-bar" style={`--similarity: ${percent}%`} />
        {percent} % similar
      </span>
    </span>
  );
}
