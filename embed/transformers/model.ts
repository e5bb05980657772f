import type { Tensor } from '@huggingface/transformers';
import {
  transformersStamp,
  type ModelDevice,
  type ModelProgress,
  type ModelRequest,
} from '../../src/shared/embedding.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import type { Model } from '../model.ts';
import { configureLibrary } from './configure.ts';

type Transformers = typeof import('@huggingface/transformers');

/** Tokens of a text that are read where the model's own files give no limit. */
const DEFAULT_MAX_TOKENS = 512;

/**
 * Loads a model and runs one text through it.
 *
 * The library chains its calls to the runtime, and one that fails fails all that follow, so after an
 * error this thread is of no further use.
 */
export async function loadTransformersModel(
  request: ModelRequest,
  onProgress?: (progress: ModelProgress) => void,
): Promise<Model> {
  const library = await importLibrary();
  configureLibrary(library, request, (progress) => onProgress?.(progress));
  const device: ModelDevice = request.device === 'webgpu' ? 'webgpu' : 'wasm';
  try {
    return await loadPipeline(library, request, device);
  } catch (cause) {
    throw new FFStorageError(
      `The model "${request.model}" (vector.model) could not be loaded for ${device}: ${messageOf(cause)}. ${whereItIsLookedFor(request)}`,
      { code: 'unavailable', cause },
    );
  }
}

async function loadPipeline(
  library: Transformers,
  request: ModelRequest,
  device: ModelDevice,
): Promise<Model> {
  const { tokenizer, model } = await library.pipeline('feature-extraction', request.model, {
    device,
    ...(request.dtype === undefined ? {} : { dtype: request.dtype }),
  });
  const maxTokens = lengthLimit(tokenizer.model_max_length, model.config);

  const embed: Model['embed'] = async (texts) => {
    // Not by a call of the pipeline, which knows no other limit than the tokenizer's own.
    const inputs = tokenizer([...texts], {
      padding: true,
      truncation: true,
      max_length: maxTokens,
    });
    const output = (await model(inputs)) as Readonly<Record<string, Tensor>>;
    const tokens = output['last_hidden_state'] ?? output['token_embeddings'];
    if (tokens === undefined) throw new Error('it gives no vectors for the tokens of a text');
    const vectors = library.mean_pooling(tokens, inputs.attention_mask).normalize(2, -1);
    // Of a half-precision model the numbers may be narrower.
    return Float32Array.from(vectors.data as ArrayLike<number>);
  };

  // Tells how long a vector is, and finds out before any message is at stake what does not run.
  const { length: dimensions } = await embed(['dimensions']);
  return {
    info: { stamp: transformersStamp(request), dimensions, device },
    embed,
  };
}

/** Without a limit a long text would get more positions than the model knows, and fail. */
function lengthLimit(ofTokenizer: number | undefined, config: object): number {
  const { max_position_embeddings: ofModel = DEFAULT_MAX_TOKENS } = config as {
    readonly max_position_embeddings?: number;
  };
  return Math.min(ofTokenizer ?? ofModel, ofModel);
}

async function importLibrary(): Promise<Transformers> {
  try {
    // Inside of `try` the bundlers that do not know of optional peers forgive its absence as well.
    return await import('@huggingface/transformers');
  } catch (cause) {
    throw new FFStorageError(
      'A model of transformers.js is asked for (vector.model), and @huggingface/transformers is not there: npm install @huggingface/transformers, then build the app anew. The model "static" needs no installation.',
      { code: 'unavailable', cause },
    );
  }
}

function whereItIsLookedFor({ modelPath, wasmPaths }: ModelRequest): string {
  const files =
    modelPath === undefined
      ? 'Its files come from huggingface.co, as vector.modelPath names no other place'
      : `Its files are looked for under ${modelPath} (vector.modelPath)`;
  return wasmPaths === undefined
    ? `${files}; the runtime comes from the app's own build, as vector.wasmPaths names no other place.`
    : `${files}, the runtime at ${wasmPaths.wasm} (vector.wasmPaths).`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.+$/, '') : String(error);
}
