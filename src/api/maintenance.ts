/** Looking after a store. */
export interface MaintenanceMethods {
  /** Resolves when everything written so far is durable and indexed. */
  whenIdle(): Promise<void>;
}
