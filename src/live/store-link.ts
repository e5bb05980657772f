import type { EngineCall } from '../connection.ts';
import type { EventRouter } from './event-router.ts';

/** An open store, as what lives on it sees it: it stays the same one, and ends with it. */
export interface StoreLink {
  readonly call: EngineCall;
  readonly events: EventRouter;
  /** Aborted when the store is closed or lost, with the error that says which. */
  readonly ending: AbortSignal;
}
