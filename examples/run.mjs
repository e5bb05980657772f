/**
 * `npm run example -- [FILE …]`: runs the workflow of the API reference, imports conversation files
 * into a browser, restarts the browser, and compares what is there with what the files say.
 *
 * A file holds one message tree on each line, as the Open-Assistant exports do. Exits with 1 when
 * anything differs.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../scripts/launch-browser.mjs';
import { serveSource } from '../scripts/serve.mjs';
import { importFile } from './runner/import.mjs';
import { say, sayTable, secondsSince } from './runner/output.mjs';
import { search } from './runner/search.mjs';
import { verifyFile } from './runner/verify.mjs';
import { spread } from './runner/words.mjs';

const SAMPLE = fileURLToPath(new URL('sample-trees.jsonl', import.meta.url));
const PAGE_FOLDER = fileURLToPath(new URL('page/', import.meta.url));

const QUERIES = 8;
const DIFFERENCES_SHOWN = 20;

/** What the workflow prints on a fresh profile. */
const WORKFLOW_OUTPUT = ['Found 2 messages about API', 'User has 1 sessions with 3 messages'];

await main(process.argv.slice(2));

/** @param {readonly string[]} args */
async function main(args) {
  const unknown = args.find((arg) => arg.startsWith('-') || !existsSync(arg));
  if (unknown !== undefined) {
    process.stderr.write(
      `${unknown}: there is no such file.\nUsage: npm run example -- [FILE …]\n`,
    );
    process.exitCode = 1;
    return;
  }
  const profile = await mkdtemp(join(tmpdir(), 'flatfile-chat-example-'));
  const app = await serveSource(PAGE_FOLDER);
  try {
    const problems = await run(args.length > 0 ? [...new Set(args)] : [SAMPLE], app.url, profile);
    for (const problem of problems.slice(0, DIFFERENCES_SHOWN)) say(`  ${problem}`);
    if (problems.length > DIFFERENCES_SHOWN) say(`  … ${problems.length} in all`);
    say(
      problems.length === 0
        ? 'Everything is as the files say.'
        : 'Not everything is as it should be.',
    );
    if (problems.length > 0) process.exitCode = 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    await app.close();
    await rm(profile, { recursive: true, force: true });
  }
}

/**
 * @param {readonly string[]} files
 * @param {string} url
 * @param {string} profile
 * @returns {Promise<string[]>} what is not as it should be
 */
async function run(files, url, profile) {
  /** @type {string[]} */
  const problems = [];
  const startedAt = Date.now();

  const imports = await inBrowser(profile, url, async (page) => {
    say('The complete workflow of the API reference:');
    const lines = await page.evaluate(() => example.workflow());
    for (const line of lines) say(`  ${line}`);
    if (lines.join('\n') !== WORKFLOW_OUTPUT.join('\n')) {
      problems.push(`workflow: expected ${WORKFLOW_OUTPUT.join(' / ')}`);
    }

    say(`Importing into ${await page.evaluate(() => example.open())}:`);
    const done = [];
    for (const file of files) done.push(await importFile(page, file, nameOf(file, files)));
    return done;
  });

  say('Restarting the browser, reading everything back:');
  await inBrowser(profile, url, async (page) => {
    await page.evaluate(() => example.open());
    const sessionIdByPlace = await page.evaluate(() => example.listByPlace());
    const queries = spread(
      imports.flatMap(({ words }) => words),
      QUERIES,
    );

    /** @type {Awaited<ReturnType<typeof verifyFile>>[]} */
    const verified = [];
    for (const imported of imports) {
      verified.push(await verifyFile(page, imported, { sessionIdByPlace, startedAt, queries }));
    }
    const expectedSessions = imports.reduce((sum, { trees }) => sum + trees, 0);
    const sessions = Object.keys(sessionIdByPlace).length;
    if (sessions !== expectedSessions) {
      problems.push(`sessions: expected ${expectedSessions}, got ${sessions}`);
    }
    problems.push(...verified.flatMap((result) => result.problems));
    sayTable(
      ['file', 'trees', 'messages', 'import s', 'read s', 'differences'],
      imports.map(({ name, trees, messages, seconds }, index) => {
        const result = verified[index];
        return [name, trees, messages, seconds, result?.seconds ?? 0, result?.problems.length ?? 0];
      }),
    );

    const holders = new Map(
      queries.map((query) => [
        query,
        verified.flatMap(({ idsByQuery }) => idsByQuery.get(query) ?? []),
      ]),
    );
    const searches = [];
    for (const [query, ids] of holders) searches.push(await search(page, query, ids));
    problems.push(...searches.flatMap((result) => result.problems));
    sayTable(
      ['search', 'hits', 'hold the very word', 'ms', 'faults'],
      searches.map(({ query, hits, exact, ms, problems: found }) => [
        query,
        hits,
        exact,
        ms,
        found.length,
      ]),
    );
  });
  return problems;
}

/**
 * Short where that is enough to tell a file from the others.
 *
 * @param {string} file
 * @param {readonly string[]} files
 */
function nameOf(file, files) {
  const name = basename(file);
  return files.every((other) => other === file || basename(other) !== name) ? name : file;
}

/**
 * Runs a task in a browser of its own on the profile, and ends the browser.
 *
 * @template T
 * @param {string} profile
 * @param {string} url
 * @param {(page: import('playwright').Page) => Promise<T>} task
 */
async function inBrowser(profile, url, task) {
  const since = performance.now();
  const launched = await launchBrowser(profile);
  try {
    const page = await launched.page();
    page.on('pageerror', ({ message }) => say(`  in the page: ${message}`));
    await page.goto(url);
    await page.waitForFunction(() => 'example' in globalThis);
    say(
      `  Chromium ${launched.browser.version()} is there after ${secondsSince(since).toFixed(1)} s`,
    );
    return await task(page);
  } finally {
    await launched.close();
  }
}
