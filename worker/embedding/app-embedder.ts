import type { FFEmbedder } from '../../src/shared/embedding.ts';
import { FFValidationError } from '../../src/shared/errors.ts';
import { BatchQueue } from './batch-queue.ts';
import type { Embedder } from './embedder.ts';

/** {@link FFEmbedder} promises the app that it is never asked for more. */
const MAX_BATCH = 32;
const MAX_DIMENSIONS = 4_096;

type Answer = readonly (Float32Array | readonly number[])[];

/** The stamp of an app's embedder; undefined when it does not say how long its vectors are. */
export function appStamp({ id, dimensions }: FFEmbedder): string | undefined {
  return dimensions === undefined ? undefined : stampOf(id, dimensions);
}

function stampOf(id = 'custom', dimensions: number): string {
  return `app/${id}/${dimensions}`;
}

/** Wraps an app's embedder, whose answers are checked: they come from code that is not ours. */
export async function loadAppEmbedder(app: FFEmbedder, signal: AbortSignal): Promise<Embedder> {
  const dimensions = app.dimensions ?? (await probe(app));
  const queue = new BatchQueue({
    dimensions,
    size: MAX_BATCH,
    run: async (texts) => normalised(await app.embed(texts), texts.length, dimensions),
  });
  signal.addEventListener('abort', () => queue.close());
  if (signal.aborted) queue.close();
  return {
    stamp: stampOf(app.id, dimensions),
    dimensions,
    embed: (texts) => queue.embed(texts),
    close: () => queue.close(),
  };
}

async function probe(app: FFEmbedder): Promise<number> {
  const answer: unknown = await app.embed(['dimensions']);
  const length = Array.isArray(answer) ? lengthOf(answer[0]) : 0;
  if (length < 1 || length > MAX_DIMENSIONS) {
    refuse(
      `must give vectors of 1 to ${MAX_DIMENSIONS} numbers; for one text came ${show(answer)}`,
    );
  }
  return length;
}

function normalised(answer: Answer, count: number, dimensions: number): Float32Array {
  // The types are only a promise: it may be JavaScript that answers.
  if (!Array.isArray(answer)) {
    refuse(`must give an array with a vector for each text; it gave ${show(answer)}`);
  }
  if (answer.length !== count) {
    refuse(`must give a vector for each text; it gave ${answer.length} for ${count}`);
  }
  const vectors = new Float32Array(count * dimensions);
  answer.forEach((vector: unknown, index) => {
    if (lengthOf(vector) !== dimensions) {
      refuse(
        `must give vectors of ${dimensions} numbers; vector ${index} is ${show(vector)}. After a change of model it needs another id`,
      );
    }
    writeNormalised(vector as ArrayLike<unknown>, vectors, index * dimensions, index);
  });
  return vectors;
}

function writeNormalised(
  vector: ArrayLike<unknown>,
  target: Float32Array,
  offset: number,
  index: number,
): void {
  let squares = 0;
  for (let position = 0; position < vector.length; position += 1) {
    const value = vector[position];
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      refuse(`must give finite numbers; vector ${index} holds ${show(value)} at ${position}`);
    }
    squares += value * value;
  }
  // Too large, or too small, for their squares to be summed up.
  if (squares === Number.POSITIVE_INFINITY) refuse(`must give vectors of a finite length`);
  if (squares === 0) return;
  const factor = 1 / Math.sqrt(squares);
  for (let position = 0; position < vector.length; position += 1) {
    target[offset + position] = (vector[position] as number) * factor;
  }
}

/** The length of what can be a vector; 0 for anything else. */
function lengthOf(vector: unknown): number {
  return vector instanceof Float32Array || Array.isArray(vector) ? vector.length : 0;
}

function show(value: unknown): string {
  if (value instanceof Float32Array) return `a Float32Array of ${value.length}`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function refuse(problem: string): never {
  throw new FFValidationError(`embedder.embed: ${problem}.`, { field: 'embedder' });
}
