import type { FFConfigurationManagerConfigDTO } from '../../src/shared/config.ts';
import type { StoreEvent } from '../../src/shared/events.ts';
import type { Logger } from '../logger.ts';
import type { Indexer } from '../search/indexer.ts';
import type { Embedding } from '../search/embedding.ts';
import type { Searcher } from '../search/searcher.ts';
import type { Store } from '../store/store.ts';
import type { Presence } from './presence.ts';

/** What every service is made with. */
export interface ServiceContext {
  readonly store: Store;
  readonly indexer: Indexer;
  readonly searcher: Searcher;
  readonly embedding: Embedding;
  /** In force now: `updateConfiguration` changes it in place, so it is read where it matters. */
  readonly config: FFConfigurationManagerConfigDTO;
  readonly logger: Logger;
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
  /** Aborted when the engine closes: what takes long stops between two steps. */
  readonly closing: AbortSignal;
  readonly presence: Presence;
  /** Tells whoever follows the store of a change, which must be durable, or of text that has come. */
  publish(event: StoreEvent): void;
}
