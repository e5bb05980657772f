import { describe, expect, it, onTestFinished } from 'vitest';
import type { ModelProgress, ModelRequest } from '../../../src/shared/embedding.ts';
import { createModelEmbedder } from '../../../worker/embedding/model-embedder.ts';
import { ThreadStarter } from './support/threads.ts';

interface Setup extends Partial<ModelRequest> {
  readonly threads?: ThreadStarter;
  readonly loadMs?: number;
  readonly embedMs?: number;
  readonly onProgress?: (progress: ModelProgress) => void;
}

async function openEmbedder({ threads = new ThreadStarter(), ...setup }: Setup = {}) {
  const { model = 'scripted', device = 'wasm', onProgress } = setup;
  const { loadMs = 30_000, embedMs = 30_000 } = setup;
  const closing = new AbortController();
  onTestFinished(() => closing.abort());
  const embedder = await createModelEmbedder(
    { model, device },
    {
      start: threads.start,
      signal: closing.signal,
      onProgress,
      deadlines: { loadMs, embedMs },
    },
  );
  return { embedder, threads, closing };
}

/** What the scripted thread puts into a vector's first place: the length of the text. */
function lengthsIn(vectors: Float32Array): number[] {
  return [...vectors].filter((_, index) => index % 2 === 0);
}

function threadIn(vectors: Float32Array): number | undefined {
  return vectors[1];
}

describe('a model in a thread of its own', () => {
  it('embeds in batches, in the order of the texts, in one thread', async () => {
    const { embedder, threads } = await openEmbedder();
    const texts = Array.from({ length: 50 }, (_, index) => 'x'.repeat((index * 7) % 50));
    const vectors = await embedder.embed(texts);
    expect(lengthsIn(vectors)).toEqual(texts.map(({ length }) => length));
    expect(embedder).toMatchObject({ stamp: 'scripted/scripted', dimensions: 2, device: 'wasm' });
    expect(threads.started).toBe(1);
  });

  it('rejects what was under way when the thread dies, and starts another at the next call', async () => {
    const { embedder, threads } = await openEmbedder();
    const before = threadIn(await embedder.embed(['a']));
    const waiting = embedder.embed(['b', 'c']);
    const dying = embedder.embed(['die']);
    await expect(dying).rejects.toMatchObject({ code: 'worker-lost' });
    expect(lengthsIn(await waiting)).toEqual([1, 1]);
    expect(threadIn(await embedder.embed(['d']))).not.toBe(before);
    expect(threads.started).toBe(2);
  });

  it('gives up a thread that says nothing', async () => {
    const { embedder, threads } = await openEmbedder({ embedMs: 1_000 });
    await expect(embedder.embed(['hang'])).rejects.toMatchObject({ code: 'timeout' });
    expect(lengthsIn(await embedder.embed(['abc']))).toEqual([3]);
    expect(threads.started).toBe(2);
  });

  it('does not use a thread again in which the model has failed', async () => {
    const { embedder, threads } = await openEmbedder();
    await expect(embedder.embed(['fail'])).rejects.toBeInstanceOf(Error);
    expect(lengthsIn(await embedder.embed(['abc']))).toEqual([3]);
    expect(threads.started).toBe(2);
  });

  it('waits for a model as long as its download goes on', async () => {
    const progress: ModelProgress[] = [];
    // Its four steps take longer than it may be silent, one alone does not.
    await openEmbedder({
      model: 'slow',
      loadMs: 1_500,
      onProgress: (state) => progress.push(state),
    });
    expect(progress).toEqual(
      [1, 2, 3, 4].map((doneBytes) => ({ doneBytes, totalBytes: 4, file: 'model.onnx' })),
    );
  });

  it('cannot be opened when its thread dies', async () => {
    await expect(openEmbedder({ model: 'dies' })).rejects.toMatchObject({ code: 'worker-lost' });
  });

  it('cannot be opened when its thread does not start', async () => {
    const threads = new ThreadStarter(new URL('not-there.mjs', import.meta.url));
    await expect(openEmbedder({ threads })).rejects.toMatchObject({ code: 'worker-lost' });
  });

  it('runs on WebAssembly where WebGPU fails at once', async () => {
    const { embedder, threads } = await openEmbedder({ model: 'needs wasm', device: 'auto' });
    expect(embedder.device).toBe('wasm');
    expect(threads.started).toBe(2);
  });

  it('goes on with WebAssembly where WebGPU fails later', async () => {
    const { embedder } = await openEmbedder({ device: 'auto' });
    expect(embedder.device).toBe('webgpu');
    expect(lengthsIn(await embedder.embed(['fail on webgpu', 'abc']))).toEqual([14, 3]);
    expect(embedder.device).toBe('wasm');
  });

  it('ends its thread when it is closed', async () => {
    const { embedder, threads } = await openEmbedder();
    const pending = embedder.embed(['hang']);
    embedder.close();
    await expect(pending).rejects.toMatchObject({ code: 'closed' });
    await expect(embedder.embed(['a'])).rejects.toMatchObject({ code: 'closed' });
    await expect.poll(() => threads.running).toBe(0);
  });

  it('ends its thread when it is closed before it is loaded', async () => {
    const threads = new ThreadStarter();
    const closing = new AbortController();
    const opening = createModelEmbedder(
      { model: 'scripted', device: 'wasm' },
      { start: threads.start, signal: closing.signal },
    );
    closing.abort();
    await expect(opening).rejects.toMatchObject({ code: 'closed' });
    await expect.poll(() => threads.running).toBe(0);
  });
});
