import {
  components,
  create,
  search,
  type IDocumentsStore,
  type IIndex,
  type Tokenizer,
} from '@orama/orama';
import type { FFSearchMode } from '../../src/shared/model/search.ts';
import { HYBRID_WEIGHTS } from './ranking/fusion.ts';
import type { ScoredDocument } from './ranking/types.ts';

/** What Orama is to be asked; the lists are made when it asks for them. */
export interface OramaQuery {
  readonly mode: FFSearchMode;
  readonly text: string;
  /** Of the query; only where vectors are compared. */
  readonly vector: Float32Array | undefined;
  readonly limit: number;
  /** What the words find, best first. */
  rankText(): readonly ScoredDocument[];
  /** What the vectors find, best first. */
  rankVectors(): readonly ScoredDocument[];
}

type InternalDocumentID = number;
type DefaultIndex = components.index.Index;
type DefaultStore = components.documentsStore.DocumentsStore;

/** Of each list that is fused: Orama gives all its scores to one call, and Safari takes 65,536. */
const MAX_FUSED = 60_000;

const MODES = { text: 'fulltext', vector: 'vector', hybrid: 'hybrid' } as const;

/**
 * One query through Orama, on a database that is made for it: its index and its vector index are
 * ours, over the segment files, and its documents are the places of what was found. So Orama's modes,
 * paging and fusion work on an index that lies on the disk and costs neither heap nor a start.
 *
 * Runs synchronously up to the last read of a file.
 */
export async function queryOrama(query: OramaQuery): Promise<ScoredDocument[]> {
  const { mode, text, vector, limit } = query;
  const found = new FoundDocuments();
  const database = create({
    schema: { text: 'string', vector: `vector[${vector?.length ?? 1}]` },
    sort: { enabled: false },
    components: {
      tokenizer: TOKENIZER,
      index: createIndex(query, found),
      documentsStore: createStore(found),
    },
  });
  found.idStore = database.internalDocumentIDStore;
  const { hits } = await search(database, {
    mode: MODES[mode],
    term: text,
    limit,
    // The ranking has left out what is not similar enough.
    similarity: 0,
    includeVectors: true,
    hybridWeights: HYBRID_WEIGHTS,
    ...(vector === undefined ? {} : { vector: { value: [...vector], property: 'vector' } }),
  });
  return hits.map(({ score, document }) => ({ ...(document as unknown as Place), score }));
}

/** Where a document of the index is: what Orama takes for its content. */
type Place = Pick<ScoredDocument, 'part' | 'document'>;

/** The documents that were found so far, under the numbers that Orama knows them by, from 1. */
class FoundDocuments {
  readonly places: Record<InternalDocumentID, Place> = {};
  readonly #idByPlace = new Map<string, InternalDocumentID>();
  /** Orama's own; it is made before anything is found. */
  idStore: { internalIdToId: string[] } | undefined;

  add({ part, document, score }: ScoredDocument): [InternalDocumentID, number] {
    const place = `${part}:${document}`;
    let id = this.#idByPlace.get(place);
    if (id === undefined) {
      this.idStore?.internalIdToId.push(place);
      id = this.#idByPlace.size + 1;
      this.#idByPlace.set(place, id);
      this.places[id] = { part, document };
    }
    return [id, score];
  }
}

/** Orama's default index, but for how it finds. */
function createIndex(query: OramaQuery, found: FoundDocuments): IIndex<DefaultIndex> {
  const base = components.index.createIndex();
  const limit = query.mode === 'hybrid' ? MAX_FUSED : Infinity;
  const take = (list: readonly ScoredDocument[]) =>
    list.slice(0, limit).map((scored) => found.add(scored));
  return {
    ...base,
    create: (orama, documentIds, schema) => {
      const index = base.create(orama, documentIds, schema);
      const vectors = index.vectorIndexes['vector']?.node;
      if (vectors !== undefined) {
        vectors.find = () => take(query.rankVectors());
      }
      return index;
    },
    search: () => take(query.rankText()),
  };
}

function createStore(found: FoundDocuments): IDocumentsStore<DefaultStore> {
  const base = components.documentsStore.createDocumentsStore();
  return {
    ...base,
    create: (orama, documentIds) => ({ ...base.create(orama, documentIds), docs: found.places }),
  };
}

/** Queries are parsed before they get here. */
const TOKENIZER: Tokenizer = {
  language: 'none',
  normalizationCache: new Map(),
  tokenize: (text) => [text],
};
