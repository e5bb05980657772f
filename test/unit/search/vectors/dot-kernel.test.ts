import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { renderDotKernel } from '../../../../scripts/build-wasm.mjs';
import { createDotKernel, type DotKernel } from '../../../../worker/search/vectors/dot-kernel.ts';
import { createJavaScriptKernel } from '../../../../worker/search/vectors/javascript-kernel.ts';
import { createRandom, wasmKernel } from './support.ts';

afterEach(() => vi.unstubAllGlobals());

const { CompileError } = WebAssembly;
const MEMORY_BYTES = 0x4_0000;
const LIST_AT = 0x8000;
const OUT_AT = 0x1_0000;
const ROWS_AT = 0x2_0000;

interface Job {
  readonly stride: number;
  readonly rowCount: number;
  /** Numbers of the rows that are wanted; all when empty. */
  readonly list: readonly number[];
  readonly seed: number;
}

const anyJob: fc.Arbitrary<Job> = fc
  .record({ parts: fc.integer({ min: 1, max: 40 }), rowCount: fc.integer({ min: 1, max: 19 }) })
  .chain(({ parts, rowCount }) =>
    fc.record({
      stride: fc.constant(parts * 16),
      rowCount: fc.constant(rowCount),
      list: fc.subarray(Array.from({ length: rowCount }, (_, row) => row)),
      seed: fc.nat(),
    }),
  );

function run(kernel: DotKernel, precision: 'int8' | 'float32', job: Job): ArrayLike<number> {
  const { stride, rowCount, list, seed } = job;
  kernel.grow(Math.max(0, MEMORY_BYTES - kernel.buffer.byteLength));
  const { buffer } = kernel;
  const random = createRandom(seed);
  if (precision === 'int8') {
    new Int16Array(buffer, 0, stride).forEach((_, index, query) => {
      query[index] = (random() - 0.5) * 8192;
    });
    new Int8Array(buffer, ROWS_AT, stride * rowCount).forEach((_, index, rows) => {
      rows[index] = (random() - 0.5) * 256;
    });
  } else {
    for (const [at, length] of [
      [0, stride / 4],
      [ROWS_AT, (stride / 4) * rowCount],
    ] as const) {
      new Float32Array(buffer, at, length).forEach((_, index, values) => {
        values[index] = random() - 0.5;
      });
    }
  }
  new Uint32Array(buffer, LIST_AT, list.length).set(list);
  const count = list.length === 0 ? rowCount : list.length;
  const dot = precision === 'int8' ? kernel.dotInt8 : kernel.dotFloat32;
  dot(ROWS_AT, stride, list.length === 0 ? 0 : LIST_AT, count, 0, OUT_AT);
  const Results = precision === 'int8' ? Int32Array : Float32Array;
  return new Results(buffer, OUT_AT, count).slice();
}

/** The dot products, computed in the simplest way from what `run` left in the memory. */
function expected({ buffer }: DotKernel, { stride, rowCount, list }: Job): number[] {
  const rows = list.length === 0 ? Array.from({ length: rowCount }, (_, row) => row) : list;
  const query = new Int16Array(buffer, 0, stride);
  return rows.map((row) =>
    new Int8Array(buffer, ROWS_AT + row * stride, stride).reduce(
      (sum, value, index) => sum + value * (query[index] ?? 0),
      0,
    ),
  );
}

describe('the kernels', () => {
  it('give the same results, to the last bit', () => {
    const [wasm, javascript] = [wasmKernel(), createJavaScriptKernel()];
    fc.assert(
      fc.property(
        anyJob,
        fc.constantFrom('int8' as const, 'float32' as const),
        (job, precision) => {
          expect(run(wasm, precision, job)).toEqual(run(javascript, precision, job));
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([wasmKernel(), createJavaScriptKernel()])('are exact with int8: $kind', (kernel) => {
    fc.assert(
      fc.property(anyJob, (job) => {
        const found = run(kernel, 'int8', job);
        expect(Array.from(found)).toEqual(expected(kernel, job));
      }),
      { numRuns: 100 },
    );
  });

  it('keep what is in their memory when it grows', () => {
    for (const kernel of [wasmKernel(), createJavaScriptKernel()]) {
      kernel.grow(100_000);
      new Uint8Array(kernel.buffer).fill(7, 0, 60_000);
      const before = kernel.buffer.byteLength;
      kernel.grow(33);
      expect(kernel.buffer.byteLength).toBeGreaterThanOrEqual(before + 33);
      expect(new Uint8Array(kernel.buffer).indexOf(0)).toBe(60_000);
    }
  });
});

describe('createDotKernel', () => {
  it('takes WebAssembly', () => {
    expect(createDotKernel().kind).toBe('wasm-simd');
    // And with what the cases below replace a part of.
    vi.stubGlobal('WebAssembly', namespace());
    expect(createDotKernel().kind).toBe('wasm-simd');
  });

  it.each([
    ['there is no WebAssembly', undefined],
    ['it has no vector instructions', { ...namespace(), validate: () => false }],
    [
      'the page forbids compiling',
      {
        ...namespace(),
        Module: class {
          constructor() {
            throw new CompileError('blocked by Content Security Policy');
          }
        },
      },
    ],
  ])('takes JavaScript where %s', (_, stub) => {
    vi.stubGlobal('WebAssembly', stub);
    expect(createDotKernel().kind).toBe('javascript');
  });
});

describe('dot-kernel.wasm.ts', () => {
  it('is what scripts/build-wasm.mjs makes of dot-kernel.wat: run it when this fails', async () => {
    const url = new URL('../../../../worker/search/vectors/dot-kernel.wasm.ts', import.meta.url);
    expect(readFileSync(url, 'utf8')).toBe(await renderDotKernel());
  });
});

/** Its members are not enumerable. */
function namespace(): Record<string, unknown> {
  const { Instance, Memory, Module, validate } = WebAssembly;
  return { Instance, Memory, Module, validate };
}
