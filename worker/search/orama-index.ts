import {
  components,
  create,
  insert,
  remove,
  search,
  type IDocumentsStore,
  type Tokenizer,
} from '@orama/orama';
import { essenceOf, matchesType } from '../../src/shared/mime-types.ts';
import type { FFSearchConfig } from '../../src/shared/config.ts';
import { createChatIndex } from './chat-index.ts';
import { ENTRY_TYPES, type EntryType, type IndexQuery, type TextIndex } from './text-index.ts';
import { TextAnalyzer } from './tokenizer.ts';

/** BM25 as it suits chat: counts saturate early, and length matters little. */
const RELEVANCE = { k: 0.9, b: 0.4, d: 0 };

const SCHEMA = { sessionKey: 'enum', mimeType: 'enum', content: 'string', name: 'string' } as const;

/** What a database keeps of an entry to be able to remove it. */
interface ThinDocument {
  readonly sessionKey: string;
  readonly mimeType: string;
}

/** A full-text index in memory, on Orama. */
export function createOramaIndex(config: FFSearchConfig): TextIndex {
  const analyzer = new TextAnalyzer(config.language);
  // One database for each type: how rare a word is, and how long a text usually is, differs between
  // what people say and what documents hold.
  const databases = {
    message: new Database(config, analyzer),
    document: new Database(config, analyzer),
  } satisfies Record<EntryType, Database>;

  return {
    get size() {
      return ENTRY_TYPES.reduce((sum, type) => sum + databases[type].size, 0);
    },

    put: ({ type, sessionKey, id, content, name, mimeType = '' }) =>
      databases[type].put({ sessionKey, id, content, name, mimeType: essenceOf(mimeType) }),

    remove: (type, sessionKey, id) => databases[type].remove(sessionKey, id),

    async removeSession(sessionKey) {
      for (const type of ENTRY_TYPES) await databases[type].removeSession(sessionKey);
    },

    async search(query) {
      // An empty list of terms would mean "everything" to Orama.
      if (query.limit === 0 || analyzer.tokenize(query.text, 'query').length === 0) return [];
      const hits = await Promise.all(
        [...new Set(query.types ?? ENTRY_TYPES)].map(async (type) =>
          (await databases[type].search(query)).map((hit) => ({ type, ...hit })),
        ),
      );
      return hits.length === 1
        ? hits.flat()
        : hits
            .flat()
            .sort((a, b) => b.score - a.score)
            .slice(0, query.limit);
    },
  };
}

/** The entries of one type. */
class Database {
  readonly #config: FFSearchConfig;
  readonly #orama;
  readonly #idsBySession = new Map<string, Set<string>>();
  /** Every type that was ever put; there are few, and one that is not there finds nothing. */
  readonly #mimeTypes = new Set<string>();
  #size = 0;

  constructor(config: FFSearchConfig, analyzer: TextAnalyzer) {
    this.#config = config;
    this.#orama = create({
      schema: SCHEMA,
      // Orama would otherwise keep every text a second time, sorted.
      sort: { enabled: false },
      components: {
        tokenizer: createQueryTokenizer(analyzer),
        index: createChatIndex(analyzer, config),
        documentsStore: createThinStore(),
      },
    });
  }

  get size(): number {
    return this.#size;
  }

  async put(
    entry: { readonly id: string; readonly content: string; readonly name: string } & ThinDocument,
  ): Promise<void> {
    const { sessionKey, id, mimeType } = entry;
    await this.remove(sessionKey, id);
    let ids = this.#idsBySession.get(sessionKey);
    if (ids === undefined) this.#idsBySession.set(sessionKey, (ids = new Set()));
    ids.add(id);
    this.#size++;
    this.#mimeTypes.add(mimeType);
    await insert(this.#orama, { ...entry, id: joinId(sessionKey, id) });
  }

  async remove(sessionKey: string, id: string): Promise<void> {
    if (this.#idsBySession.get(sessionKey)?.delete(id) !== true) return;
    this.#size--;
    await remove(this.#orama, joinId(sessionKey, id));
  }

  async removeSession(sessionKey: string): Promise<void> {
    for (const id of this.#idsBySession.get(sessionKey) ?? []) await this.remove(sessionKey, id);
    this.#idsBySession.delete(sessionKey);
  }

  async search({ text, sessionKeys, mimeTypes, limit }: IndexQuery) {
    const { hits } = await search(this.#orama, {
      term: text,
      tolerance: this.#config.typoTolerance,
      relevance: RELEVANCE,
      limit,
      where: {
        ...(sessionKeys === undefined ? {} : { sessionKey: { in: [...sessionKeys] } }),
        ...(mimeTypes === undefined ? {} : { mimeType: { in: this.#typesLike(mimeTypes) } }),
      },
    });
    return hits.map(({ id, score }) => ({ ...splitId(id), score }));
  }

  /** The types that are there, of those asked for. */
  #typesLike(patterns: readonly string[]): string[] {
    return [...this.#mimeTypes].filter(
      (type) => type !== '' && patterns.some((pattern) => matchesType(type, pattern)),
    );
  }
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
 * Keeps of an entry no more than what removing it takes: texts lie in the logs, and a second copy
 * of every message in the heap is what nobody can afford.
 */
function createThinStore(): IDocumentsStore<components.documentsStore.DocumentsStore> {
  const base = components.documentsStore.createDocumentsStore();
  return {
    ...base,
    store: (documents, id, internalId, { sessionKey, mimeType }) =>
      base.store(documents, id, internalId, { id, sessionKey, mimeType, content: '', name: '' }),
  };
}

/** The key of a session may begin with a slash, but has none behind that. */
function joinId(sessionKey: string, id: string): string {
  return `${sessionKey}/${id}`;
}

function splitId(joined: string): { sessionKey: string; id: string } {
  const slash = joined.indexOf('/', 1);
  return { sessionKey: joined.slice(0, slash), id: joined.slice(slash + 1) };
}
