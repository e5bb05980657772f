/**
 * Runs the tests of many tabs in Firefox: `node scripts/test-firefox.mjs`. Where there is none it is
 * installed by `apt-get`, on Debian and as root; elsewhere the tests are skipped, with a message.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findFirefox } from './find-firefox.mjs';

if (findFirefox() === undefined) installDebianFirefox();

if (findFirefox() === undefined) {
  console.log('Skipped: there is no Firefox. Install one, or set FFDB_FIREFOX to its path.');
} else {
  const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [vitest, 'run', '--project', 'tabs'], {
    stdio: 'inherit',
    env: { ...process.env, FFDB_TABS_BROWSER: 'firefox' },
  });
  process.exitCode = status ?? 1;
}

function installDebianFirefox() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return;
  console.log('No Firefox is installed. Installing one with apt-get …');
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'firefox-esr']);
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync(command, args, { stdio: 'ignore', env });
}
