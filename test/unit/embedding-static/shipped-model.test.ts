import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATIC_STAMP } from '../../../embed/static/stamp.ts';
import { loadStaticModel } from '../../../embed/static/static-model.ts';
import { paraphrases } from './paraphrases.ts';

const bytes = readFileSync(new URL('../../../models/static-en.bin', import.meta.url));
const model = loadStaticModel(Uint8Array.from(bytes).buffer);

const similarity = (a: string, b: string): number => {
  const vectors = model.embed([a, b]);
  let sum = 0;
  for (let i = 0; i < model.dimensions; i += 1) sum += vectors[i]! * vectors[model.dimensions + i]!;
  return sum;
};

/** Questions, and what was said; the one in the same place answers it, with other words. */
const said = [
  ['Anna: My daughter caught a cold, so we stayed at home.', 'Is her child ill?'],
  ['Ben: I flew to Lisbon with my wife in May.', 'holiday trip abroad'],
  ['Cora: We adopted a kitten from the shelter!', 'Which pet did they get?'],
  ['Dan: The server ran out of memory and the deployment failed.', 'Why did the software crash?'],
  ['Eve: I finally quit smoking, three weeks now.', 'giving up cigarettes'],
  ['Finn: My boss offered me a higher salary.', 'Did he get more money at his job?'],
  ['Gina: The violin concert last night was wonderful.', 'classical music performance'],
  ['Hal: We baked two loaves of sourdough.', 'homemade bread'],
  ['Ida: My knee hurts after the marathon.', 'injury from running'],
  ['Jon: The landlord raised our rent again.', 'cost of the apartment'],
] as const;

describe('the model that comes with the package', () => {
  it('has the stamp that is known without loading it', () => {
    expect(model.stamp).toBe(STATIC_STAMP);
  });

  it('fits the size that it is to have', () => {
    expect(bytes.length).toBeLessThan(4_000_000);
    expect(model.dimensions).toBe(192);
  });

  it('finds what was said with other words', () => {
    const found = said.map(([, question], index) => {
      const scores = said.map(([message]) => similarity(message, question));
      return scores.indexOf(Math.max(...scores)) === index;
    });
    expect(found.filter(Boolean).length).toBeGreaterThanOrEqual(9);
  });

  it('tells what means the same from what only looks the same', () => {
    const right = paraphrases.filter(
      ([text, same, other]) => similarity(text, same) > similarity(text, other),
    );
    // A sum of words cannot get all of them: 49 of 50.
    expect(right.length).toBeGreaterThanOrEqual(47);
  });

  it('hears the topic, not the small talk around it', () => {
    const question = 'When did Maria go to the dentist?';
    const answer =
      'Maria: Hey Tom! Good to see you. I went to the dentist yesterday. How about you?';
    const chatter = 'Maria: Hey Tom! Good to see you. When did you get back? How about you?';
    expect(similarity(question, answer)).toBeGreaterThan(similarity(question, chatter) + 0.1);
  });

  it('makes vectors of length one, or of zeros, from any text, and always the same', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }), (texts) => {
        const vectors = model.embed(texts);
        expect(vectors).toHaveLength(texts.length * model.dimensions);
        expect(vectors).toEqual(model.embed(texts));
        for (const [index, text] of texts.entries()) {
          const vector = vectors.subarray(index * model.dimensions, (index + 1) * model.dimensions);
          const length = Math.hypot(...vector);
          expect(length === 0 ? 1 : length).toBeCloseTo(1, 5);
          expect(model.embed([text])).toEqual(vector.slice());
        }
      }),
    );
  });

  it.each(['', ' \n', '\u200b', '\ud800'])('has nothing to go by in %j', (text) => {
    expect(model.embed([text]).every((value) => value === 0)).toBe(true);
  });

  it('is not held up by a text without end', () => {
    const vector = model.embed([`start ${'x'.repeat(5_000_000)}`]);
    expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });

  it('tells texts of other languages apart', () => {
    const question = 'Wann kommt der Zug nach Hamburg?';
    expect(similarity(question, 'Der Zug nach Hamburg kommt um acht.')).toBeGreaterThan(
      similarity(question, 'Die Katze schläft auf dem Sofa.'),
    );
  });
});
