import * as v from 'valibot';
import {
  DEFAULT_CONFIG,
  PRESETS,
  type FFConfigInput,
  type FFConfigPreset,
  type FFConfigurationManagerConfigDTO,
} from '../shared/config.ts';
import { FFValidationError } from '../shared/errors.ts';
import {
  dropUndefined,
  flag,
  fraction,
  options,
  parse,
  preview,
  text,
  wholeNumber,
} from './parse.ts';

const oneOf = <const T extends readonly string[]>(values: T) =>
  v.picklist(values, (issue) => `must be one of ${values.join(', ')}; got ${preview(issue.input)}`);

const name = v.pipe(text, v.nonEmpty('must not be empty'));

/** Slash-separated segments that are safe names in every file system; no dot segments. */
const BASE_PATH = /^(?!\.{1,2}(?:\/|$))[\w.-]{1,64}(?:\/(?!\.{1,2}(?:\/|$))[\w.-]{1,64}){0,7}$/;

const schema = options({
  storage: options({
    basePath: v.pipe(
      text,
      v.regex(
        BASE_PATH,
        (issue) =>
          `must be one to eight names of letters, digits, "-", "_" and ".", separated by "/"; got ${preview(issue.input)}`,
      ),
    ),
    durability: oneOf(['flushed', 'written']),
    maxMessageBytes: wholeNumber(1, 67_108_864),
    maxDocumentBytes: wholeNumber(0, 4_294_967_296),
    maxIdLength: wholeNumber(8, 1_024),
    maxOpenHandles: wholeNumber(4, 240),
  }),
  search: options({
    defaultLimit: wholeNumber(1, 10_000),
    language: oneOf(['auto', 'none', 'english']),
    typoTolerance: wholeNumber(0, 2),
    prefix: flag,
  }),
  vector: options({
    model: name,
    modelPath: v.optional(name),
    wasmPaths: v.optional(options({ mjs: name, wasm: name })),
    device: oneOf(['auto', 'wasm', 'webgpu']),
    similarityThreshold: fraction,
  }),
  document: v.pipe(
    options({
      allowedMimeTypes: v.optional(
        v.array(name, (issue) => `must be a list of MIME types; got ${preview(issue.input)}`),
      ),
      chunkSize: wholeNumber(64, 65_536),
      chunkOverlap: wholeNumber(0, 65_535),
    }),
    v.forward(
      v.check(
        ({ chunkOverlap, chunkSize }) => chunkOverlap < chunkSize,
        ({ input }) =>
          `must be less than chunkSize (${input.chunkSize}); got ${input.chunkOverlap}`,
      ),
      ['chunkOverlap'],
    ),
  ),
  panel: options({ maxPersonas: wholeNumber(1, 1_000) }),
  context: options({
    maxKeyPoints: wholeNumber(1, 100),
    maxSummaryLength: wholeNumber(20, 100_000),
    maxHistory: wholeNumber(1, 100_000),
  }),
  runtime: options({
    callTimeoutMs: wholeNumber(100, 86_400_000),
    logLevel: oneOf(['silent', 'error', 'warn', 'info', 'debug']),
  }),
});

/**
 * A whole configuration: the defaults, with the preset's settings and then the overrides laid over
 * them. The result is a copy; changing it changes nothing else.
 *
 * @throws FFValidationError naming the path, such as `storage.maxIdLength`, for an unknown key or a
 *   value out of its range.
 */
export function loadConfig(
  overrides: FFConfigInput = {},
  preset?: FFConfigPreset,
): FFConfigurationManagerConfigDTO {
  if (preset !== undefined && !Object.hasOwn(PRESETS, preset)) {
    throw new FFValidationError(
      `preset: must be one of ${Object.keys(PRESETS).join(', ')}; got ${preview(preset)}`,
      { field: 'preset' },
    );
  }
  const layers = preset === undefined ? [overrides] : [PRESETS[preset], overrides];
  const merged = layers.reduce(layOver, DEFAULT_CONFIG as unknown as Groups);
  const config = parse(schema, merged, '', 'config');
  return {
    ...config,
    vector: dropUndefined(config.vector),
    document: dropUndefined(config.document),
  };
}

type Groups = Readonly<Record<string, unknown>>;

/** Lays the keys of each group over those below; what is no object is left for the schema to refuse. */
function layOver(below: Groups, above: unknown): Groups {
  if (!isObject(above)) {
    throw new FFValidationError(`config: must be an object; got ${preview(above)}`, {
      field: 'config',
    });
  }
  const groups = Object.entries(above).filter(([, group]) => group !== undefined);
  return {
    ...below,
    ...Object.fromEntries(
      groups.map(([key, group]) => {
        const base = below[key];
        return [
          key,
          isObject(group) && isObject(base) ? { ...base, ...dropUndefined(group) } : group,
        ];
      }),
    ),
  };
}

function isObject(value: unknown): value is Groups {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
