import type { EngineApi } from '../../src/shared/contract.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { FFPanelMessageDTO } from '../../src/shared/model/panel.ts';
import type { FFSearchMode, FFSearchResultDTO } from '../../src/shared/model/search.ts';
import { createAnalyzer, type TextAnalyzer } from '../search/analysis/analyzer.ts';
import { parseQuery, type ParsedQuery } from '../search/analysis/query.ts';
import { Highlighter } from '../search/highlight.ts';
import { HitReader, type Found, type FoundChunk } from '../search/hit-reader.ts';
import type { EntryFilter, IndexHit } from '../search/index-query.ts';
import { panelIdOf, panelKey } from '../search/keys.ts';
import {
  SIMILAR_WITHOUT_WORDS,
  toSimilarity,
  type Calibration,
} from '../search/ranking/calibration.ts';
import { ROLES } from '../store/message-stats.ts';
import type { ServiceContext } from './context.ts';

export type SearchService = Pick<
  EngineApi,
  'searchMessages' | 'searchSimilarMessages' | 'search' | 'searchDocuments'
>;

/** A search, whatever method it came by. */
interface Search {
  readonly text: string;
  readonly mode: FFSearchMode;
  readonly filter: EntryFilter;
  /** The least similarity of what the words do not find. */
  readonly minSimilarity: number;
  /** Whether a message is compared by itself, whatever is said around it. Default: it is not. */
  readonly byItself?: boolean;
  readonly limit: number;
}

/** @param beforeDocumentSearch waits until the text of every document stored so far is extracted */
export function createSearchService(
  { store, searcher, config }: ServiceContext,
  beforeDocumentSearch: (userId: string) => Promise<void>,
): SearchService {
  const reader = new HitReader(store);

  async function run(userId: string, search: Search): Promise<FFSearchResultDTO[]> {
    if (search.filter.types?.includes('message') !== true || search.filter.types.length > 1) {
      // An opening of the user finds out what is still to be extracted.
      const exists = await store.read(userId, async () => (await store.user(userId)) !== null);
      if (!exists) return [];
      await beforeDocumentSearch(userId);
    }
    const analyzer = await createAnalyzer(config.search.language);
    const parsed = parseQuery(analyzer, search.text);
    const { hits, calibration } = await searcher.search(userId, {
      byItself: false,
      ...search,
      parsed,
    });
    const found = await reader.read(userId, hits);
    const writer = new ResultWriter(userId, analyzer, parsed, config.search, calibration);
    const best = hits.find((hit) => found.has(hit))?.score ?? 0;
    return hits.flatMap((hit) => {
      const value = found.get(hit);
      if (value === undefined) return [];
      return [writer.write(hit, value, best > 0 ? hit.score / best : 1)];
    });
  }

  return {
    searchMessages: async (userId, { query, sessionIds, limit, minRelevanceScore }) => {
      const results = await run(userId, {
        text: query,
        mode: 'text',
        filter: { types: ['message'], ...ofSessions(sessionIds) },
        minSimilarity: 0,
        limit: limit ?? config.search.defaultLimit,
      });
      return results.filter(({ relevanceScore }) => relevanceScore >= minRelevanceScore);
    },

    searchSimilarMessages: (userId, { query, sessionIds, similarityThreshold, limit }) =>
      run(userId, {
        text: query,
        mode: 'vector',
        filter: { types: ['message'], ...ofSessions(sessionIds) },
        minSimilarity: similarityThreshold ?? config.vector.similarityThreshold,
        byItself: true,
        limit,
      }),

    search: (userId, { query, mode, types, sessionIds, roles, after, before, limit }) =>
      run(userId, {
        text: query,
        mode,
        filter: {
          types: types ?? ['message', 'document'],
          ...ofSessions(sessionIds),
          ...(roles === undefined ? {} : { roles: roles.map((role) => ROLES.indexOf(role)) }),
          ...(after === undefined ? {} : { after }),
          ...(before === undefined ? {} : { before }),
        },
        minSimilarity: mode === 'hybrid' ? SIMILAR_WITHOUT_WORDS : 0,
        limit,
      }),

    searchDocuments: (userId, { query, sessionIds, documentTypes, limit }) =>
      run(userId, {
        text: query,
        mode: 'text',
        filter: {
          types: ['document'],
          ...ofSessions(sessionIds),
          ...(documentTypes === undefined ? {} : { mimeTypes: documentTypes }),
        },
        minSimilarity: 0,
        limit,
      }),
  };
}

/** A panel is asked for by its id, like a session. */
function ofSessions(sessionIds: readonly string[] | undefined): EntryFilter {
  return sessionIds === undefined
    ? {}
    : { sessionKeys: sessionIds.flatMap((id) => [id, panelKey(id)]) };
}

/** Makes results of what was found. */
class ResultWriter {
  readonly #userId: string;
  readonly #highlighter: Highlighter;
  readonly #calibration: Calibration | undefined;

  constructor(
    userId: string,
    analyzer: TextAnalyzer,
    query: ParsedQuery,
    config: ServiceContext['config']['search'],
    calibration: Calibration | undefined,
  ) {
    this.#userId = userId;
    this.#highlighter = new Highlighter(analyzer, query, config);
    this.#calibration = calibration;
  }

  /** @param relevanceScore 1 for the best of the list */
  write(hit: IndexHit, found: Found, relevanceScore: number): FFSearchResultDTO {
    const { cosine } = hit;
    const scores = {
      relevanceScore,
      ...(cosine === undefined || this.#calibration === undefined
        ? {}
        : { similarityScore: toSimilarity(cosine, this.#calibration) }),
    };
    return found.type === 'message'
      ? this.#writeMessage(hit.key, found.message, scores)
      : this.#writeChunk(found, scores);
  }

  #writeMessage(key: string, message: FFMessageDTO, scores: Scores): FFSearchResultDTO {
    const { messageId, content, role, name, timestamp, metadata } = message;
    const panelId = panelIdOf(key);
    const inText = this.#highlighter.excerpts(content);
    return {
      id: messageId,
      type: 'message',
      content,
      userId: this.#userId,
      sessionId: panelId ?? key,
      ...scores,
      // Where only the sender's name matched, that is what can be shown.
      highlights: inText.length > 0 ? inText : this.#highlighter.excerpts(name ?? ''),
      role,
      timestamp,
      ...(name === undefined ? {} : { name }),
      ...(metadata === undefined ? {} : { metadata }),
      ...(panelId === undefined
        ? {}
        : { panelId, personaId: (message as FFPanelMessageDTO).personaId }),
    };
  }

  #writeChunk({ document, chunk }: FoundChunk, scores: Scores): FFSearchResultDTO {
    const { documentId, sessionId, originalName, mimeType, metadata } = document;
    const { index, start, end, text } = chunk;
    return {
      id: documentId,
      type: 'document',
      content: text,
      userId: this.#userId,
      sessionId,
      ...scores,
      highlights: this.#highlighter.excerpts(text),
      filename: originalName,
      mimeType,
      chunk: { index, start, end },
      ...(metadata === undefined ? {} : { metadata }),
    };
  }
}

type Scores = Pick<FFSearchResultDTO, 'relevanceScore' | 'similarityScore'>;
