/**
 * The storage worker. Loading it is all there is to do:
 *
 * ```ts
 * new FFStorageManager({}, { worker: () => new Worker(new URL('./my-worker.js', import.meta.url), { type: 'module' }) });
 * // my-worker.js
 * import 'flatfile-chat/worker';
 * ```
 *
 * @packageDocumentation
 */
import { serveHost } from './serve.ts';

serveHost();
