import { FFStorageManager } from 'flatfile-chat';
import { expect, it, vi } from 'vitest';

/** Channels that keep this program running. */
const openPorts = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;

it('a store in this thread that is closed does not keep the program running', async () => {
  const before = openPorts();
  const storage = new FFStorageManager({}, { backend: 'memory' });
  await storage.initialize();
  expect(openPorts()).toBeGreaterThan(before);
  await storage.close();
  await vi.waitFor(() => expect(openPorts()).toBe(before), { timeout: 10_000 });
}, 30_000);
