/** What the browser says of the origin's storage; what it does not say is absent. */
export interface QuotaState {
  readonly quotaBytes?: number;
  readonly usageBytes?: number;
  /** Whether it has promised not to evict the data. */
  readonly persisted: boolean;
}

/** Node has no StorageManager, and a page that is not served over HTTPS has none either. */
export async function readQuota(): Promise<QuotaState> {
  const storage = (globalThis.navigator as Partial<WorkerNavigator> | undefined)?.storage;
  if (storage === undefined) return { persisted: false };
  const { quota, usage } = await storage.estimate();
  return {
    ...(quota === undefined ? {} : { quotaBytes: quota }),
    ...(usage === undefined ? {} : { usageBytes: usage }),
    persisted: await storage.persisted(),
  };
}
