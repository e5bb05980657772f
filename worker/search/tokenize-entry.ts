import type { TextAnalyzer } from './analysis/analyzer.ts';
import { senderTerm } from './ranking/senders.ts';
import type { IndexToken } from './segments/memory-segment.ts';

/** Positions between a text and its sender's name, so that no phrase goes from one into the other. */
const NAME_GAP = 100;

/** The terms of an entry: of its text, and behind it of the name of whoever says it. */
export function tokenizeEntry(analyzer: TextAnalyzer, content: string, name: string): IndexToken[] {
  const tokens: IndexToken[] = analyzer.tokenize(content);
  if (name === '') return tokens;
  const start = (tokens.at(-1)?.position ?? -1) + NAME_GAP;
  for (const { term, position } of analyzer.tokenize(name)) {
    tokens.push({ term, position: start + position });
    tokens.push({ term: senderTerm(term), position: start + position });
  }
  return tokens;
}
