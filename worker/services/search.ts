import type { EngineApi } from '../../src/shared/contract.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { FFPanelMessageDTO } from '../../src/shared/model/panel.ts';
import type { FFSearchResultDTO } from '../../src/shared/model/search.ts';
import { Highlighter } from '../search/highlight.ts';
import { HitReader, type FoundChunk } from '../search/hit-reader.ts';
import { panelIdOf, panelKey } from '../search/keys.ts';
import type { IndexHit } from '../search/text-index.ts';
import { TextAnalyzer } from '../search/tokenizer.ts';
import type { ServiceContext } from './context.ts';

export type SearchService = Pick<EngineApi, 'searchMessages' | 'searchDocuments'>;

/** What a hit stands for, and how relevant it is: 1 for the best of the list. */
interface Relevant<T> {
  readonly hit: IndexHit;
  readonly found: T;
  readonly relevanceScore: number;
}

/** @param beforeDocumentSearch waits until the text of every document stored so far is extracted */
export function createSearchService(
  { store, indexer, config }: ServiceContext,
  beforeDocumentSearch: (userId: string) => Promise<void>,
): SearchService {
  const reader = new HitReader(store);

  function createHighlighter(query: string): Highlighter {
    return new Highlighter(new TextAnalyzer(config.search.language), query, config.search);
  }

  return {
    searchMessages: async (userId, { query, sessionIds, limit, minRelevanceScore }) => {
      const hits = await indexer.search(userId, {
        text: query,
        types: ['message'],
        limit: limit ?? config.search.defaultLimit,
        ...(sessionIds === undefined
          ? {}
          : { sessionKeys: sessionIds.flatMap((id) => [id, panelKey(id)]) }),
      });
      const relevant = scale(hits, await reader.messages(userId, hits));
      const highlighter = createHighlighter(query);
      return relevant
        .filter(({ relevanceScore }) => relevanceScore >= minRelevanceScore)
        .map((message) => toMessageResult(userId, message, highlighter));
    },

    searchDocuments: async (userId, { query, sessionIds, documentTypes, limit }) => {
      // An opening of the user finds out what is still to be extracted.
      const exists = await store.read(userId, async () => (await store.user(userId)) !== null);
      if (!exists) return [];
      await beforeDocumentSearch(userId);
      const hits = await indexer.search(userId, {
        text: query,
        types: ['document'],
        limit,
        ...(sessionIds === undefined ? {} : { sessionKeys: sessionIds }),
        ...(documentTypes === undefined ? {} : { mimeTypes: documentTypes }),
      });
      const relevant = scale(hits, await reader.chunks(userId, hits));
      const highlighter = createHighlighter(query);
      return relevant.map((chunk) => toDocumentResult(userId, chunk, highlighter));
    },
  };
}

/** What there is of what was hit, in the same order, with scores from 0 to 1. */
function scale<T>(hits: readonly IndexHit[], found: ReadonlyMap<IndexHit, T>): Relevant<T>[] {
  const best = hits.find((hit) => found.has(hit))?.score ?? 0;
  return hits.flatMap((hit) => {
    const value = found.get(hit);
    if (value === undefined) return [];
    return [{ hit, found: value, relevanceScore: best > 0 ? hit.score / best : 1 }];
  });
}

function toMessageResult(
  userId: string,
  { hit, found, relevanceScore }: Relevant<FFMessageDTO>,
  highlighter: Highlighter,
): FFSearchResultDTO {
  const { messageId, content, role, name, timestamp, metadata } = found;
  const panelId = panelIdOf(hit.sessionKey);
  const inText = highlighter.excerpts(content);
  return {
    id: messageId,
    type: 'message',
    content,
    userId,
    sessionId: panelId ?? hit.sessionKey,
    relevanceScore,
    // Where only the sender's name matched, that is what can be shown.
    highlights: inText.length > 0 ? inText : highlighter.excerpts(name ?? ''),
    role,
    timestamp,
    ...(name === undefined ? {} : { name }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(panelId === undefined
      ? {}
      : { panelId, personaId: (found as FFPanelMessageDTO).personaId }),
  };
}

function toDocumentResult(
  userId: string,
  { found: { document, chunk }, relevanceScore }: Relevant<FoundChunk>,
  highlighter: Highlighter,
): FFSearchResultDTO {
  const { documentId, sessionId, originalName, mimeType, metadata } = document;
  const { index, start, end, text } = chunk;
  return {
    id: documentId,
    type: 'document',
    content: text,
    userId,
    sessionId,
    relevanceScore,
    highlights: highlighter.excerpts(text),
    filename: originalName,
    mimeType,
    chunk: { index, start, end },
    ...(metadata === undefined ? {} : { metadata }),
  };
}
