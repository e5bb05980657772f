/**
 * `npm run bench:search`: how fast, how large and how soon ready search is, beside SQLite with FTS5,
 * Orama and MiniSearch, in headless Chromium, each on a profile of its own.
 *
 * Repetitions go through all systems before the next one begins, so that what else happens on the
 * machine hits all of them. Compare ratios, not figures, between machines. The last line printed is
 * the report as JSON.
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { say, secondsSince } from '../../examples/runner/output.mjs';
import { serveBuiltPage } from '../support/pages.mjs';
import { measureText, measureVectors } from './measure.mjs';
import { printRows, reportRows } from './report.mjs';
import { OWN, rowsFor, TEXT_SYSTEMS, VECTOR_SYSTEMS } from './rows.mjs';
import { FOLLOW_WASM } from './worker-memory.mjs';

const PAGE_FOLDER = fileURLToPath(new URL('page/', import.meta.url));

const USAGE = `Usage: npm run bench:search [-- OPTIONS]
  --quick            small, once: a minute or two, to see that everything works
  --only A,B         parts (text, vectors) or systems (${TEXT_SYSTEMS.join(', ')}); default: all
  --messages N       default 100,000
  --vectors N        default 50,000
  --dimensions A,B   of the vectors; default: 384,256
  --repetitions N    default 3
  --json FILE        writes the report there, with the figures of each repetition`;

const FULL = { messages: '100000', vectors: '50000', dimensions: '384,256', repetitions: '3' };
const QUICK = { messages: '5000', vectors: '5000', dimensions: '256', repetitions: '1' };

const PARTS = ['text', 'vectors'];

await main();

async function main() {
  try {
    const { json, ...options } = readOptions();
    const app = await serveBuiltPage(PAGE_FOLDER, { workerPrelude: FOLLOW_WASM });
    try {
      const { results, failures } = await measureAll(app.url, options);
      const rows = reportRows(rowsFor(options.dimensions), results);
      const machine = { processors: cpus().length, model: cpus()[0]?.model };
      const report = { machine, ...options, rows, failures };
      printRows(rows);
      for (const failure of failures) say(`Failed: ${failure}`);
      if (failures.length > 0) process.exitCode = 1;
      if (json !== undefined) {
        await writeFile(json, `${JSON.stringify({ ...report, results }, undefined, 2)}\n`);
      }
      say(JSON.stringify(report));
    } finally {
      await app.close();
    }
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}

/**
 * @typedef {object} Options
 * @property {string[]} parts
 * @property {string[]} textSystems
 * @property {string[]} vectorSystems
 * @property {number} messages
 * @property {number} vectors
 * @property {number[]} dimensions
 * @property {number} repetitions
 */

/** @returns {Options & { json?: string }} */
function readOptions() {
  const text = /** @type {const} */ ({ type: 'string' });
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: text,
      messages: text,
      vectors: text,
      dimensions: text,
      repetitions: text,
      json: text,
    },
  });
  const defaults = values.quick ? QUICK : FULL;
  const only = values.only?.split(',') ?? [];
  if (!only.every((name) => [...PARTS, ...TEXT_SYSTEMS].includes(name))) throw new Error(USAGE);
  const chosen = (/** @type {readonly string[]} */ names) => {
    const named = names.filter((name) => only.includes(name));
    const isNoneNamed = names === PARTS ? named.length === 0 : !only.some(isSystem);
    return isNoneNamed ? [...names] : named;
  };
  return {
    parts: chosen(PARTS),
    textSystems: chosen(TEXT_SYSTEMS),
    vectorSystems: chosen(VECTOR_SYSTEMS),
    messages: count(values.messages ?? defaults.messages),
    vectors: count(values.vectors ?? defaults.vectors),
    dimensions: (values.dimensions ?? defaults.dimensions).split(',').map(count),
    repetitions: count(values.repetitions ?? defaults.repetitions),
    ...(values.json === undefined ? {} : { json: values.json }),
  };
}

/** @param {string} name */
function isSystem(name) {
  return TEXT_SYSTEMS.includes(name);
}

/** @param {string} value */
function count(value) {
  if (!/^[1-9]\d*$/.test(value)) throw new Error(USAGE);
  return Number(value);
}

/**
 * @param {string} url
 * @param {Options} options
 */
async function measureAll(url, options) {
  /** @type {import('./report.mjs').Result[]} */
  const results = [];
  /** @type {string[]} */
  const failures = [];
  for (let repetition = 0; repetition < options.repetitions; repetition++) {
    for (const { name, system, measure } of runsOf(url, options, repetition)) {
      const since = performance.now();
      const title = `${repetition + 1}/${options.repetitions} ${name}, ${system}`;
      try {
        results.push({ system, figures: await measure() });
        say(`${title}: ${secondsSince(since).toFixed(1)} s`);
      } catch (error) {
        const [firstLine] = messageOf(error).split('\n');
        failures.push(`${title}: ${firstLine}`);
        say(`${title}: failed`);
      }
    }
  }
  return { results, failures };
}

/**
 * All that is measured in one repetition. Each begins with another system: whoever comes first would
 * always find the machine as the last one left it.
 *
 * @param {string} url
 * @param {Options} options
 * @param {number} repetition
 */
function runsOf(url, options, repetition) {
  const { parts, textSystems, vectorSystems, messages, vectors, dimensions } = options;
  const text = rotate(textSystems, repetition).map((system) => ({
    name: `text, ${messages} messages`,
    system,
    measure: () => measureText(url, system, messages),
  }));
  const vector = dimensions.flatMap((length) =>
    rotate(vectorSystems, repetition).map((system) => ({
      name: `${vectors} vectors of ${length}`,
      system,
      measure: () => measureVectors(url, system, vectors, length, system === OWN),
    })),
  );
  return [...(parts.includes('text') ? text : []), ...(parts.includes('vectors') ? vector : [])];
}

/**
 * @param {readonly string[]} list
 * @param {number} by
 */
function rotate(list, by) {
  const start = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
