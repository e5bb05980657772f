import {
  components,
  create,
  insert,
  remove,
  search,
  type IDocumentsStore,
  type Tokenizer,
} from '@orama/orama';
import type { FFSearchConfig } from '../../src/shared/config.ts';
import { createChatIndex } from './chat-index.ts';
import type { TextIndex } from './text-index.ts';
import { TextAnalyzer } from './tokenizer.ts';

/** BM25 as it suits chat: counts saturate early, and length matters little. */
const RELEVANCE = { k: 0.9, b: 0.4, d: 0 };

const SCHEMA = { sessionId: 'enum', content: 'string', name: 'string' } as const;

/** A full-text index in memory, on Orama. */
export function createOramaIndex(config: FFSearchConfig): TextIndex {
  const analyzer = new TextAnalyzer(config.language);
  const database = create({
    schema: SCHEMA,
    // Orama would otherwise keep every text a second time, sorted.
    sort: { enabled: false },
    components: {
      tokenizer: createQueryTokenizer(analyzer),
      index: createChatIndex(analyzer, config),
      documentsStore: createThinStore(),
    },
  });
  const messageIdsBySession = new Map<string, Set<string>>();

  async function removeOne(sessionId: string, messageId: string): Promise<void> {
    if (messageIdsBySession.get(sessionId)?.delete(messageId) === true) {
      await remove(database, documentId(sessionId, messageId));
    }
  }

  return {
    async put({ sessionId, messageId, content, name }) {
      await removeOne(sessionId, messageId);
      let messageIds = messageIdsBySession.get(sessionId);
      if (messageIds === undefined) messageIdsBySession.set(sessionId, (messageIds = new Set()));
      messageIds.add(messageId);
      await insert(database, { id: documentId(sessionId, messageId), sessionId, content, name });
    },

    remove: removeOne,

    async removeSession(sessionId) {
      for (const messageId of messageIdsBySession.get(sessionId) ?? []) {
        await remove(database, documentId(sessionId, messageId));
      }
      messageIdsBySession.delete(sessionId);
    },

    async search({ text, sessionIds, limit }) {
      // An empty list of terms would mean "everything" to Orama.
      if (limit === 0 || analyzer.tokenize(text, 'query').length === 0) return [];
      const { hits } = await search(database, {
        term: text,
        tolerance: config.typoTolerance,
        relevance: RELEVANCE,
        limit,
        ...(sessionIds === undefined ? {} : { where: { sessionId: { in: [...sessionIds] } } }),
      });
      return hits.map(({ id, score }) => ({ ...splitDocumentId(id), score }));
    },
  };
}

/** Orama tokenizes queries with it; texts go through {@link createChatIndex}. */
function createQueryTokenizer(analyzer: TextAnalyzer): Tokenizer {
  return {
    language: 'none',
    normalizationCache: new Map(),
    tokenize: (text) => [...new Set(analyzer.tokenize(text, 'query').map(({ term }) => term))],
  };
}

/**
 * Keeps of a document no more than what removing it takes: texts lie in the logs, and a second copy
 * of every message in the heap is what nobody can afford.
 */
function createThinStore(): IDocumentsStore<components.documentsStore.DocumentsStore> {
  const base = components.documentsStore.createDocumentsStore();
  return {
    ...base,
    store: (documents, id, internalId, { sessionId }) =>
      base.store(documents, id, internalId, { id, sessionId, content: '', name: '' }),
  };
}

/** Neither id contains a slash. */
function documentId(sessionId: string, messageId: string): string {
  return `${sessionId}/${messageId}`;
}

function splitDocumentId(id: string): { sessionId: string; messageId: string } {
  const slash = id.indexOf('/');
  return { sessionId: id.slice(0, slash), messageId: id.slice(slash + 1) };
}
