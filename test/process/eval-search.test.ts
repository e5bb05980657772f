import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConversations } from '../../bench/eval/conversations.mjs';
import { qualityOf, recallAt, reciprocalRankAt } from '../../bench/eval/metrics.mjs';
import { ROOT } from '../support/run.ts';

const CONVERSATION = fileURLToPath(new URL('support/conversation.json', import.meta.url));

const SYSTEMS = ['text', 'vector', 'hybrid', 'orama', 'minisearch'];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flatfile-chat-eval-test-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the measures', () => {
  it('count what is relevant among the first that were found', () => {
    const answer = { found: ['c', 'a', 'd', 'b'], relevant: ['a', 'b', 'x'] };
    expect(recallAt(answer, 1)).toBe(0);
    expect(recallAt(answer, 3)).toBe(1 / 3);
    expect(recallAt(answer, 10)).toBe(2 / 3);
    expect(reciprocalRankAt(answer, 10)).toBe(1 / 2);
    expect(reciprocalRankAt(answer, 1)).toBe(0);
  });

  it('are means over questions, and zero without any', () => {
    const missed = { found: ['c'], relevant: ['a'] };
    const second = { found: ['c', 'a'], relevant: ['a'] };
    expect(qualityOf([missed, second])).toStrictEqual({
      questions: 2,
      recall5: 0.5,
      recall10: 0.5,
      mrr10: 0.25,
    });
    expect(qualityOf([])).toStrictEqual({ questions: 0, recall5: 0, recall10: 0, mrr10: 0 });
  });

  it('agree with counting by hand', () => {
    const id = fc.integer({ min: 1, max: 16 }).map((number) => `D1:${number}`);
    const answer = fc.record({
      found: fc.uniqueArray(id, { maxLength: 16 }),
      relevant: fc.uniqueArray(id, { minLength: 1, maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 8 }), (answers) => {
        const { recall5, recall10, mrr10 } = qualityOf(answers);
        const byHand = measureByHand(answers);
        expect(recall5).toBeCloseTo(byHand.recall5, 10);
        expect(recall10).toBeCloseTo(byHand.recall10, 10);
        expect(mrr10).toBeCloseTo(byHand.mrr10, 10);
      }),
    );
  });
});

describe('a conversation file', () => {
  it('gives sessions in order, and the questions that can be answered from it', () => {
    const [conversation] = readConversations([CONVERSATION]);
    expect(conversation?.sessions.map(({ turns }) => turns.length)).toStrictEqual([16, 14]);
    expect(conversation?.sessions[1]?.turns[1]).toStrictEqual({
      id: 'D2:2',
      speaker: 'Priya',
      role: 'user',
      text: 'He loved the old harbour. We rented a rowing boat and nearly sank it.',
      timestamp: '2025-06-03T09:31:00.000Z',
    });

    const questions = conversation?.questions ?? [];
    expect(questions).toHaveLength(10);
    expect(questions[1]?.evidence).toStrictEqual(['D1:7', 'D2:14']);
    expect(questions[6]?.evidence).toStrictEqual(['D2:5']);
    expect(
      questions.filter(({ isZeroOverlap }) => isZeroOverlap).map(({ question }) => question),
    ).toStrictEqual([
      'Which weather ruined the garden?',
      'Was she nervous at her premiere?',
      'What did Tom lose, and what is left?',
    ]);
  });

  it('may hold several, with the sessions apart from the questions', async () => {
    const { qa, ...conversation } = JSON.parse(await readFile(CONVERSATION, 'utf8')) as {
      qa: unknown[];
    };
    await writeFile(
      join(folder, 'several.json'),
      JSON.stringify([
        { conversation, qa },
        { conversation, qa: qa.slice(0, 1) },
      ]),
    );
    const conversations = readConversations([folder]);
    expect(conversations.map(({ name }) => name)).toStrictEqual(['several-1', 'several-2']);
    expect(conversations.map(({ questions }) => questions.length)).toStrictEqual([10, 1]);
    expect(conversations[1]?.sessions).toHaveLength(2);
  });
});

describe('npm run eval:search', () => {
  it('prints what the hits of every system come to', async () => {
    const file = join(folder, 'report.json');
    const { code, output } = await runEvaluation([CONVERSATION, '--json', file]);
    expect(output).toMatch(/^conversation: 30 turns in 2 sessions/);
    expect(code).toBe(0);

    const { asked, ...report } = JSON.parse(await readFile(file, 'utf8')) as Report;
    expect(JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')).toStrictEqual(report);
    expect(report).toMatchObject({ model: 'static', conversations: 1, turns: 30, questions: 10 });
    expect(Object.keys(report.systems)).toStrictEqual(SYSTEMS);

    for (const [system, { overall, categories, zeroOverlap }] of Object.entries(report.systems)) {
      const answersOf = (belongs: (one: Asked) => boolean) =>
        asked.filter(belongs).map(({ question, foundBySystem }) => ({
          found: foundBySystem[system]?.ids ?? [],
          relevant: question.evidence,
        }));
      expectQuality(
        overall,
        answersOf(() => true),
      );
      for (const category of [1, 2, 3, 4]) {
        const answers = answersOf(({ question }) => question.category === category);
        expectQuality(categories[category], answers);
      }
      expectQuality(
        zeroOverlap,
        answersOf(({ question }) => question.isZeroOverlap),
      );
      expect(overall.questions).toBe(10);
      expect(zeroOverlap.questions).toBe(3);
      expect(output).toMatch(
        new RegExp(`^ +${system} +10 +${shown(overall.recall5)} +${shown(overall.recall10)} `, 'm'),
      );
    }

    // Most of the questions name what they are about, so whoever finds less than half is broken.
    for (const system of ['text', 'hybrid', 'minisearch']) {
      expect(report.systems[system]?.overall.recall10, system).toBeGreaterThan(0.5);
    }
    expect(report.textHits.hits).toBeGreaterThan(20);
    expect(report.textHits).toMatchObject({ shareWithBeginning: 1, examplesWithout: [] });
  });

  it('says how it is used when there is nothing to read', async () => {
    const { code, output } = await runEvaluation([]);
    expect(output).toMatch(/^Usage: npm run eval:search/);
    expect(code).toBe(1);
  });

  it('says which model is missing', async () => {
    const { code, output } = await runEvaluation([
      CONVERSATION,
      '--model',
      'no/model',
      '--model-path',
      folder,
    ]);
    expect(output).toContain(`There is no model no/model in ${folder}.`);
    expect(code).toBe(1);
  });
});

interface Answer {
  readonly found: readonly string[];
  readonly relevant: readonly string[];
}

interface Quality {
  readonly questions: number;
  readonly recall5: number;
  readonly recall10: number;
  readonly mrr10: number;
}

interface Asked {
  readonly question: {
    readonly category: number;
    readonly evidence: string[];
    readonly isZeroOverlap: boolean;
  };
  readonly foundBySystem: Record<string, { readonly ids: string[] }>;
}

interface Report {
  readonly systems: Record<
    string,
    {
      readonly overall: Quality;
      readonly categories: Record<string, Quality>;
      readonly zeroOverlap: Quality;
    }
  >;
  readonly textHits: { readonly hits: number };
  readonly asked: Asked[];
}

function expectQuality(quality: Quality | undefined, answers: readonly Answer[]): void {
  const byHand = measureByHand(answers);
  expect(quality?.questions).toBe(answers.length);
  expect(quality?.recall5).toBeCloseTo(byHand.recall5, 10);
  expect(quality?.recall10).toBeCloseTo(byHand.recall10, 10);
  expect(quality?.mrr10).toBeCloseTo(byHand.mrr10, 10);
}

/** Goes through the ranks one by one. */
function measureByHand(answers: readonly Answer[]): Omit<Quality, 'questions'> {
  let recall5 = 0;
  let recall10 = 0;
  let mrr10 = 0;
  for (const { found, relevant } of answers) {
    let isFirst = true;
    for (let rank = 1; rank <= 10; rank++) {
      const id = found[rank - 1];
      if (id === undefined || !relevant.includes(id)) continue;
      if (isFirst) mrr10 += 1 / rank / answers.length;
      isFirst = false;
      recall10 += 1 / relevant.length / answers.length;
      if (rank <= 5) recall5 += 1 / relevant.length / answers.length;
    }
  }
  return { recall5, recall10, mrr10 };
}

function shown(value: number): string {
  return value.toFixed(3).replace(/^0/, '').replace('.', '\\.');
}

async function runEvaluation(
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(process.execPath, ['bench/eval/run.mjs', ...args], { cwd: ROOT });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}
