import { existsSync } from 'node:fs';
import { copyFile, mkdir, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/models/', import.meta.url));
const RUNTIME = fileURLToPath(new URL('../../node_modules/onnxruntime-web/dist/', import.meta.url));

/** Of the runtime's builds the smallest: the others bring WebGPU along. */
const RUNTIME_FILES = {
  mjs: 'ort-wasm-simd-threaded.mjs',
  wasm: 'ort-wasm-simd-threaded.wasm',
};

/** The name of the model inside the package, which needs nothing from outside. */
const STATIC = 'static';

/**
 * A model, and what a page needs to load it from its own origin.
 *
 * @param {string} model
 * @param {string} [modelPath] the folder that its folder is in; default: where
 *   `scripts/models/minilm.mjs` puts it
 * @throws when it is not there
 */
export function findModel(model, modelPath = CACHE) {
  if (model === STATIC) {
    return {
      config: (/** @type {string} */ _url) => ({ vector: { model } }),
      addFiles: async () => undefined,
    };
  }
  if (!existsSync(join(modelPath, model, 'tokenizer.json'))) {
    throw new Error(
      `There is no model ${model} in ${modelPath}. \`node scripts/models/minilm.mjs\` makes Xenova/all-MiniLM-L6-v2; --model-path names another folder.`,
    );
  }
  return {
    /** @param {string} url where the page is */
    config: (url) => ({
      vector: {
        model,
        modelPath: '/models/',
        wasmPaths: {
          mjs: `${url}runtime/${RUNTIME_FILES.mjs}`,
          wasm: `${url}runtime/${RUNTIME_FILES.wasm}`,
        },
      },
    }),
    /** @param {string} folder what is served at the page's address */
    addFiles: async (folder) => {
      await symlink(resolve(modelPath), join(folder, 'models'), 'junction');
      await mkdir(join(folder, 'runtime'));
      for (const file of Object.values(RUNTIME_FILES)) {
        await copyFile(join(RUNTIME, file), join(folder, 'runtime', file));
      }
    },
  };
}
