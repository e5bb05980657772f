import { describe, expect, it } from 'vitest';
import {
  DEFAULT_CONFIG,
  type FFConfigInput,
  type FFConfigPreset,
} from '../../../src/shared/config.ts';
import { FFValidationError } from '../../../src/shared/errors.ts';
import { SEARCH_LANGUAGES } from '../../../src/shared/search-languages.ts';
import { loadConfig } from '../../../src/validation/config.ts';

/** What JavaScript may pass although TypeScript would not. */
function refusal(config: unknown, preset?: string): FFValidationError {
  try {
    loadConfig(config as FFConfigInput, preset as FFConfigPreset);
  } catch (error) {
    if (error instanceof FFValidationError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(config)} was accepted`);
}

describe('loadConfig', () => {
  it('gives the documented defaults', () => {
    expect(loadConfig()).toEqual({
      storage: {
        basePath: 'flatfile-chat',
        durability: 'flushed',
        maxMessageBytes: 1_048_576,
        maxDocumentBytes: 104_857_600,
        maxIdLength: 128,
        maxOpenHandles: 48,
        reserveBytes: 2_097_152,
      },
      search: { defaultLimit: 100, language: 'auto', typoTolerance: 0, prefix: true },
      vector: { model: 'static', device: 'auto', precision: 'int8', similarityThreshold: 0.7 },
      document: { chunkSize: 1_000, chunkOverlap: 200 },
      panel: { maxPersonas: 10 },
      context: { maxKeyPoints: 10, maxSummaryLength: 500, maxHistory: 100 },
      runtime: { callTimeoutMs: 60_000, logLevel: 'warn' },
    });
  });

  it('lays overrides over the defaults, key by key', () => {
    const config = loadConfig({ storage: { maxIdLength: 64 }, vector: { modelPath: '/models' } });
    expect(config.storage).toEqual({ ...DEFAULT_CONFIG.storage, maxIdLength: 64 });
    expect(config.vector).toEqual({ ...DEFAULT_CONFIG.vector, modelPath: '/models' });
    expect(config.search).toEqual(DEFAULT_CONFIG.search);
  });

  it('takes undefined for not given', () => {
    expect(
      loadConfig({
        storage: undefined,
        search: { prefix: undefined },
        vector: { modelPath: undefined, dtype: undefined },
      }),
    ).toStrictEqual(loadConfig());
  });

  it('knows presets, which overrides win over', () => {
    expect(loadConfig({}, 'development').runtime.logLevel).toBe('debug');
    expect(loadConfig({}, 'production').runtime.logLevel).toBe('error');
    expect(loadConfig({}, 'test')).toMatchObject({
      storage: { basePath: 'flatfile-chat-test', durability: 'flushed' },
      runtime: { logLevel: 'silent' },
    });
    expect(loadConfig({ runtime: { logLevel: 'info' } }, 'test').runtime).toMatchObject({
      logLevel: 'info',
      callTimeoutMs: 10_000,
    });
  });

  it('gives a copy that nothing else shares', () => {
    const overrides = {
      vector: { wasmPaths: { mjs: 'a.mjs', wasm: 'a.wasm' } },
      document: { allowedMimeTypes: ['text/plain'] },
    };
    const config = loadConfig(overrides);
    config.storage.maxIdLength = 9;
    config.vector.wasmPaths = { mjs: 'b', wasm: 'b' };
    config.document.allowedMimeTypes?.push('text/html');
    expect(loadConfig().storage.maxIdLength).toBe(128);
    expect(DEFAULT_CONFIG.storage.maxIdLength).toBe(128);
    expect(overrides.document.allowedMimeTypes).toEqual(['text/plain']);
    expect(overrides.vector.wasmPaths.mjs).toBe('a.mjs');
    const again = loadConfig(overrides);
    if (again.vector.wasmPaths !== undefined) again.vector.wasmPaths.mjs = 'changed';
    expect(overrides.vector.wasmPaths.mjs).toBe('a.mjs');
  });

  it.each([
    ['storage', 'maxMessageBytes', 1, 67_108_864],
    ['storage', 'maxDocumentBytes', 0, 4_294_967_296],
    ['storage', 'maxIdLength', 8, 1_024],
    ['storage', 'maxOpenHandles', 4, 240],
    ['storage', 'reserveBytes', 0, 67_108_864],
    ['search', 'defaultLimit', 1, 10_000],
    ['search', 'typoTolerance', 0, 2],
    ['document', 'chunkOverlap', 0, 999],
    ['panel', 'maxPersonas', 1, 1_000],
    ['context', 'maxKeyPoints', 1, 100],
    ['context', 'maxSummaryLength', 20, 100_000],
    ['context', 'maxHistory', 1, 100_000],
    ['runtime', 'callTimeoutMs', 100, 86_400_000],
  ])('lets %s.%s be a whole number from %d to %d', (group, key, min, max) => {
    for (const value of [min, max]) {
      expect(loadConfig({ [group]: { [key]: value } })).toMatchObject({
        [group]: { [key]: value },
      });
    }
    for (const value of [min - 1, max + 1, min + 0.5, NaN, Infinity, `${min}`, null, true]) {
      const error = refusal({ [group]: { [key]: value } });
      expect(error.field, `${value}`).toBe(`${group}.${key}`);
      expect(error.message).toMatch(new RegExp(`^${group}\\.${key}: must be `));
    }
  });

  it('lets a chunk have 64 to 65,536 units, and neighbours share less than one', () => {
    for (const chunkSize of [64, 65_536]) {
      expect(loadConfig({ document: { chunkSize, chunkOverlap: 63 } }).document.chunkSize).toBe(
        chunkSize,
      );
    }
    for (const chunkSize of [63, 65_537]) {
      const error = refusal({ document: { chunkSize, chunkOverlap: 0 } });
      expect(error.message).toBe(
        `document.chunkSize: must be a whole number from 64 to 65536; got ${chunkSize}`,
      );
    }
    expect(refusal({ document: { chunkSize: 64, chunkOverlap: 64 } }).message).toBe(
      'document.chunkOverlap: must be less than chunkSize (64); got 64',
    );
  });

  it.each([
    ['storage', 'durability', ['flushed', 'written']],
    ['search', 'language', SEARCH_LANGUAGES],
    ['vector', 'device', ['auto', 'wasm', 'webgpu']],
    ['vector', 'dtype', ['fp32', 'fp16', 'q8', 'int8', 'uint8', 'q4', 'q4f16', 'bnb4']],
    ['vector', 'precision', ['int8', 'float32']],
    ['runtime', 'logLevel', ['silent', 'error', 'warn', 'info', 'debug']],
  ])('lets %s.%s be one of %j', (group, key, values) => {
    for (const value of values) {
      expect(loadConfig({ [group]: { [key]: value } })).toMatchObject({
        [group]: { [key]: value },
      });
    }
    expect(refusal({ [group]: { [key]: 'other' } }).message).toBe(
      `${group}.${key}: must be one of ${values.join(', ')}; got "other"`,
    );
  });

  it.each(['a', 'a/b', 'A-1_x.y', 'a/b/c/d/e/f/g/h', '.hidden', 'a..b', 'x'.repeat(64)])(
    'takes %j for a base path',
    (basePath) => {
      expect(loadConfig({ storage: { basePath } }).storage.basePath).toBe(basePath);
    },
  );

  it.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/..',
    '../a',
    'a/./b',
    'a b',
    'a\\b',
    'é',
    'x'.repeat(65),
    'a/b/c/d/e/f/g/h/i',
    7,
    null,
  ])('refuses %j as a base path', (basePath) => {
    expect(refusal({ storage: { basePath } }).field).toBe('storage.basePath');
  });

  it.each([
    [{ storag: {} }, 'storag'],
    [{ storage: { basPath: 'x' } }, 'storage.basPath'],
    [{ vector: { wasmPaths: { mjs: 'a' } } }, 'vector.wasmPaths.wasm'],
    [{ vector: { wasmPaths: 'a' } }, 'vector.wasmPaths'],
    [{ vector: { model: '' } }, 'vector.model'],
    [{ vector: { modelPath: 7 } }, 'vector.modelPath'],
    [{ vector: { similarityThreshold: 1.5 } }, 'vector.similarityThreshold'],
    [{ document: { allowedMimeTypes: 'text/plain' } }, 'document.allowedMimeTypes'],
    [{ document: { allowedMimeTypes: ['text/plain', 7] } }, 'document.allowedMimeTypes[1]'],
    [{ document: { chunkSize: 100 } }, 'document.chunkOverlap'],
    [{ search: { prefix: 1 } }, 'search.prefix'],
    [{ storage: null }, 'storage'],
    [{ storage: 'opfs' }, 'storage'],
    [null, 'config'],
    ['test', 'config'],
    [[], 'config'],
  ])('refuses %j, naming %s', (config, field) => {
    const error = refusal(config);
    expect(error.field).toBe(field);
    expect(error.message.startsWith(`${field}: `)).toBe(true);
  });

  it('refuses a preset that it does not know, built-in property names included', () => {
    for (const preset of ['staging', 'toString', '__proto__']) {
      expect(refusal({}, preset)).toMatchObject({ field: 'preset', code: 'validation' });
    }
  });
});
