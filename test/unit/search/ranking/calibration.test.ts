import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate, PROBE_TEXTS } from '../../../../worker/search/ranking/calibration-probe.ts';
import {
  CALIBRATIONS,
  RELATED,
  toCosine,
  toSimilarity,
} from '../../../../worker/search/ranking/calibration.ts';

const anyCosine = fc.double({ min: -1.01, max: 1.01, noNaN: true });
const anyCalibration = fc
  .tuple(
    fc.double({ min: -0.2, max: 0.8, noNaN: true }),
    fc.double({ min: 0.01, max: 0.15, noNaN: true }),
  )
  .map(([unrelated, more]) => ({ unrelated, related: unrelated + more }));

describe('toSimilarity', () => {
  it('grows from 0 to 1 with the cosine', () => {
    fc.assert(
      fc.property(anyCosine, anyCosine, anyCalibration, (a, b, calibration) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(toSimilarity(low, calibration)).toBeLessThanOrEqual(toSimilarity(high, calibration));
        expect(toSimilarity(low, calibration)).toBeGreaterThanOrEqual(0);
        expect(toSimilarity(high, calibration)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([...CALIBRATIONS])('has its fixed points with %s', (_, calibration) => {
    expect(toSimilarity(-1, calibration)).toBe(0);
    expect(toSimilarity(calibration.unrelated, calibration)).toBe(0);
    expect(toSimilarity(calibration.related, calibration)).toBeCloseTo(RELATED, 9);
    expect(toSimilarity(1, calibration)).toBe(1);
    expect(toSimilarity(Number.NaN, calibration)).toBe(0);
  });
});

describe('toCosine', () => {
  it('is the inverse', () => {
    const anySimilarity = fc.double({ min: 0.001, max: 1, noNaN: true });
    fc.assert(
      fc.property(anySimilarity, anyCalibration, (similarity, calibration) => {
        const cosine = toCosine(similarity, calibration);
        expect(toSimilarity(cosine, calibration)).toBeCloseTo(similarity, 9);
      }),
    );
  });

  it('lets everything through at 0', () => {
    expect(toCosine(0, { unrelated: 0.8, related: 0.9 })).toBe(-1);
  });
});

describe('calibrate', () => {
  /** Vectors of a model for which paraphrases have one cosine, and unrelated texts another. */
  function vectorsWith(unrelated: number, paired: number): Float32Array {
    const pairs = PROBE_TEXTS.length / 2;
    // One direction that all share, one for each pair, and one for each text.
    const dimensions = 1 + pairs + PROBE_TEXTS.length;
    const vectors = new Float32Array(PROBE_TEXTS.length * dimensions);
    for (const text of PROBE_TEXTS.keys()) {
      vectors[text * dimensions] = Math.sqrt(unrelated);
      vectors[text * dimensions + 1 + (text >> 1)] = Math.sqrt(paired - unrelated);
      vectors[text * dimensions + 1 + pairs + text] = Math.sqrt(1 - paired);
    }
    return vectors;
  }

  it('draws the line halfway between unrelated texts and paraphrases', () => {
    const { unrelated, related } = calibrate(vectorsWith(0.7, 0.9));
    expect(unrelated).toBeCloseTo(0.7, 5);
    expect(related).toBeCloseTo(0.8, 5);
  });

  it('falls back to what is typical when the texts mean nothing to the model', () => {
    const { unrelated, related } = calibrate(vectorsWith(0.5, 0.5));
    expect(related).toBeGreaterThan(unrelated);
    expect(related).toBe(0.45);
    expect(calibrate(new Float32Array())).toEqual({ unrelated, related });
  });
});
