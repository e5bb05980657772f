/** What a store tells of; whoever needs to know sets it. */
export interface StoreEvents {
  /** A space's catalog was opened or created. */
  onSpaceOpened: (spaceId: string) => void;
  /** The folder of a space is about to go, with whatever lies in it; waited for. */
  onSpaceLeaving: (spaceId: string) => Promise<void>;
  /** All of a space is another one than before, see `Store.adopt`. */
  onSpaceReplaced: (spaceId: string) => void;
  /** The records of a session lie in other places than before. */
  onLogRewritten: (spaceId: string, sessionId: string) => void;
}

export function createStoreEvents(): StoreEvents {
  const ignore = () => undefined;
  return {
    onSpaceOpened: ignore,
    onSpaceLeaving: () => Promise.resolve(),
    onSpaceReplaced: ignore,
    onLogRewritten: ignore,
  };
}
