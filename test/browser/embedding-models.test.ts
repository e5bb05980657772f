import * as Comlink from 'comlink';
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  inject,
  it,
  onTestFinished,
} from 'vitest';
import { installErrorTransfer } from '../../src/shared/wire.ts';
import type { EmbeddingForTests } from './support/embedder.worker.ts';

installErrorTransfer();

/** Served from the repository, where `scripts/models/minilm.mjs` has put it. */
const MODELS = '/node_modules/.cache/models/';
const MODELS_URL = new URL(MODELS, location.href).href;
const MINILM = {
  model: 'Xenova/all-MiniLM-L6-v2',
  modelPath: MODELS,
  device: 'wasm',
} as const;
/** Reading the runtime and the model takes seconds on a machine that is busy. */
const TIMEOUT_MS = 60_000;

const problem = inject('miniLmProblem');

function openWorker(): { embedding: Comlink.Remote<EmbeddingForTests>; worker: Worker } {
  const url = new URL('./support/embedder.worker.ts', import.meta.url);
  const worker = new Worker(url, { type: 'module' });
  return { embedding: Comlink.wrap<EmbeddingForTests>(worker), worker };
}

/** The similarity of each of the texts to the first one. */
async function similarities(
  embedding: Comlink.Remote<EmbeddingForTests>,
  texts: readonly string[],
): Promise<number[]> {
  const vectors = (await embedding.embed(texts)) ?? new Float32Array();
  const dimensions = vectors.length / texts.length;
  const first = vectors.subarray(0, dimensions);
  return texts.map((_, index) =>
    first.reduce((sum, value, axis) => sum + value * (vectors[index * dimensions + axis] ?? 0), 0),
  );
}

describe('the model inside the package', () => {
  it('is loaded in a worker of its own, and knows what is alike', async () => {
    const { embedding, worker } = openWorker();
    onTestFinished(() => worker.terminate());
    const { stamp, device } = await embedding.load({ model: 'static', device: 'auto' });
    expect(stamp).not.toBe('');
    expect(device).toBeUndefined();
    const [same, like, unlike, empty] = await similarities(embedding, [
      'How do I get my money back?',
      'The refund of your payment takes five days.',
      'We saw whales from the boat on Sunday.',
      '',
    ]);
    expect(same).toBeCloseTo(1, 4);
    expect(like).toBeGreaterThan(unlike ?? 1);
    expect(empty).toBe(0);
  });
});

describe('a model of transformers.js', () => {
  const { embedding, worker } = openWorker();
  afterAll(() => worker.terminate());

  it.each([MODELS, MODELS_URL])(
    'asks nobody but %s when a model is not there',
    async (modelPath) => {
      const request = { ...MINILM, model: 'nobody/nothing', modelPath };
      await expect(embedding.load(request)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining(`"${modelPath}nobody/nothing/config.json"`),
      });
    },
  );

  describe('that is served beside the app', () => {
    let loaded: Awaited<ReturnType<typeof embedding.load>>;
    beforeAll(async () => {
      if (problem === '') loaded = await embedding.load(MINILM);
    }, TIMEOUT_MS);
    beforeEach(({ skip }) => skip(problem !== '', `There is no MiniLM to test with. ${problem}`));

    it('is loaded from there, and kept for when there is no network', async () => {
      const { stamp, dimensions, device, progress } = loaded;
      expect({ dimensions, device }).toEqual({ dimensions: 384, device: 'wasm' });
      expect(stamp).toContain(MINILM.model);
      expect(progress.at(-1)).toMatchObject({
        doneBytes: progress.at(-1)?.totalBytes,
        file: expect.stringMatching(/\.(onnx|json)$/),
      });
      const kept = await (await caches.open('transformers-cache')).keys();
      expect(kept.map(({ url }) => url).join()).toContain('model_quantized.onnx');
    });

    it(
      'gives the similarities that its authors publish',
      async () => {
        const [same, very, dog, sunny] = await similarities(embedding, [
          'That is a happy person',
          'That is a very happy person',
          'That is a happy dog',
          'Today is a sunny day',
        ]);
        expect(same).toBeCloseTo(1, 4);
        // 8-bit arithmetic moves them by some hundredths.
        expect(Math.abs((very ?? 0) - 0.943)).toBeLessThan(0.05);
        expect(Math.abs((dog ?? 0) - 0.695)).toBeLessThan(0.05);
        expect(Math.abs((sunny ?? 0) - 0.257)).toBeLessThan(0.05);
      },
      TIMEOUT_MS,
    );

    it(
      'keeps the order of texts over several batches, and cuts what is too long',
      async () => {
        const long = 'the ferry leaves at noon '.repeat(200);
        const texts = [
          'when does the boat go?',
          long,
          '',
          'money',
          'b',
          'cats',
          '日本語',
          'x',
          '7',
        ];
        const [same, ferry, ...others] = await similarities(embedding, texts);
        expect(same).toBeCloseTo(1, 4);
        expect(ferry).toBeGreaterThan(Math.max(...others));
      },
      TIMEOUT_MS,
    );

    it(
      'is loaded from an absolute URL as well',
      async () => {
        await caches.delete('transformers-cache');
        const { stamp, progress } = await embedding.load({ ...MINILM, modelPath: MODELS_URL });
        expect(stamp).toBe(loaded.stamp);
        expect(progress.at(-1)?.doneBytes).toBe(loaded.progress.at(-1)?.doneBytes);
      },
      TIMEOUT_MS,
    );
  });
});
