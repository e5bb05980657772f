/**
 * `npm run eval:search -- <conversation files or folders>`: how well search finds what answers a
 * question, measured through the public API in Chromium, beside two search libraries as they come.
 *
 * Each conversation becomes a user, each of its sessions a session, each turn a message. A question's
 * evidence is what should be found. The last line printed is the report as JSON.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { say, secondsSince } from '../../examples/runner/output.mjs';
import { inBrowser, serveBuiltPage } from '../support/pages.mjs';
import { readConversations } from './conversations.mjs';
import { findModel } from './models.mjs';
import { fraction, printTables, reportSystems, reportTextHits, turnKey } from './report.mjs';

const PAGE_FOLDER = fileURLToPath(new URL('page/', import.meta.url));

const USAGE = `Usage: npm run eval:search -- <conversation files or folders>
  --model NAME          static (the default), or a transformers.js model: Xenova/all-MiniLM-L6-v2
  --model-path FOLDER   holds the model's folder; default: node_modules/.cache/models
  --systems A,B         of text, vector, hybrid, orama, minisearch; default: all
  --limit-questions N   at most so many questions of each conversation
  --json FILE           writes the report there, with what was found for each question`;

/** As far as the measures look. */
const LIMIT = 10;

/** A large model takes minutes for a long conversation. */
const CALL_TIMEOUT_MS = 3_600_000;

const SYSTEMS = ['text', 'vector', 'hybrid', 'orama', 'minisearch'];

await main();

async function main() {
  try {
    const { values, positionals } = readArguments();
    const model = findModel(values.model, values['model-path']);
    const conversations = limitQuestions(
      readConversations(positionals),
      values['limit-questions'] === undefined ? Infinity : Number(values['limit-questions']),
    );
    const systems = values.systems?.split(',') ?? SYSTEMS;
    const app = await serveBuiltPage(PAGE_FOLDER, { addFiles: model.addFiles });
    try {
      const config = {
        ...model.config(app.url),
        runtime: { callTimeoutMs: CALL_TIMEOUT_MS },
      };
      const asked = await inBrowser(app.url, (page) => ask(page, config, conversations, systems));
      await report(values, conversations, systems, asked);
    } finally {
      await app.close();
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

function readArguments() {
  const parsed = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: 'string', default: 'static' },
      'model-path': { type: 'string' },
      systems: { type: 'string' },
      'limit-questions': { type: 'string' },
      json: { type: 'string' },
    },
  });
  const { systems, 'limit-questions': limit } = parsed.values;
  if (parsed.positionals.length === 0) throw new Error(USAGE);
  if (limit !== undefined && !/^[1-9]\d*$/.test(limit)) throw new Error(USAGE);
  if (systems?.split(',').some((system) => !SYSTEMS.includes(system))) throw new Error(USAGE);
  return parsed;
}

/**
 * @param {readonly import('./conversations.mjs').Conversation[]} conversations
 * @param {number} count
 */
function limitQuestions(conversations, count) {
  return conversations.map((conversation) => ({
    ...conversation,
    questions: conversation.questions.slice(0, count),
  }));
}

/**
 * @param {import('playwright').Page} page
 * @param {import('flatfile-chat').FFConfigInput} config
 * @param {readonly import('./conversations.mjs').Conversation[]} conversations
 * @param {readonly string[]} systems
 */
async function ask(page, config, conversations, systems) {
  await page.waitForFunction(() => 'evaluation' in globalThis);
  await page.evaluate((given) => evaluation.open(given), config);
  /** @type {import('./report.mjs').Asked[]} */
  const asked = [];
  for (const conversation of conversations) {
    const { name, sessions, questions } = conversation;
    const since = performance.now();
    await page.evaluate((json) => evaluation.add(json), JSON.stringify(conversation));
    const turns = sessions.reduce((sum, session) => sum + session.turns.length, 0);
    say(
      `${name}: ${turns} turns in ${sessions.length} sessions, there and indexed after ${secondsSince(since).toFixed(1)} s`,
    );
    /** @type {Record<string, import('./page/page.ts').Found[]>} */
    const foundBySystem = {};
    for (const system of systems) {
      foundBySystem[system] = await page.evaluate(
        ([which, json, limit]) => evaluation.ask(which, json, limit),
        /** @type {[string, string, number]} */ ([
          system,
          JSON.stringify(questions.map(({ question }) => question)),
          LIMIT,
        ]),
      );
    }
    questions.forEach((question, index) => {
      const found = systems.flatMap((system) => {
        const one = foundBySystem[system]?.[index];
        return one === undefined ? [] : [[system, one]];
      });
      asked.push({ conversation: name, question, foundBySystem: Object.fromEntries(found) });
    });
  }
  return asked;
}

/**
 * @param {{ model: string, json?: string }} options
 * @param {readonly import('./conversations.mjs').Conversation[]} conversations
 * @param {readonly string[]} systems
 * @param {readonly import('./report.mjs').Asked[]} asked
 */
async function report({ model, json }, conversations, systems, asked) {
  const turns = conversations.flatMap(({ name, sessions }) =>
    sessions.flatMap((session) =>
      session.turns.map(({ id, speaker, text }) => ({
        key: turnKey(name, id),
        text: `${speaker} ${text}`,
      })),
    ),
  );
  const result = {
    model,
    conversations: conversations.length,
    turns: turns.length,
    questions: asked.length,
    systems: reportSystems(asked, systems),
    ...(systems.includes('text')
      ? { textHits: reportTextHits(asked, new Map(turns.map(({ key, text }) => [key, text]))) }
      : {}),
  };
  printTables(result.systems);
  if (result.textHits !== undefined) {
    const { hits, shareWithStem, shareWithBeginning } = result.textHits;
    say(
      `Of ${hits} hits of text search, ${fraction(shareWithStem)} hold a word of the question in their text or their sender's name, ${fraction(shareWithBeginning)} one or what begins with it.`,
    );
  }
  if (json !== undefined) {
    await writeFile(json, `${JSON.stringify({ ...result, asked }, undefined, 2)}\n`);
  }
  say('');
  say(JSON.stringify(result));
}
