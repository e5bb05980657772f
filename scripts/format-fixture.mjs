/**
 * `node scripts/format-fixture.mjs`: writes a store of the current format into test/fixtures, file by
 * file. To be run once for each format, before it changes: from then on a test opens what was written.
 */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

const vite = await createServer({
  root: ROOT,
  configFile: false,
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, ws: false },
});
const { makeFixture } = await vite.ssrLoadModule('/test/support/format-fixture.ts');
const { format, files } = await makeFixture();
await vite.close();
const folder = join(ROOT, 'test/fixtures', `format-${format}`);
if (existsSync(folder)) {
  console.error(`${folder} is there already: what a release has written must not be written anew.`);
  process.exitCode = 1;
} else {
  for (const [path, bytes] of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes);
  }
  console.log(`${files.size} files of format ${format} in ${folder}`);
}
