import type { EngineApi, TextQuery } from '../../src/shared/contract.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { FFSearchResultDTO } from '../../src/shared/model/search.ts';
import { Highlighter } from '../search/highlight.ts';
import type { IndexHit } from '../search/text-index.ts';
import { TextAnalyzer } from '../search/tokenizer.ts';
import type { ServiceContext } from './context.ts';

export type SearchService = Pick<EngineApi, 'searchMessages'>;

export function createSearchService({ store, indexer, config }: ServiceContext): SearchService {
  const analyzer = new TextAnalyzer(config.search.language);

  /** The messages that hits stand for, as they are now; `null` for one that is gone by now. */
  function readHits(userId: string, hits: readonly IndexHit[]): Promise<(FFMessageDTO | null)[]> {
    return store.read(userId, async () => {
      const catalog = await store.user(userId);
      const messages: (FFMessageDTO | null)[] = [];
      for (const { sessionId, messageId } of hits) {
        const exists = catalog?.session(sessionId) !== undefined;
        const log = exists ? await store.messages(userId, sessionId) : null;
        const found = await log?.find(messageId);
        messages.push(found?.message ?? null);
      }
      return messages;
    });
  }

  return {
    searchMessages: async (userId, { query, sessionIds, limit, minRelevanceScore }: TextQuery) => {
      // Opens the user's catalog, and with it the index, on the first call after an opening.
      const exists = await store.read(userId, async () => (await store.user(userId)) !== null);
      if (!exists) return [];
      const hits = await indexer.search(userId, {
        text: query,
        limit: limit ?? config.search.defaultLimit,
        ...(sessionIds === undefined ? {} : { sessionIds }),
      });
      const best = hits[0]?.score ?? 0;
      const relevant = hits
        .map((hit) => ({ ...hit, relevanceScore: best > 0 ? hit.score / best : 1 }))
        .filter(({ relevanceScore }) => relevanceScore >= minRelevanceScore);
      const messages = await readHits(userId, relevant);
      const highlighter = new Highlighter(analyzer, query, config.search);
      return relevant.flatMap(({ sessionId, relevanceScore }, index): FFSearchResultDTO[] => {
        const message = messages[index];
        if (message === undefined || message === null) return [];
        return [toResult(userId, sessionId, relevanceScore, message, highlighter)];
      });
    },
  };
}

function toResult(
  userId: string,
  sessionId: string,
  relevanceScore: number,
  message: FFMessageDTO,
  highlighter: Highlighter,
): FFSearchResultDTO {
  const { messageId, content, role, name, timestamp, metadata } = message;
  const inText = highlighter.excerpts(content);
  return {
    id: messageId,
    type: 'message',
    content,
    userId,
    sessionId,
    relevanceScore,
    // Where only the sender's name matched, that is what can be shown.
    highlights: inText.length > 0 ? inText : highlighter.excerpts(name ?? ''),
    role,
    timestamp,
    ...(name === undefined ? {} : { name }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}
