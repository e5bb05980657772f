import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { lookup } from 'mrmime';
import { build, type Plugin } from 'vite';
import { ROOT } from '../../support/run.ts';

const ENTRY = 'worker/index.ts';
const FOLDER = join(ROOT, 'node_modules/.cache/bundled-worker');
const URL_PREFIX = '/bundled-worker/';

/**
 * Has the packaged worker loaded as one built file. From source it is some 240 requests, which take
 * longer than most of the thousands of tests that start one.
 */
export function bundledWorker(): Plugin {
  let built: Promise<unknown> | undefined;
  return {
    name: 'flatfile-chat:bundled-worker',
    configureServer({ middlewares }) {
      // As it was built: nothing is to be transformed on the way.
      middlewares.use((request, response, next) => {
        const [path = '', query = ''] = (request.url ?? '').split('?');
        const isWorker = path.endsWith(`/${ENTRY}`) && query.includes('worker_file');
        if (!isWorker && !path.startsWith(URL_PREFIX)) return next();
        const send = (type: string, body: string | Buffer): void => {
          response.setHeader('Content-Type', type);
          response.end(body);
        };
        built ??= buildWorker();
        built
          .then(async () => {
            if (isWorker) return send('text/javascript', `import '${URL_PREFIX}worker.js';`);
            const file = join(FOLDER, normalize(path.slice(URL_PREFIX.length)));
            send(lookup(extname(file)) ?? 'application/octet-stream', await readFile(file));
          })
          .catch(next);
      });
    },
  };
}

function buildWorker(): Promise<unknown> {
  return build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    base: './',
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'production'] },
    worker: { format: 'es' },
    build: {
      outDir: FOLDER,
      emptyOutDir: true,
      minify: false,
      target: 'esnext',
      modulePreload: false,
      rolldownOptions: {
        input: join(ROOT, ENTRY),
        output: { entryFileNames: 'worker.js' },
      },
    },
  });
}
