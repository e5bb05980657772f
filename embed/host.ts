import { NAME_PREFIX } from '../src/shared/names.ts';
import {
  STATIC_MODEL,
  type EmbeddingHello,
  type EmbeddingHost,
  type ModelProgress,
  type ModelRequest,
} from '../src/shared/embedding.ts';
import { FFStorageError } from '../src/shared/errors.ts';
import { createId } from '../src/shared/ids.ts';
import { selectDevice } from './device.ts';
import type { Model } from './model.ts';

/** What the embedding thread exposes: one model, loaded when it is asked for. */
export function createEmbeddingHost(): EmbeddingHost {
  let model: Model | undefined;
  let greeting: Promise<EmbeddingHello> | undefined;

  return {
    hello: () => (greeting ??= greet()),
    selectDevice,

    load: async (request, onProgress) => {
      model = await loadModel(request, onProgress);
      return model.info;
    },

    embed: async (texts) => {
      if (model === undefined) {
        throw new FFStorageError('embed: no model is loaded.', { code: 'unavailable' });
      }
      return model.embed(texts);
    },
  };
}

/** Neither kind of model costs anything where the other one is used. */
async function loadModel(
  request: ModelRequest,
  onProgress: ((progress: ModelProgress) => void) | undefined,
): Promise<Model> {
  if (request.model === STATIC_MODEL) {
    const { fetchStaticModel } = await import('./static-model.ts');
    return fetchStaticModel();
  }
  const { loadTransformersModel } = await import('./transformers/model.ts');
  return loadTransformersModel(request, onProgress);
}

async function greet(): Promise<EmbeddingHello> {
  // Absent in insecure contexts and outside of browsers.
  if (typeof navigator === 'undefined' || !('locks' in navigator)) return {};
  const aliveLock = `${NAME_PREFIX}embedding:${createId()}`;
  await new Promise<void>((resolve, reject) => {
    navigator.locks
      .request(aliveLock, () => {
        resolve();
        // Never released: only the death of this thread frees it.
        return new Promise(() => undefined);
      })
      .catch(reject);
  });
  return { aliveLock };
}
