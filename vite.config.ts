import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

/** The package's entry points as its users write them, answered from source. */
export const packageFromSource = [
  { find: /^flatfile-chat$/, replacement: pathOf('src/index.ts') },
  { find: /^flatfile-chat\/worker$/, replacement: pathOf('worker/index.ts') },
  { find: /^flatfile-chat\/testing$/, replacement: pathOf('worker/testing.ts') },
];

export default defineConfig({
  root: pathOf('demo'),
  // Relative, so that the built demo runs in whatever folder of a site it is put.
  base: './',
  cacheDir: pathOf('node_modules/.vite'),
  clearScreen: false,
  resolve: {
    alias: packageFromSource,
    // The demo uses the model of the package; the runtime of other models is 27 MB.
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // The default format would fold the worker's lazy chunks into it.
  worker: { format: 'es' },
  // The package's source lies beside the demo, not under it.
  server: { fs: { allow: [pathOf('.')] } },
  // Read at the start: a dependency that Vite met later, in the worker, would reload the page.
  optimizeDeps: {
    entries: ['index.html', '../worker/index.ts', '../embed/index.ts'],
    exclude: ['@huggingface/transformers'],
  },
  build: { outDir: pathOf('dist-demo'), emptyOutDir: true },
});

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
