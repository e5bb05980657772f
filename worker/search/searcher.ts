import type { FFSearchConfig } from '../../src/shared/config.ts';
import type { FFSearchMode } from '../../src/shared/model/search.ts';
import type { Logger } from '../logger.ts';
import type { Store } from '../store/store.ts';
import type { ParsedQuery } from './analysis/query.ts';
import type { Embedding, EmbeddingState } from './embedding.ts';
import { queryIndex, type EntryFilter, type IndexHit, type VectorQuery } from './index-query.ts';
import { Indexer, type IndexStatus } from './indexer.ts';
import { toCosine, type Calibration } from './ranking/calibration.ts';
import { Upkeep } from './upkeep.ts';
import type { UserIndex } from './user-index.ts';

/** UTF-16 units of a query that its vector is made of. */
const MAX_QUERY_LENGTH = 8_192;

/** How long a search that can do without waits for a model that is being loaded. */
const MAX_MODEL_WAIT_MS = 5_000;

/** What is looked for, and how. */
export interface SearchRequest {
  readonly mode: FFSearchMode;
  readonly text: string;
  readonly parsed: ParsedQuery;
  readonly filter: EntryFilter;
  /** The least similarity of what the words do not find. */
  readonly minSimilarity: number;
  /** Whether a message is compared by itself, whatever is said around it. */
  readonly byItself: boolean;
  readonly limit: number;
}

/** What was found. */
export interface SearchAnswer {
  readonly hits: readonly IndexHit[];
  /** What the cosines of the hits mean; absent where no vectors were compared. */
  readonly calibration?: Calibration;
}

/** How the model is doing, and what it has done. */
export interface EmbeddingStatus extends EmbeddingState {
  readonly embedded: number;
  readonly pending: number;
}

/** The query as vectors are compared with it. */
interface Meaning {
  readonly value: Float32Array;
  readonly stamp: string;
  readonly calibration: Calibration;
}

/** The search of a store: the indexes of its users, what keeps them up, and the embedding model. */
export class Searcher {
  readonly indexer: Indexer;
  readonly #upkeep: Upkeep;
  readonly #embedding: Embedding;
  readonly #config: FFSearchConfig;

  constructor(store: Store, config: FFSearchConfig, embedding: Embedding, logger: Logger) {
    this.#config = config;
    this.#embedding = embedding;
    this.indexer = new Indexer(store, config, logger);
    this.#upkeep = new Upkeep(store, embedding, logger);
    this.indexer.onCommitted = (user) => this.#upkeep.poke(user);
    this.indexer.onLeft = (user) => this.#upkeep.release(user);
    this.#upkeep.onDamage = (user, error) => this.indexer.damageFound(user, error);
    embedding.onModelChanged = () => {
      for (const user of this.indexer.users) this.#upkeep.poke(user);
    };
  }

  /**
   * Searches everything that was durable when it was called; finds nothing when there is no such user.
   *
   * @throws FFStorageError `unavailable` when only vectors are to be compared, and no model can be used
   */
  async search(userId: string, request: SearchRequest): Promise<SearchAnswer> {
    const meaning = request.limit === 0 ? undefined : await this.#meaningOf(request);
    const hits = await this.indexer.ask(
      userId,
      request.mode === 'vector' ? undefined : request.parsed,
      async (entries, user, backlog) => {
        const vector = await this.#vectorQuery(user, meaning, request);
        if (vector === undefined && request.mode === 'vector') return [];
        const { text, parsed, filter, limit } = request;
        const mode = vector === undefined ? 'text' : request.mode;
        const count = vector?.vectors.count ?? 0;
        const found = await queryIndex(
          entries,
          {
            mode,
            text,
            parsed,
            filter,
            limit,
            ...(vector === undefined ? {} : { vector }),
            ...(backlog === undefined ? {} : { backlog }),
          },
          this.#config,
        );
        // Vectors that turned out to be damaged when they were read are made again.
        if ((vector?.vectors.count ?? 0) < count) this.#upkeep.poke(user);
        return found;
      },
    );
    return {
      hits: hits ?? [],
      ...(meaning === undefined ? {} : { calibration: meaning.calibration }),
    };
  }

  /** Makes the index of a user, or of all, as small and fast as it can be. */
  async optimize(userId?: string): Promise<void> {
    await this.indexer.commit(userId);
    for (const user of this.indexer.users) {
      if (userId === undefined || user.userId === userId) await this.#upkeep.optimize(user);
    }
  }

  /** Resolves when everything that is durable by now is indexed, written and embedded. */
  async whenIdle(): Promise<void> {
    await this.indexer.commit();
    await this.#upkeep.whenIdle(this.indexer.users);
  }

  indexStatus(): IndexStatus {
    return this.indexer.status();
  }

  embeddingStatus(): EmbeddingStatus {
    return { ...this.#embedding.state, ...this.#upkeep.status(this.indexer.users) };
  }

  /** Stops what is done unasked, and saves what it has come to. */
  async close(): Promise<void> {
    this.#upkeep.close();
    await this.indexer.close();
    this.#embedding.close();
    await this.#upkeep.whenIdle(this.indexer.users);
  }

  /** `undefined` when words are all that can be compared. */
  async #meaningOf({ mode, text }: SearchRequest): Promise<Meaning | undefined> {
    if (mode === 'text') return undefined;
    if (mode === 'vector') return this.#embed(text);
    // Words can be compared without a model that is being downloaded, or has failed a moment ago.
    if (this.#embedding.isResting) return undefined;
    // Its state says why there is no meaning to compare.
    return soon(this.#embed(text).catch(() => undefined));
  }

  async #embed(text: string): Promise<Meaning> {
    const meaning = await this.#embedding.run(async (embedder) => {
      const calibration = await this.#embedding.calibrationOf(embedder);
      const value = await embedder.embed([text.slice(0, MAX_QUERY_LENGTH)]);
      return { value, stamp: embedder.stamp, calibration };
    });
    this.#upkeep.tryAgain();
    return meaning;
  }

  async #vectorQuery(
    user: UserIndex,
    meaning: Meaning | undefined,
    { minSimilarity, byItself }: SearchRequest,
  ): Promise<VectorQuery | undefined> {
    if (meaning === undefined) return undefined;
    const vectors = await this.#upkeep.open(user);
    // Another model is about to make vectors of its own.
    if (vectors?.format.stamp !== meaning.stamp) return undefined;
    const minCosine = toCosine(minSimilarity, meaning.calibration);
    return { value: meaning.value, vectors, memory: this.#upkeep.memory, minCosine, byItself };
  }
}

/** The value, or `undefined` when it takes too long. */
async function soon<T>(value: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), MAX_MODEL_WAIT_MS);
  });
  try {
    return await Promise.race([value, late]);
  } finally {
    clearTimeout(timer);
  }
}
