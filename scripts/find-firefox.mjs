import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The executable of a Firefox, or `undefined` where there is none: the one that `FFDB_FIREFOX` names,
 * else an installed one.
 *
 * @returns {string | undefined}
 */
export function findFirefox() {
  return [process.env['FFDB_FIREFOX'] ?? '', ...installed()].find(
    (path) => path !== '' && existsSync(path),
  );
}

function installed() {
  switch (process.platform) {
    case 'darwin':
      return ['/Applications/Firefox.app/Contents/MacOS/firefox'];
    case 'win32':
      return ['C:\\Program Files\\Mozilla Firefox\\firefox.exe'];
    default:
      return (process.env['PATH'] ?? '')
        .split(delimiter)
        .flatMap((folder) => ['firefox-esr', 'firefox'].map((name) => join(folder, name)));
  }
}
