import { FFValidationError, loadConfig, type FFStorageManager } from 'flatfile-chat';

export async function example(storage: FFStorageManager): Promise<void> {
  await storage.updateConfiguration({ search: { typoTolerance: 1 }, context: { maxKeyPoints: 5 } });
  console.log(storage.getConfiguration().search.typoTolerance); // 1: from now on, and next time

  try {
    await storage.updateConfiguration({ search: { typoTolerance: 7 } });
  } catch (error) {
    console.log(error instanceof FFValidationError && error.field); // search.typoTolerance
  }

  const config = loadConfig({ storage: { basePath: 'my-app' } }, 'production');
  console.log(config.storage.basePath, config.runtime.logLevel); // my-app error
}
