import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layConfig, mergeConfigInput } from '../../../src/shared/config-layers.ts';
import type { FFConfigInput } from '../../../src/shared/config.ts';
import { FFValidationError } from '../../../src/shared/errors.ts';
import { loadConfig, parseConfigUpdate } from '../../../src/validation/config.ts';

function fieldOf(updates: unknown): string {
  try {
    parseConfigUpdate(loadConfig(), updates);
  } catch (error) {
    if (error instanceof FFValidationError) return error.field;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('an update of the configuration', () => {
  it('names what it changes, and gives what comes of it', () => {
    const { updates, config } = parseConfigUpdate(loadConfig({ context: { maxHistory: 7 } }), {
      context: { maxKeyPoints: 3, maxHistory: undefined },
      search: undefined,
      panel: {},
    });
    expect(updates).toStrictEqual({ context: { maxKeyPoints: 3 }, panel: {} });
    expect(config).toStrictEqual(loadConfig({ context: { maxHistory: 7, maxKeyPoints: 3 } }));
  });

  it('keeps the size of a chunk and its overlap together', () => {
    const current = loadConfig({ document: { chunkSize: 500 } });
    expect(parseConfigUpdate(current, { document: { chunkOverlap: 50 } }).updates).toStrictEqual({
      document: { chunkSize: 500, chunkOverlap: 50 },
    });
    const types = { document: { allowedMimeTypes: ['Text/Plain'] } };
    expect(parseConfigUpdate(current, types).updates).toStrictEqual({
      document: { allowedMimeTypes: ['text/plain'] },
    });
  });

  it('refuses what cannot be read, and reads everything else once', () => {
    const throwing = {
      get search(): never {
        throw new RangeError('This getter throws.');
      },
    };
    expect(fieldOf(throwing)).toBe('config');
    let reads = 0;
    const { updates } = parseConfigUpdate(loadConfig(), {
      get context() {
        return { maxKeyPoints: ++reads };
      },
    });
    expect(updates).toStrictEqual({ context: { maxKeyPoints: 1 } });
  });

  it('cannot move the store, but may say where it is', () => {
    expect(fieldOf({ storage: { basePath: 'other' } })).toBe('storage.basePath');
    const { updates } = parseConfigUpdate(loadConfig(), {
      storage: { basePath: 'flatfile-chat', maxIdLength: 64 },
    });
    expect(updates).toStrictEqual({ storage: { maxIdLength: 64 } });
  });

  it.each([
    [{ storage: { basePath: '../x' } }, 'storage.basePath'],
    [{ storage: { maxIdLength: 0 } }, 'storage.maxIdLength'],
    [{ document: { chunkOverlap: 1_000 } }, 'document.chunkOverlap'],
    [{ document: { allowedMimeTypes: ['image'] } }, 'document.allowedMimeTypes[0]'],
    [{ runtime: 'fast' }, 'runtime'],
    [{ nothing: {} }, 'nothing'],
    [{ search: { fuzzy: true } }, 'search.fuzzy'],
    [[], 'config'],
    [undefined, 'config'],
  ])('%j is refused because of %s', (updates, field) => {
    expect(fieldOf(updates)).toBe(field);
  });
});

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const inputs: fc.Arbitrary<FFConfigInput> = fc.record(
  {
    panel: optional(fc.record({ maxPersonas: optional(fc.integer()) }, { requiredKeys: [] })),
    context: optional(
      fc.record(
        { maxHistory: optional(fc.integer()), maxKeyPoints: optional(fc.integer()) },
        { requiredKeys: [] },
      ),
    ),
    vector: optional(fc.record({ modelPath: optional(fc.string()) }, { requiredKeys: [] })),
  },
  { requiredKeys: [] },
);

describe('layers of a configuration', () => {
  it('laid one after another are as laid at once', () => {
    fc.assert(
      fc.property(inputs, inputs, (first, second) => {
        const oneByOne = layConfig(layConfig(loadConfig(), first), second);
        expect(layConfig(loadConfig(), mergeConfigInput(first, second))).toStrictEqual(oneByOne);
      }),
    );
  });

  it('take each key from the topmost that defines it', () => {
    fc.assert(
      fc.property(inputs, inputs, (first, second) => {
        const { context } = layConfig(layConfig(loadConfig(), first), second);
        expect(context.maxHistory).toBe(
          second.context?.maxHistory ?? first.context?.maxHistory ?? 100,
        );
      }),
    );
  });

  it('leave what they are laid from as it is', () => {
    const config = loadConfig();
    const saved: FFConfigInput = { panel: { maxPersonas: 3 } };
    layConfig(config, saved);
    mergeConfigInput(saved, { panel: { maxPersonas: 4 }, search: { prefix: false } });
    expect(config).toStrictEqual(loadConfig());
    expect(saved).toStrictEqual({ panel: { maxPersonas: 3 } });
  });
});
