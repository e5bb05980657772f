import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadStaticModel, type StaticModel } from '../../../../embed/static/static-model.ts';
import {
  CALIBRATIONS,
  RELATED,
  toSimilarity,
} from '../../../../worker/search/ranking/calibration.ts';
import { paraphrases, type TextPair, unrelated } from './paraphrases.ts';

// The evidence for the calibration of the default model: see the rates, not single pairs.
describe('the static model at the default threshold', () => {
  let model: StaticModel;

  beforeAll(async () => {
    const bytes = await readFile('models/static-en.bin');
    model = loadStaticModel(new Uint8Array(bytes).buffer);
  });

  /** The share of the pairs that count as related, the second text said by somebody or by nobody. */
  function relatedShare(pairs: readonly TextPair[], sender = ''): number {
    const calibration = CALIBRATIONS.get('static-en:');
    if (calibration === undefined) throw new Error('the model has no calibration');
    const related = pairs.filter(([text, other]) => {
      const vectors = model.embed([text, sender + other]);
      let cosine = 0;
      for (let i = 0; i < model.dimensions; i += 1) {
        cosine += (vectors[i] ?? 0) * (vectors[model.dimensions + i] ?? 0);
      }
      return toSimilarity(cosine, calibration) >= RELATED;
    });
    return related.length / pairs.length;
  }

  /** All texts with all others but their own paraphrase; some few are about the same thing. */
  const crossed = paraphrases.flatMap(([text], at) =>
    paraphrases.flatMap(([, other], otherAt): TextPair[] =>
      at === otherAt ? [] : [[text, other]],
    ),
  );

  it.each(['', 'Maria says: '])(
    'lets paraphrases through and keeps others out, said by "%s"',
    (sender) => {
      expect(relatedShare(paraphrases, sender)).toBeGreaterThanOrEqual(0.9);
      expect(relatedShare(unrelated, sender)).toBe(0);
      expect(relatedShare(crossed, sender)).toBeLessThanOrEqual(0.01);
    },
  );
});
