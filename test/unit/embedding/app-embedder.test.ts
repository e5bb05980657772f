import { describe, expect, it } from 'vitest';
import type { FFEmbedder } from '../../../src/shared/embedding.ts';
import { createEmbedder } from '../../../worker/embedding/embedder.ts';

const CONFIG = { model: 'static', device: 'auto' } as const;

/** The source that serves an app's embedder; `embed` may break every promise. */
function sourceOf(embed: (texts: readonly string[]) => unknown, rest: Partial<FFEmbedder> = {}) {
  const appEmbedder = { ...rest, embed: async (texts: readonly string[]) => embed(texts) };
  const source = createEmbedder(CONFIG, { appEmbedder: appEmbedder as FFEmbedder });
  if (source === undefined) throw new Error('There is no embedder.');
  return source;
}

describe("an app's embedder", () => {
  it('comes before the configured model, and gives normalised vectors in order', async () => {
    const embedder = await sourceOf(
      (texts) => texts.map(({ length }) => [3 * length, 4 * length]),
      {
        id: 'mine',
        dimensions: 2,
      },
    ).get();
    expect(embedder).toMatchObject({ stamp: 'app/mine/2', dimensions: 2 });
    const vectors = await embedder.embed(['abc', '', 'a']);
    expect([...vectors].map((value) => Math.round(value * 1e6) / 1e6)).toEqual([
      0.6, 0.8, 0, 0, 0.6, 0.8,
    ]);
  });

  it('is asked for at most 32 texts at a time, and never for two batches at once', async () => {
    const sizes: number[] = [];
    let running = 0;
    const source = sourceOf(
      async (texts) => {
        running += 1;
        expect(running).toBe(1);
        sizes.push(texts.length);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return texts.map(() => Float32Array.of(1));
      },
      { dimensions: 1 },
    );
    const embedder = await source.get();
    const texts = Array.from({ length: 70 }, (_, index) => `text ${index}`);
    const [one, other] = await Promise.all([embedder.embed(texts), embedder.embed(texts)]);
    expect(one.length + other.length).toBe(140);
    expect(Math.max(...sizes)).toBe(32);
  });

  it('is asked for one vector when it does not say how long they are', async () => {
    const source = sourceOf((texts) => texts.map(() => [1, 2, 2]));
    expect(source.stamp).toBeUndefined();
    expect(await source.get()).toMatchObject({ stamp: 'app/custom/3', dimensions: 3 });
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'an array with a vector for each text; it gave undefined'],
    ['too few vectors', [[1, 2]], 'it gave 1 for 2'],
    ['vectors of another length', [[1, 2], [1]], 'vectors of 2 numbers; vector 1 is an array of 1'],
    ['no vectors', [[1, 2], null], 'vector 1 is null'],
    [
      'a number that is not finite',
      [
        [1, 2],
        [Number.NaN, 1],
      ],
      'vector 1 holds NaN at 0',
    ],
    [
      'something that is no number',
      [
        ['1', 2],
        [1, 2],
      ],
      'vector 0 holds 1 at 0',
    ],
    [
      'a vector without end',
      [
        [1e200, 1],
        [1, 2],
      ],
      'of a finite length',
    ],
  ])('is told what is wrong when it gives %s', async (_, answer, message) => {
    const embedder = await sourceOf(() => answer, { dimensions: 2 }).get();
    await expect(embedder.embed(['a', 'b'])).rejects.toMatchObject({
      code: 'validation',
      field: 'embedder',
      message: expect.stringContaining(message),
    });
  });

  it('is told what is wrong when its first answer cannot be a vector', async () => {
    await expect(sourceOf(() => [[]]).get()).rejects.toMatchObject({ code: 'validation' });
  });

  it('passes on its own failure, and is asked again at the next call', async () => {
    let calls = 0;
    const source = sourceOf((texts) => {
      calls += 1;
      if (calls === 1) throw new Error('offline');
      return texts.map(() => [1]);
    });
    await expect(source.get()).rejects.toThrow('offline');
    expect(await source.get()).toMatchObject({ dimensions: 1 });
  });
});
