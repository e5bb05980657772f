import { FFStorageManager } from 'flatfile-chat';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

interface Example {
  example(storage: FFStorageManager): Promise<void>;
}

const modules = import.meta.glob<Example>('../../examples/guide/*.ts');
const sources = import.meta.glob<string>('../../examples/guide/*.ts', {
  query: '?raw',
  import: 'default',
});

describe('the examples of the guide', () => {
  it.each(Object.keys(modules))('%s prints what its comments say', async (path) => {
    const storage = new FFStorageManager({ storage: { basePath: `guide-${crypto.randomUUID()}` } });
    await storage.initialize();
    onTestFinished(() => storage.close());
    const log = vi.spyOn(console, 'log').mockReturnValue();
    onTestFinished(() => log.mockRestore());
    onTestFinished(() => log.mockRestore());

    await (await modules[path]?.())?.example(storage);

    const printed = log.mock.calls.map((values) => values.map(show).join(' '));
    const promised = [
      ...((await sources[path]?.()) ?? '').matchAll(/console\.log\(.*; \/\/ (.*)/g),
    ];
    expect(printed).toHaveLength(promised.length);
    for (const [index, [, comment = '']] of promised.entries()) {
      // A comment may go on to explain what is printed.
      expect(comment.startsWith(printed[index] ?? '\0'), `${comment} ← ${printed[index]}`).toBe(
        true,
      );
    }
  });
});

/** As a console shows a value. */
function show(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[ ${value.map((item) => `'${String(item)}'`).join(', ')} ]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${key}: '${String(item)}'`)
    .join(', ')} }`;
}
