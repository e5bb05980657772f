import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * The executable of a Chromium-based browser, or `undefined` where there is none: the one that
 * `FFDB_BROWSER` names, else Playwright's own, else an installed one.
 *
 * @returns {Promise<string | undefined>}
 * @throws when `FFDB_BROWSER` names no file: another browser than the chosen one would surprise
 */
export async function findBrowser() {
  const chosen = process.env['FFDB_BROWSER'];
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new Error(`FFDB_BROWSER is ${chosen}, and there is no such file.`);
  }
  for (const path of [await playwrightBrowser(), ...installedBrowsers()]) {
    if (path !== undefined && existsSync(path) && canStart(path)) return path;
  }
  return undefined;
}

/** Where Playwright keeps the Chromium that belongs to its version, whether it is there or not. */
async function playwrightBrowser() {
  // Not a static import: setup loads this module before the dependencies are installed.
  const { chromium } = await import('playwright');
  return chromium.executablePath();
}

/** The usual places of this system, the likeliest to work first. */
function installedBrowsers() {
  switch (process.platform) {
    case 'darwin':
      return macApplications();
    case 'win32':
      return windowsPrograms();
    default:
      return linuxPrograms();
  }
}

function macApplications() {
  const names = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
  return names.flatMap((name) =>
    ['/Applications', join(homedir(), 'Applications')].map((folder) =>
      join(folder, `${name}.app`, 'Contents', 'MacOS', name),
    ),
  );
}

function windowsPrograms() {
  const folders = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(
    (name) => process.env[name] ?? [],
  );
  const programs = [
    ['Google', 'Chrome', 'Application', 'chrome.exe'],
    ['Chromium', 'Application', 'chrome.exe'],
    ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
  ];
  return programs.flatMap((program) => folders.map((folder) => join(folder, ...program)));
}

function linuxPrograms() {
  const names = [
    'google-chrome-stable',
    'google-chrome',
    'chromium',
    'chromium-browser',
    'microsoft-edge-stable',
    'microsoft-edge',
  ];
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/local/bin',
    '/usr/bin',
    '/opt/google/chrome',
    '/snap/bin',
  ];
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/**
 * Downloaded browsers miss system libraries on a bare Linux, and Ubuntu's `chromium-browser` is a
 * stub that only prints advice: a file that exists need not be a browser that runs.
 *
 * @param {string} path
 */
function canStart(path) {
  // Elsewhere a browser is complete once it is there, and Windows would open a window for this.
  if (process.platform !== 'linux') return true;
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0;
}
