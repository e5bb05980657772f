/**
 * `node scripts/build-wasm.mjs`: assembles the WebAssembly of the vector scan and writes it as a
 * module, so that it needs no request and no loader. A test compares the module with what this makes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import wabt from 'wabt';

const FOLDER = new URL('../worker/search/vectors/', import.meta.url);
const SOURCE = fileURLToPath(new URL('dot-kernel.wat', FOLDER));
const MODULE = fileURLToPath(new URL('dot-kernel.wasm.ts', FOLDER));
const LINE_CHARS = 90;

/**
 * The text of worker/search/vectors/dot-kernel.wasm.ts.
 *
 * @returns {Promise<string>}
 */
export async function renderDotKernel() {
  const { parseWat } = await wabt();
  const parsed = parseWat(basename(SOURCE), readFileSync(SOURCE, 'utf8'), { simd: true });
  try {
    parsed.validate();
    const base64 = Buffer.from(parsed.toBinary({}).buffer).toString('base64');
    const lines = base64.match(new RegExp(`.{1,${LINE_CHARS}}`, 'g')) ?? [];
    return `/** What \`scripts/build-wasm.mjs\` made of dot-kernel.wat, in base64. */
export const DOT_KERNEL_WASM = [
${lines.map((line) => `  '${line}',\n`).join('')}].join('');
`;
  } finally {
    parsed.destroy();
  }
}

if (basename(process.argv[1] ?? '') === 'build-wasm.mjs') {
  writeFileSync(MODULE, await renderDotKernel());
}
