import * as Comlink from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { parentPort, threadId } from 'node:worker_threads';

/** @typedef {import('../../../../src/shared/embedding.ts').EmbeddingHost} EmbeddingHost */

/** @type {'wasm' | 'webgpu'} */
let device = 'wasm';

/**
 * An embedding thread that does what its model's name and its texts tell it to. A vector is the text's
 * length and the thread's number.
 *
 * @type {EmbeddingHost}
 */
const host = {
  hello: async () => ({}),
  selectDevice: async (wish) => (wish === 'wasm' ? 'wasm' : 'webgpu'),
  load: async (request, onProgress) => {
    if (request.model === 'dies') process.exit(1);
    if (request.model === 'needs wasm' && request.device === 'webgpu') throw new Error('no driver');
    if (request.model === 'slow') {
      for (let step = 1; step <= 4; step += 1) {
        await new Promise((resolve) => setTimeout(resolve, 450));
        // Its channel is not that of the answer, which must not overtake it here.
        await Promise.resolve(onProgress?.({ doneBytes: step, totalBytes: 4, file: 'model.onnx' }));
      }
    }
    device = request.device === 'webgpu' ? 'webgpu' : 'wasm';
    return { stamp: `scripted/${request.model}`, dimensions: 2, device };
  },
  embed: async (texts) => {
    if (texts.includes('die')) process.exit(1);
    if (texts.includes('hang')) await new Promise(() => undefined);
    if (texts.includes('fail')) throw new Error('failed');
    if (texts.includes('fail on webgpu') && device === 'webgpu') throw new Error('device lost');
    const vectors = Float32Array.from(texts.flatMap((text) => [text.length, threadId]));
    return Comlink.transfer(vectors, [vectors.buffer]);
  },
};

if (parentPort !== null) Comlink.expose(host, nodeEndpoint(parentPort));
