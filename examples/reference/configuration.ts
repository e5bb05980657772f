import type { FFStorageManager } from 'flatfile-chat';

export async function getConfiguration(storage: FFStorageManager): Promise<void> {
  const config = storage.getConfiguration();
  console.log(config.search.defaultLimit, config.panel.maxPersonas); // 100 10
}

export async function updateConfiguration(storage: FFStorageManager): Promise<void> {
  console.log(await storage.updateConfiguration({ search: { defaultLimit: 20 } })); // true
  console.log(storage.getConfiguration().search.defaultLimit); // 20
}
