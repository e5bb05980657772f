import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * The path of a file in a development dependency.
 *
 * @param {string} name
 * @param {string} path
 */
export function packageFile(name, path) {
  return join(dirname(require.resolve(`${name}/package.json`)), path);
}
