import type { Calibration } from './calibration.ts';

/** Texts with one more each that says the same in other words; those of two lines are unrelated. */
const PAIRS = [
  ['I am so tired, I hardly slept', 'barely got any sleep, feeling exhausted'],
  ['Where can I buy a used bicycle?', 'looking for a second-hand bike'],
  ['The concert was sold out', 'all tickets for the show were gone'],
  ['My tooth hurts, I should see a dentist', 'I need a dental appointment because of a toothache'],
  ['It is freezing outside', 'the weather is terribly cold today'],
  ['She speaks four languages', 'she is fluent in several tongues'],
  ['The program stops with an error at startup', 'when launched, the software fails'],
  ['How do I rename a column in SQL?', 'change the name of a table column in a database'],
  ['The invoice has not been paid', 'we are still waiting for the payment of the bill'],
  ['Remind me to call mum on Sunday', "don't let me forget to phone my mother this weekend"],
  ['We upgraded the laptop with more memory', 'the notebook got additional RAM'],
  ['The cake needs an hour in the oven', 'bake it for sixty minutes'],
] as const;

/** What a model is asked to embed in order to be calibrated. */
export const PROBE_TEXTS: readonly string[] = PAIRS.flat();

/** For a model of which nothing is known, and which cannot be asked. */
const TYPICAL: Calibration = { unrelated: 0.1, related: 0.45 };

/** @param vectors of {@link PROBE_TEXTS}, normalised, one after the other */
export function calibrate(vectors: Float32Array): Calibration {
  const dimensions = vectors.length / PROBE_TEXTS.length;
  const cosineOf = (a: number, b: number): number => {
    let cosine = 0;
    for (let at = 0; at < dimensions; at += 1) {
      cosine += (vectors[a * dimensions + at] ?? 0) * (vectors[b * dimensions + at] ?? 0);
    }
    return cosine;
  };
  let paired = 0;
  let crossed = 0;
  for (const [line] of PAIRS.entries()) {
    for (const [other] of PAIRS.entries()) {
      const cosine = cosineOf(2 * line, 2 * other + 1);
      if (line === other) paired += cosine / PAIRS.length;
      else crossed += cosine / (PAIRS.length * (PAIRS.length - 1));
    }
  }
  // A model that tells nothing apart in these texts, perhaps one of another language.
  if (!(paired - crossed > 0.05)) return TYPICAL;
  return { unrelated: crossed, related: (paired + crossed) / 2 };
}
