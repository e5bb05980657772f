import { FFStorageManager, type BackendKind } from 'flatfile-chat';
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { expectPromisedOutput } from './example-output.ts';

type Example = (storage: FFStorageManager) => Promise<void>;

const modules = import.meta.glob<Record<string, Example>>('../../examples/reference/*.ts', {
  eager: true,
});
const sources = import.meta.glob<string>('../../examples/reference/*.ts', {
  eager: true,
  query: '?raw',
  import: 'default',
});

export const exampleNames: readonly string[] = Object.values(modules).flatMap(Object.keys);

/** Runs each example of the API reference in an empty store, and compares what it prints. */
export function describeReference(backend: BackendKind): void {
  describe.each(Object.entries(modules))(`%s on ${backend}`, (path, examples) => {
    const config = { storage: { basePath: `reference-${crypto.randomUUID()}` } };
    const storage = new FFStorageManager(config, { backend });
    beforeAll(async () => void (await storage.initialize()));
    afterEach(() => empty(storage));
    afterAll(() => storage.close());

    it.each(Object.entries(examples))('%s', async (name, example) => {
      const source = sources[path]
        ?.split(/^(?=export )/m)
        .find((text) => text.includes(` ${name}(`));
      await expectPromisedOutput(source ?? '', () => example(storage));
    });
  });
}

/** In a browser this takes much less time than opening another store. */
async function empty(storage: FFStorageManager): Promise<void> {
  // An example may have closed it.
  await storage.initialize();
  for (const userId of await storage.listUsers()) await storage.deleteUser(userId, { force: true });
  for (const { panelId } of await storage.listPanels()) await storage.deletePanel(panelId);
  for (const { personaId } of await storage.listPersonas()) await storage.deletePersona(personaId);
  for (const { path } of await storage.listBackups()) await storage.deleteBackup(path);
}
