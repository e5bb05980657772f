import type { ModelProgress, ModelRequest } from '../../src/shared/embedding.ts';
import { DownloadProgress } from './progress.ts';

/** Half of the processors, but two even where there are no more: a batch takes half the time then. */
const MIN_THREADS = 2;
/** More than these do not make a small model faster. */
const MAX_THREADS = 4;

/** The settings are the library's, so they hold for everything in this thread. */
export function configureLibrary(
  { env, LogLevel }: typeof import('@huggingface/transformers'),
  { modelPath, wasmPaths }: ModelRequest,
  onProgress: (progress: ModelProgress) => void,
): void {
  // It warns of servers that do not say how long a file is; what goes wrong is thrown as well.
  env.logLevel = LogLevel.ERROR;
  const progress = new DownloadProgress(onProgress);
  env.fetch = (url, init) => fetchFile(url, init, progress);
  if (modelPath !== undefined) {
    // Under a local path that is a URL the library does not look for the tokenizer's files.
    const isUrl = /^https?:/i.test(modelPath);
    // Never both: a file that is missing there is an error, and no reason to look elsewhere.
    env.allowLocalModels = !isUrl;
    env.allowRemoteModels = isUrl;
    // The cache is asked by this path first, also when it is not allowed.
    env.localModelPath = modelPath;
    env.remoteHost = modelPath;
    env.remotePathTemplate = '{model}/';
  }
  const { wasm } = env.backends.onnx;
  if (wasm === undefined) return;
  // The library points the runtime to a CDN, although the app's build holds the same files.
  if (wasmPaths === undefined) delete wasm.wasmPaths;
  else wasm.wasmPaths = { ...wasmPaths };
  wasm.numThreads = threadCount();
}

/**
 * Servers of single-page apps answer a request for a missing file with their page, which would be
 * cached for good as if it were a part of the model.
 */
async function fetchFile(
  url: string | URL,
  init: RequestInit | undefined,
  progress: DownloadProgress,
): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.ok) return response;
  const isPage = response.headers.get('content-type')?.startsWith('text/html') === true;
  if (isPage) return new Response(null, { status: 404 });
  // The first byte of a file, asked for to learn whether it is there.
  if (response.status === 206) return response;
  return progress.watch(response, String(url).split('/').at(-1) ?? '');
}

/** Threads need shared memory, which pages have only with COOP and COEP. */
function threadCount(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  const half = Math.ceil(navigator.hardwareConcurrency / 2);
  return Math.min(MAX_THREADS, Math.max(MIN_THREADS, half));
}
