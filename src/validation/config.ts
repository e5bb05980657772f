import * as v from 'valibot';
import {
  DEFAULT_CONFIG,
  PRESETS,
  type FFConfigInput,
  type FFConfigPreset,
  type FFConfigurationManagerConfigDTO,
  type FFDocumentConfig,
} from '../shared/config.ts';
import { layGroups } from '../shared/config-layers.ts';
import { MODEL_DTYPES } from '../shared/embedding.ts';
import { FFValidationError } from '../shared/errors.ts';
import { SEARCH_LANGUAGES } from '../shared/search-languages.ts';
import { mimePattern } from './mime-type.ts';
import {
  dropUndefined,
  flag,
  fraction,
  oneOf,
  options,
  parse,
  preview,
  text,
  unreadable,
  wholeNumber,
} from './parse.ts';

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
    reserveBytes: wholeNumber(0, 67_108_864),
  }),
  search: options({
    defaultLimit: wholeNumber(1, 10_000),
    language: oneOf(SEARCH_LANGUAGES),
    typoTolerance: wholeNumber(0, 2),
    prefix: flag,
  }),
  vector: options({
    model: name,
    modelPath: v.optional(name),
    wasmPaths: v.optional(options({ mjs: name, wasm: name })),
    device: oneOf(['auto', 'wasm', 'webgpu']),
    dtype: v.optional(oneOf(MODEL_DTYPES)),
    precision: oneOf(['int8', 'float32']),
    similarityThreshold: fraction,
  }),
  document: v.pipe(
    options({
      allowedMimeTypes: v.optional(
        v.array(
          mimePattern,
          (issue) => `must be a list of MIME types; got ${preview(issue.input)}`,
        ),
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
  return check(layers.reduce<object>(layOver, DEFAULT_CONFIG));
}

/** An update of the configuration that is in force. */
export interface ConfigUpdate {
  /** The keys to change, checked and copied. */
  readonly updates: FFConfigInput;
  /** What they make of the configuration. */
  readonly config: FFConfigurationManagerConfigDTO;
}

/**
 * Checks an update against the configuration that it would give.
 *
 * @throws FFValidationError naming the path, also for another `storage.basePath`: a store that is
 *   open cannot move.
 */
export function parseConfigUpdate(
  current: FFConfigurationManagerConfigDTO,
  input: unknown,
): ConfigUpdate {
  // Read once: what a getter gives the second time would not have been checked.
  const named = layOver({}, input);
  const config = check(layOver(current, named));
  const { basePath } = current.storage;
  if (config.storage.basePath !== basePath) {
    throw new FFValidationError(
      `storage.basePath: cannot be changed while the store is open; it is ${preview(basePath)}`,
      { field: 'storage.basePath' },
    );
  }
  return { updates: pickKeys(config, named), config };
}

/** The keys of the checked configuration that an update names. */
function pickKeys(config: FFConfigurationManagerConfigDTO, named: object): FFConfigInput {
  const picked = Object.entries(named).map(([group, keys]) => {
    const values = config[group as keyof FFConfigurationManagerConfigDTO] as unknown as Values;
    return [group, Object.fromEntries(Object.keys(keys).map((key) => [key, values[key]]))];
  });
  const { storage, document, ...others } = Object.fromEntries(picked) as FFConfigInput;
  const { basePath: _unchanged, ...storageKeys } = storage ?? {};
  return {
    ...others,
    ...(storage === undefined ? {} : { storage: storageKeys }),
    ...(document === undefined ? {} : { document: withPartner(document, config.document) }),
  };
}

/**
 * The size of a chunk and the overlap bound each other, so they are kept together: alone, the one
 * that is kept might not fit the other that a later opening is configured with.
 */
function withPartner(
  keys: NonNullable<FFConfigInput['document']>,
  { chunkSize, chunkOverlap }: FFDocumentConfig,
): NonNullable<FFConfigInput['document']> {
  return 'chunkSize' in keys || 'chunkOverlap' in keys
    ? { ...keys, chunkSize, chunkOverlap }
    : keys;
}

function check(merged: object): FFConfigurationManagerConfigDTO {
  const config = parse(schema, merged, '', 'config');
  return {
    ...config,
    vector: dropUndefined(config.vector),
    document: dropUndefined(config.document),
  };
}

type Values = Readonly<Record<string, unknown>>;

/** What is no object is left for the schema to refuse, except for the whole. */
function layOver(below: object, above: unknown): object {
  if (typeof above !== 'object' || above === null || Array.isArray(above)) {
    throw new FFValidationError(`config: must be an object; got ${preview(above)}`, {
      field: 'config',
    });
  }
  try {
    return layGroups(below, above);
  } catch (cause) {
    throw unreadable('config', cause);
  }
}
