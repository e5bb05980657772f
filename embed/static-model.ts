import { FFStorageError } from '../src/shared/errors.ts';
import type { Model } from './model.ts';
import { STATIC_STAMP } from './static/stamp.ts';
import { loadStaticModel } from './static/static-model.ts';

/** The part of Node that reads the file where there is no server to fetch it from. */
interface NodeProcess {
  getBuiltinModule?(name: 'node:fs/promises'): {
    readFile(url: URL): Promise<Uint8Array<ArrayBuffer>>;
  };
}

/** The model that comes with the package, from the file beside it. */
export async function fetchStaticModel(): Promise<Model> {
  // The expression must stay as it is: bundlers look for exactly this form, and replace it by the
  // address of their copy of the file.
  const url = new URL('../models/static-en.bin', import.meta.url);
  const { stamp, dimensions, embed } = loadStaticModel(await readBytes(url));
  if (stamp !== STATIC_STAMP) {
    throw new FFStorageError(
      `The embedding model at ${url.href} is "${stamp}", and this version of the package comes with "${STATIC_STAMP}". The file and the code must come from the same release.`,
      { code: 'version' },
    );
  }
  return {
    info: { stamp, dimensions },
    embed: async (texts) => embed(texts),
  };
}

async function readBytes(url: URL): Promise<ArrayBuffer> {
  try {
    return url.protocol === 'file:' ? await readFile(url) : await download(url);
  } catch (cause) {
    throw new FFStorageError(
      `The embedding model of the package could not be read from ${url.href}. Serve the file that the bundler has put there, allow it in the Content-Security-Policy (connect-src), or name another model in vector.model.`,
      { code: 'unavailable', cause },
    );
  }
}

async function download(url: URL): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`HTTP status ${response.status}`);
  return response.arrayBuffer();
}

/** Node cannot fetch files, and an import of its modules would be in the way of bundlers. */
async function readFile(url: URL): Promise<ArrayBuffer> {
  const { process } = globalThis as { process?: NodeProcess };
  const bytes = await process?.getBuiltinModule?.('node:fs/promises').readFile(url);
  if (bytes === undefined) throw new Error('A page that is a file cannot read others.');
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
