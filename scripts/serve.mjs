import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer, preview } from 'vite';

/**
 * @typedef {object} ServedApp
 * @property {string} url with a slash at the end
 * @property {() => Promise<void>} close
 */

const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));

/**
 * Serves the pages of a folder from source on loopback, as `npm start` serves the demo.
 *
 * @param {string} root
 * @returns {Promise<ServedApp>}
 */
export async function serveSource(root) {
  const server = await createServer({
    root,
    configFile,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    // Every dependency is ES modules as it stands. Bundling them first would share a cache folder
    // with other servers, and reload a page when it meets one that was not foreseen.
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  await server.listen();
  return { url: localUrl(server.resolvedUrls), close: () => server.close() };
}

/**
 * Serves a folder of built files on loopback.
 *
 * @param {string} folder
 * @returns {Promise<ServedApp>}
 */
export async function serveBuilt(folder) {
  const server = await preview({
    // Vite warns of an output folder that is the root itself.
    root: dirname(resolve(folder)),
    // A missing file is a 404, not the page again.
    appType: 'mpa',
    configFile: false,
    logLevel: 'error',
    build: { outDir: resolve(folder) },
    // It is reached from this machine alone, by whatever name.
    preview: { host: '127.0.0.1', port: 0, allowedHosts: true },
  });
  return { url: localUrl(server.resolvedUrls), close: () => server.close() };
}

/** @param {import('vite').ResolvedServerUrls | null} urls */
function localUrl(urls) {
  const [url] = urls?.local ?? [];
  if (url === undefined) throw new Error('The server listens on no local address.');
  return url;
}
