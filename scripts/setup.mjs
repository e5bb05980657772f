/**
 * Brings a bare clone to life: `node scripts/setup.mjs [--browser]`.
 *
 * Every npm script starts with it, because install scripts and npm's `pre` hooks are switched off in
 * `.npmrc`. It imports nothing but Node's own modules, as it runs before there are any others.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findBrowser } from './find-browser.mjs';

const root = new URL('../', import.meta.url);
const cwd = fileURLToPath(root);

requireNode();
installDependencies();
if (process.argv.includes('--browser')) await provideBrowser();

function requireNode() {
  const needed = readPackage().engines.node.replace('>=', '');
  const [major = 0, minor = 0] = needed.split('.').map(Number);
  const [ownMajor = 0, ownMinor = 0] = process.versions.node.split('.').map(Number);
  if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return;
  fail(`Node ${needed} or newer is needed, and this is ${process.versions.node}: see nodejs.org.`);
}

function installDependencies() {
  const stamp = new URL('node_modules/.setup-stamp', root);
  const state = installationState();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return;

  say('Installing the locked dependencies …');
  if (!run('npm', ['ci', '--ignore-scripts', '--loglevel=error'])) {
    fail('The dependencies could not be installed: `npm ci` says why above.');
  }
  // Last, so that an interrupted installation is not taken for a finished one.
  writeFileSync(stamp, state);
}

/** What decides whether an installation is still right: the lock, and whose binaries it fetched. */
function installationState() {
  const lock = readFileSync(new URL('package-lock.json', root));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
}

async function provideBrowser() {
  const hasBrowser = async () =>
    (await findBrowser().catch((/** @type {Error} */ error) => fail(error.message))) !== undefined;

  for (const provide of [downloadBrowser, installDebianBrowser]) {
    if (await hasBrowser()) return;
    provide();
  }
  if (await hasBrowser()) return;
  fail(
    'No Chromium-based browser was found and none could be installed: install Chrome, Chromium or Edge, or set FFDB_BROWSER to the path of one.',
  );
}

function downloadBrowser() {
  say('No browser is installed. Downloading Chromium with Playwright …');
  const cli = fileURLToPath(new URL('node_modules/playwright/cli.js', root));
  run(process.execPath, [cli, 'install', 'chromium'], {
    stdio: 'ignore',
    timeout: 300_000,
    // Behind a firewall that drops packets each of Playwright's attempts would wait for half a minute.
    env: { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '8000' },
  });
}

function installDebianBrowser() {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync('/etc/debian_version')) return;

  say('The download did not work. Installing Chromium with apt-get …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], { stdio: 'ignore', env });
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
    stdio: 'ignore',
    env,
  });
}

/** @returns {{ engines: { node: string } }} */
function readPackage() {
  return JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
}

/**
 * Whether the command ran and succeeded.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnSyncOptions} [options]
 */
function run(command, args, options) {
  // On Windows npm is a batch file, which only a shell can start.
  const shell = process.platform === 'win32' && command === 'npm';
  return spawnSync(command, args, { cwd, stdio: 'inherit', shell, ...options }).status === 0;
}

/** @param {string} sentence */
function say(sentence) {
  console.log(sentence);
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
