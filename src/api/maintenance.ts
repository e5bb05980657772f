/** What {@link MaintenanceMethods.cleanupOldData} takes for old, and whether it only counts. */
export interface CleanupOptions {
  /** Days since the last write, 24 hours each; fractions are allowed. Default 30. */
  readonly daysOld?: number | undefined;
  /** Counts, and removes nothing. Default `true`. */
  readonly dryRun?: boolean | undefined;
}

/** Looking after a store. These methods take as long as they need, without a deadline. */
export interface MaintenanceMethods {
  /**
   * Removes sessions with their messages, documents and contexts, and panels with their messages,
   * whose last activity is more than `daysOld` days ago. Activity is the time of the last write, not
   * the timestamp of a message. Users, personas and backups stay.
   *
   * Gives how many went, by kind: `sessions`, `messages`, `documents`, `contexts`, `panels`,
   * `panelMessages`. A dry run, the default, gives exactly what the same call would remove. Should
   * the tab that does the work be closed in the middle, another one goes on, and gives what was left
   * for it to remove.
   */
  cleanupOldData(options?: CleanupOptions): Promise<Record<string, number>>;

  /**
   * Rewrites what deletions and edits have left gaps in, a user's files or everybody's. Reads and
   * writes go on meanwhile, and an interruption at any moment loses nothing. `false` when there is
   * no such user.
   */
  optimizeStorage(userId?: string): Promise<boolean>;

  /**
   * Resolves when everything written so far is durable, the text of its documents is extracted and
   * all of it is indexed.
   */
  whenIdle(): Promise<void>;
}
