import fc from 'fast-check';
import type { BackendFile } from '../../../../worker/backend/backend.ts';
import { createMemoryBackend } from '../../../../worker/backend/memory.ts';
import { createWasmKernel, type DotKernel } from '../../../../worker/search/vectors/dot-kernel.ts';
import { scoreVectors } from '../../../../worker/search/vectors/scan.ts';
import type { VectorFormat } from '../../../../worker/search/vectors/vector-block.ts';
import { VectorFile, type OpenVectors } from '../../../../worker/search/vectors/vector-file.ts';
import { VectorMemory } from '../../../../worker/search/vectors/vector-memory.ts';

export const anyPrecision: fc.Arbitrary<VectorFormat['precision']> = fc.constantFrom(
  'int8',
  'float32',
);

/** Few of them, so that padding matters, and now and then the most there can be. */
export const anyDimensions: fc.Arbitrary<number> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom(256, 384, 515, 516, 517, 4095, 4096) },
);

/** Vectors one behind the other, the same for the same seed; of any length, and some all zeros. */
export function makeVectors(seed: number, count: number, dimensions: number): Float32Array {
  const random = createRandom(seed);
  const vectors = new Float32Array(count * dimensions);
  for (let row = 0; row < count; row++) {
    const length = random() < 0.1 ? 0 : 10 ** (random() * 8 - 4);
    for (let index = 0; index < dimensions; index++) {
      vectors[row * dimensions + index] = (random() + random() - 1) * length;
    }
  }
  return vectors;
}

/** Numbers from 0 to 1, the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function formatOf(
  dimensions: number,
  precision: VectorFormat['precision'] = 'int8',
): VectorFormat {
  return { stamp: 'model@1', dimensions, precision };
}

/** A file in memory, with these bytes. */
export async function fileOf(bytes: Uint8Array = new Uint8Array(0)): Promise<BackendFile> {
  const file = await createMemoryBackend().open('vectors', { create: true });
  if (file === null) throw new Error('A backend must create a file when it is told to.');
  file.write(bytes, 0);
  return file;
}

export function bytesOf(file: BackendFile): Uint8Array {
  const bytes = new Uint8Array(file.size());
  file.read(bytes, 0);
  return bytes;
}

export async function openVectors(format: VectorFormat, bytes?: Uint8Array): Promise<OpenVectors> {
  const file = await fileOf(bytes);
  return { file, vectors: VectorFile.open(file, format) };
}

/** It reads everything again for each query. */
const forgetful = new VectorMemory({ budgetBytes: 0 });

/** The score of each of so many documents. */
export function scoresOf(
  open: OpenVectors,
  query: Float32Array,
  documentCount: number,
  options: { readonly memory?: VectorMemory; readonly wanted?: Iterable<number> } = {},
): Float32Array {
  const scores = new Float32Array(documentCount);
  scoreVectors(open, query, options.memory ?? forgetful, scores, options.wanted);
  return scores;
}

/** Tests run where there is WebAssembly; without it half of them would prove nothing. */
export function wasmKernel(): DotKernel {
  const kernel = createWasmKernel();
  if (kernel === null) throw new Error('The WebAssembly kernel cannot be had here.');
  return kernel;
}
