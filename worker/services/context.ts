import type { FFConfigurationManagerConfigDTO } from '../../src/shared/config.ts';
import type { Indexer } from '../search/indexer.ts';
import type { Store } from '../store/store.ts';

/** What every service is made with. */
export interface ServiceContext {
  readonly store: Store;
  readonly indexer: Indexer;
  readonly config: FFConfigurationManagerConfigDTO;
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
}
