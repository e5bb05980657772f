import type { Embedder } from '../../worker/embedding/embedder.ts';
import type { CreateEmbedder } from '../../worker/search/embedding.ts';
import { PROBE_TEXTS } from '../../worker/search/ranking/calibration-probe.ts';

/** A model for tests: texts are as similar as the words that they share. */
export interface TestEmbedder {
  /** Gives a model of its own for each name that a configuration may have; nothing for `none`. */
  readonly create: CreateEmbedder;
  /** The texts that were embedded, with the model's name in front, but for those it is probed with. */
  readonly texts: string[];
  /** How often a model was loaded. */
  readonly loads: number;
  /** Lets whatever is asked from now on fail; nothing, when there is no error. */
  failWith(error: Error | undefined): void;
  /** Holds back every answer from the next on. */
  hold(): { readonly reached: Promise<void>; release(): void };
}

const DIMENSIONS = 64;

export function createTestEmbedder({ announced = true } = {}): TestEmbedder {
  const texts: string[] = [];
  let loads = 0;
  let failure: Error | undefined;
  let reach = (): void => undefined;
  let held: Promise<void> = Promise.resolve();

  const loadModel = (model: string, seed: number): Embedder => ({
    stamp: `test/${model}`,
    dimensions: DIMENSIONS,
    embed: async (given) => {
      reach();
      await held;
      if (failure !== undefined) throw failure;
      for (const text of given) if (!PROBE_TEXTS.includes(text)) texts.push(`${model}: ${text}`);
      const vectors = new Float32Array(given.length * DIMENSIONS);
      for (const [index, text] of given.entries()) {
        vectors.set(vectorOf(text, seed), index * DIMENSIONS);
      }
      return vectors;
    },
    close: () => undefined,
  });

  return {
    texts,
    get loads() {
      return loads;
    },
    create: ({ model }) =>
      model === 'none'
        ? undefined
        : {
            stamp: announced ? `test/${model}` : undefined,
            get: async () => {
              if (failure !== undefined) throw failure;
              loads++;
              return loadModel(model, hashOf(model, 7));
            },
            close: () => undefined,
          },
    failWith: (error) => {
      failure = error;
    },
    hold: () => {
      let release = (): void => undefined;
      const reached = new Promise<void>((resolve) => (reach = resolve));
      held = new Promise<void>((resolve) => (release = resolve));
      return { reached, release };
    },
  };
}

/** Of length one; each word has a direction of its own in each model. */
function vectorOf(text: string, seed: number): Float32Array {
  const vector = new Float32Array(DIMENSIONS);
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    let state = hashOf(word, seed);
    for (let at = 0; at < DIMENSIONS; at++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      vector[at] = (vector[at] ?? 0) + (state >>> 31 === 0 ? 1 : -1);
    }
  }
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

function hashOf(word: string, seed: number): number {
  let hash = seed;
  for (const char of word) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return hash;
}
