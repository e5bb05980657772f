import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright';
import { findBrowser } from './find-browser.mjs';

/**
 * A browser that belongs to this process.
 *
 * @typedef {object} LaunchedBrowser
 * @property {import('playwright').Browser} browser
 * @property {import('playwright').BrowserContext} context the profile's own: what its pages store is
 *   there when a browser is launched on the profile again
 * @property {() => Promise<import('playwright').Page>} page opens a tab
 * @property {number} pid
 * @property {() => Promise<void>} kill ends all its processes at once, as a crash would; resolves
 *   when they are gone
 * @property {() => Promise<void>} close ends it the polite way; does nothing when it has ended
 */

const STARTING_MS = 60_000;
const CLOSING_MS = 10_000;

/** Names by which this machine is reached, and no other is. */
const ONLY_THIS_MACHINE = 'MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';

/** Flags for every browser that tests and examples run in: nothing is asked of the network. */
export const browserFlags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-default-browser-check',
  '--no-first-run',
  // A page that reaches for another machine fails, instead of making a test depend on it.
  `--host-resolver-rules=${ONLY_THIS_MACHINE}`,
  // Containers give /dev/shm 64 MB, and a browser that fills it crashes.
  '--disable-dev-shm-usage',
  // Chromium refuses to run as root with its sandbox on.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/**
 * Starts a headless browser in processes of its own, unlike Playwright's `launch`, whose browser
 * cannot be killed outright and started again on the same profile.
 *
 * @param {string} [profile] folder of the user data; default: a new one, deleted afterwards
 * @param {object} [options]
 * @param {string} [options.alias] one more name for this machine; what is served by it over HTTP is no
 *   secure context, unlike what comes from `localhost`
 * @returns {Promise<LaunchedBrowser>}
 */
export async function launchBrowser(profile, { alias } = {}) {
  const userData = profile ?? (await mkdtemp(join(tmpdir(), 'flatfile-chat-profile-')));
  const child = await startProcess(userData, alias);
  // Not 'exit': the streams close when the last process of the group has gone, renderers included.
  const gone = once(child, 'close').then(async () => {
    if (profile === undefined) await rm(userData, { recursive: true, force: true });
  });

  const kill = async () => {
    killGroup(child);
    await gone;
  };

  try {
    const browser = await chromium.connectOverCDP(await debuggerUrl(child));
    const [context] = browser.contexts();
    if (context === undefined) throw new Error('The browser has no default context.');
    return {
      browser,
      context,
      page: () => context.newPage(),
      pid: pidOf(child),
      kill,
      close: async () => {
        const deadline = setTimeout(() => killGroup(child), CLOSING_MS);
        // Fails when the browser has ended already, or ends before it has answered.
        await askToClose(browser).catch(() => undefined);
        await gone;
        clearTimeout(deadline);
      },
    };
  } catch (error) {
    await kill();
    throw error;
  }
}

/**
 * Not `browser.close()`, which would only let go of a browser that Playwright did not start.
 *
 * @param {import('playwright').Browser} browser
 */
async function askToClose(browser) {
  const session = await browser.newBrowserCDPSession();
  await session.send('Browser.close');
}

/**
 * @param {string} userData
 * @param {string | undefined} alias
 */
async function startProcess(userData, alias) {
  const executable = await findBrowser();
  if (executable === undefined) {
    throw new Error('No browser was found: `node scripts/setup.mjs --browser` provides one.');
  }
  const flags = [
    ...browserFlags,
    // The last one of a kind counts.
    ...(alias === undefined
      ? []
      : [`--host-resolver-rules=MAP ${alias} 127.0.0.1, ${ONLY_THIS_MACHINE}`]),
    '--headless=new',
    `--user-data-dir=${userData}`,
    '--remote-debugging-port=0',
    // A second way in, unused: a browser whose debugging pipe closes ends itself, and the pipe
    // closes however this process ends. No browser outlives the test that started it.
    '--remote-debugging-pipe',
    '--hide-crash-restore-bubble',
    '--password-store=basic',
    '--use-mock-keychain',
    'about:blank',
  ];
  const child = spawn(executable, flags, {
    // A process group of its own is what can be killed whole.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  await once(child, 'spawn');
  return child;
}

/**
 * The browser says where it listens, once it does.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<string>}
 */
async function debuggerUrl(child) {
  if (child.stderr === null) throw new Error('The browser was started without its error stream.');
  // Stays open afterwards: a browser whose error stream nobody reads stalls when it is full.
  const lines = createInterface({ input: child.stderr });
  const tooLate = setTimeout(() => lines.close(), STARTING_MS);
  /** @type {string[]} */
  const printed = [];
  try {
    return await new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        const [, url] = /^DevTools listening on (ws:\S+)/.exec(line) ?? [];
        if (url !== undefined) resolve(url);
        if (printed.length < 100) printed.push(line);
      });
      lines.once('close', () =>
        reject(new Error(`The browser did not start. It printed:\n${printed.join('\n')}`)),
      );
    });
  } finally {
    clearTimeout(tooLate);
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function killGroup(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', `${pidOf(child)}`, '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pidOf(child), 'SIGKILL');
  } catch (error) {
    // The group may have ended a moment ago, before this process was told.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function pidOf(child) {
  if (child.pid === undefined) throw new Error('The browser has no process.');
  return child.pid;
}
