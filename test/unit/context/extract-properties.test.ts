import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConversation } from '../../../worker/context/conversation.ts';
import { extractContext } from '../../../worker/context/extract.ts';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import { message } from './conversations.ts';

const PIECES = [
  'Hi! ',
  'Ada Lovelace works at Acme Corp in Berlin. ',
  'The river flooded the old mill again, ',
  'because nobody repaired the dam. ',
  'Is the dam safe? ',
  'call bob@example.org or see https://x.example/a_(b) ',
  'on 5 May 2024 at 3pm for $20 or 3 kg. ',
  '**bold** `code()` [a link](http://y.example) ',
  '```\nlet x = 1;\n```\n',
  '\n- item\n',
  '| a | b |\n',
  '今天下雨，我们在家。',
  'Der Damm ist alt. ',
  '😀',
  '"',
  '\ud83d',
  '\u0000',
  'x'.repeat(300),
];

const MARKS = 'a . * _ [ ] ( ) ` ~ | # > - @ : / \\ < " 1 $'.split(' ').concat(' ', '\n');

const content = fc.oneof(
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...MARKS) }) },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.constantFrom(...PIECES), { maxLength: 8 })
      .map((parts) => parts.join('')),
  },
);

const messages: fc.Arbitrary<FFMessageDTO[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom('user', 'assistant', 'system', 'tool'),
      content,
      fc.option(fc.oneof(fc.constantFrom('Ada', 'Ada Lovelace', 'assistant'), fc.string()), {
        nil: undefined,
      }),
    ),
    { maxLength: 6 },
  )
  .map((turns) => turns.map(([role, text, name], index) => message(index + 1, role, text, name)));

const limits = fc.record({
  maxKeyPoints: fc.integer({ min: 1, max: 12 }),
  maxSummaryLength: fc.integer({ min: 20, max: 400 }),
});

/** Whether a text is made of whole sentences, in their order, with nothing but separators between. */
function isMadeOf(text: string, sentences: readonly string[]): boolean {
  if (text === '') return true;
  return sentences.some((sentence, index) => {
    if (sentence === '' || !text.startsWith(sentence)) return false;
    const rest = text.slice(sentence.length);
    const later = sentences.slice(index + 1);
    return ['', ' ', ' · '].some(
      (separator) => rest.startsWith(separator) && isMadeOf(rest.slice(separator.length), later),
    );
  });
}

describe('extractContext on any messages', () => {
  it('keeps to its limits and says nothing that was not said', async () => {
    await fc.assert(
      fc.asyncProperty(messages, limits, async (said, limit) => {
        const context = await extractContext(said, limit);
        const sentences = readConversation(said).sentences.map(({ text }) => text);
        expect(context === null).toBe(sentences.length === 0);
        if (context === null) return;

        const { summary, keyPoints, entities, confidence } = context;
        expect(summary).not.toBe('');
        expect(summary.length).toBeLessThanOrEqual(limit.maxSummaryLength);
        const isCut = summary.endsWith('…');
        const cutFrom = (sentence: string): boolean => sentence.startsWith(summary.slice(0, -1));
        expect(isMadeOf(summary, sentences) || (isCut && sentences.some(cutFrom))).toBe(true);

        expect(keyPoints.length).toBeLessThanOrEqual(limit.maxKeyPoints);
        expect(new Set(keyPoints.map((point) => point.toLowerCase())).size).toBe(keyPoints.length);
        for (const point of keyPoints) {
          expect(point.length).toBeLessThanOrEqual(200);
          expect(sentences.some((sentence) => sentence.startsWith(point))).toBe(true);
        }

        const everything = [...said.map((one) => one.content), ...sentences].join('\n');
        for (const values of Object.values(entities)) {
          expect(values.length).toBeGreaterThan(0);
          for (const value of values) expect(everything).toContain(value);
          expect(new Set(values.map((value) => value.toLowerCase())).size).toBe(values.length);
        }
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('gives the same for the same, and changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(messages, limits, async (said, limit) => {
        const before = structuredClone(said);
        const context = await extractContext(said, limit);
        expect(await extractContext(structuredClone(said), limit)).toEqual(context);
        expect(said).toEqual(before);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('is never less confident with another key point', async () => {
    await fc.assert(
      fc.asyncProperty(messages, limits, async (said, limit) => {
        const fewer = await extractContext(said, limit);
        const more = await extractContext(said, { ...limit, maxKeyPoints: limit.maxKeyPoints + 1 });
        expect(more?.confidence ?? 0).toBeGreaterThanOrEqual(fewer?.confidence ?? 0);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('takes no time out of proportion over a message that is made to be slow', async () => {
    const runs = [
      '.',
      '[',
      '`',
      '*a',
      '_a ',
      '<a ',
      '[a](',
      '> ',
      '- ',
      'a@',
      '1,',
      '1 ',
      '1 kg ',
      ')',
    ];
    const worst = [...runs, 'http://', 'a.', 'Abcd Efgh. ', 'Monday, ', '| ', '# ', '\\', '东'];
    const times: [string, number][] = [];
    for (const run of worst) {
      const said = [message(1, 'user', run.repeat(Math.floor(20_000 / run.length)))];
      const started = performance.now();
      await extractContext(said, { maxKeyPoints: 10, maxSummaryLength: 500 });
      times.push([run, performance.now() - started]);
    }
    // The square of such a length would take minutes; this allows for any slow machine.
    expect(times.filter(([, ms]) => ms > 5_000)).toEqual([]);
  }, 120_000);
});
