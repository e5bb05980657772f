import { say, sayTable } from '../../examples/runner/output.mjs';
import { qualityOf } from './metrics.mjs';
import { overlap, stemsOf } from './words.mjs';

const EXAMPLES = 10;

/**
 * One question, and what each system found for it.
 *
 * @typedef {object} Asked
 * @property {string} conversation
 * @property {import('./conversations.mjs').Question} question
 * @property {Record<string, import('./page/page.ts').Found>} foundBySystem
 */

/**
 * @typedef {object} SystemReport
 * @property {import('./metrics.mjs').Quality} overall
 * @property {Record<string, import('./metrics.mjs').Quality>} categories
 * @property {import('./metrics.mjs').Quality} zeroOverlap
 * @property {number} medianMs
 */

/**
 * @param {readonly Asked[]} asked
 * @param {readonly string[]} systems
 * @returns {Record<string, SystemReport>}
 */
export function reportSystems(asked, systems) {
  const categories = [...new Set(asked.map(({ question }) => question.category))].sort(
    (a, b) => a - b,
  );
  return Object.fromEntries(
    systems.map((system) => {
      const quality = (/** @type {(asked: Asked) => boolean} */ belongs) =>
        qualityOf(
          asked.filter(belongs).map(({ question, foundBySystem }) => ({
            found: foundBySystem[system]?.ids ?? [],
            relevant: question.evidence,
          })),
        );
      const times = asked.map(({ foundBySystem }) => foundBySystem[system]?.ms ?? 0);
      return [
        system,
        {
          overall: quality(() => true),
          categories: Object.fromEntries(
            categories.map((category) => [
              category,
              quality(({ question }) => question.category === category),
            ]),
          ),
          zeroOverlap: quality(({ question }) => question.isZeroOverlap),
          medianMs: times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0,
        },
      ];
    }),
  );
}

/**
 * Whether the hits of text search hold what they should, in the text or the sender's name: a word of
 * the question by its stem, or a word that begins with that stem, as `search.prefix` has it.
 *
 * @param {readonly Asked[]} asked
 * @param {ReadonlyMap<string, string>} textByKey name and text of each turn, see {@link turnKey}
 */
export function reportTextHits(asked, textByKey) {
  const hits = asked.flatMap(({ conversation, question: { question }, foundBySystem }) => {
    const queryStems = stemsOf(question);
    return (foundBySystem['text']?.ids ?? []).map((id) => {
      const stems = stemsOf(textByKey.get(turnKey(conversation, id)) ?? '');
      return {
        example: { conversation, question, id },
        holdsStem: overlap(queryStems, stems),
        holdsBeginning: [...stems].some((stem) =>
          [...queryStems].some((queryStem) => stem.startsWith(queryStem)),
        ),
      };
    });
  });
  const without = hits.filter(({ holdsBeginning }) => !holdsBeginning);
  return {
    hits: hits.length,
    shareWithStem: share(hits, ({ holdsStem }) => holdsStem),
    shareWithBeginning: share(hits, ({ holdsBeginning }) => holdsBeginning),
    examplesWithout: without.slice(0, EXAMPLES).map(({ example }) => example),
  };
}

/**
 * @param {string} conversation
 * @param {string} id
 */
export function turnKey(conversation, id) {
  return `${conversation}/${id}`;
}

/**
 * @template T
 * @param {readonly T[]} list
 * @param {(item: T) => boolean} belongs
 */
function share(list, belongs) {
  return list.length === 0 ? 1 : list.filter(belongs).length / list.length;
}

/** @param {Record<string, SystemReport>} reports */
export function printTables(reports) {
  const systems = Object.entries(reports);
  const categories = Object.keys(systems[0]?.[1].categories ?? {});
  say('');
  say('Means over all questions:');
  sayTable(
    ['system', 'questions', 'recall@5', 'recall@10', 'MRR@10', 'median ms'],
    systems.map(([system, { overall, medianMs }]) => [
      system,
      overall.questions,
      fraction(overall.recall5),
      fraction(overall.recall10),
      fraction(overall.mrr10),
      medianMs,
    ]),
  );
  say('Recall@5, recall@10 and MRR@10 by category, and where no word is shared with the evidence:');
  sayTable(
    ['system', ...categories.map((category) => `category ${category}`), 'zero overlap'],
    [
      ...systems.map(([system, { categories: byCategory, zeroOverlap }]) => [
        system,
        ...[...Object.values(byCategory), zeroOverlap].map(
          ({ recall5, recall10, mrr10 }) =>
            `${fraction(recall5)} ${fraction(recall10)} ${fraction(mrr10)}`,
        ),
      ]),
      [
        '(questions)',
        ...Object.values(systems[0]?.[1].categories ?? {}).map(({ questions }) => `${questions}`),
        `${systems[0]?.[1].zeroOverlap.questions ?? 0}`,
      ],
    ],
  );
}

/** @param {number} value 0 to 1 */
export function fraction(value) {
  return value.toFixed(3).replace(/^0/, '');
}
