import { describe, expect, it } from 'vitest';
import { createEmbedder } from '../../../worker/embedding/embedder.ts';

const MINILM = { model: 'Xenova/all-MiniLM-L6-v2', device: 'auto' } as const;

describe('the configured model', () => {
  it('is the one inside the package, in this thread where there are no workers', async () => {
    const source = createEmbedder({ model: 'static', device: 'auto' });
    const embedder = await source?.get();
    const { dimensions = 0 } = embedder ?? {};
    const texts = Array.from({ length: 40 }, (_, index) => `We meet at ${index}. `.repeat(index));
    const together = (await embedder?.embed(texts)) ?? [];
    expect(together).toHaveLength(40 * dimensions);
    const alone = await embedder?.embed(texts.slice(7, 8));
    expect(together.slice(7 * dimensions, 8 * dimensions)).toEqual(alone);

    const unfinished = embedder?.embed(texts);
    source?.close();
    await expect(unfinished).rejects.toMatchObject({ code: 'closed' });
  });

  it('needs a worker when it is one of transformers.js', async () => {
    await expect(createEmbedder(MINILM)?.get()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is stamped before it is loaded when it is one of transformers.js', () => {
    const stamp = createEmbedder(MINILM)?.stamp;
    expect(stamp).toContain(MINILM.model);
    expect(createEmbedder({ ...MINILM, device: 'wasm', modelPath: '/m/' })?.stamp).toBe(stamp);
    expect(createEmbedder({ ...MINILM, dtype: 'fp16' })?.stamp).not.toBe(stamp);
  });

  it('is not there when it is "none"', () => {
    expect(createEmbedder({ model: 'none', device: 'auto' })).toBeUndefined();
  });
});
