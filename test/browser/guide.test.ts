import { FFStorageManager } from 'flatfile-chat';
import { describe, it, onTestFinished } from 'vitest';
import { expectPromisedOutput } from '../support/example-output.ts';

interface Example {
  example(storage: FFStorageManager): Promise<void>;
}

const modules = import.meta.glob<Example>('../../examples/guide/*.ts', { eager: true });
const sources = import.meta.glob<string>('../../examples/guide/*.ts', {
  eager: true,
  query: '?raw',
  import: 'default',
});

// Some open several stores, each of which loads a worker from source.
describe('the examples of the guide', { timeout: 60_000 }, () => {
  it.each(Object.entries(modules))('%s prints what its comments say', async (path, module) => {
    const storage = new FFStorageManager({ storage: { basePath: `guide-${crypto.randomUUID()}` } });
    await storage.initialize();
    onTestFinished(() => storage.close());
    await expectPromisedOutput(sources[path] ?? '', () => module.example(storage));
  });
});
