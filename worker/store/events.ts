import type { UserCatalog } from './user-catalog.ts';

/** What a store tells of; whoever needs to know sets it. */
export interface StoreEvents {
  /** A space's catalog was opened or created. */
  onSpaceOpened: (spaceId: string, catalog: UserCatalog) => void;
  /** The folder of a space is about to go, with whatever lies in it; waited for. */
  onSpaceLeaving: (spaceId: string) => Promise<void>;
  /** All of a space is another one than before, see `Store.adopt`. */
  onSpaceReplaced: (spaceId: string) => void;
  /** A session was deleted. */
  onSessionDeleted: (spaceId: string, sessionId: string) => void;
  /** The records of a session lie in other places than before. */
  onLogRewritten: (spaceId: string, sessionId: string) => void;
}

export function createStoreEvents(): StoreEvents {
  const ignore = () => undefined;
  return {
    onSpaceOpened: ignore,
    onSpaceLeaving: () => Promise.resolve(),
    onSpaceReplaced: ignore,
    onSessionDeleted: ignore,
    onLogRewritten: ignore,
  };
}
