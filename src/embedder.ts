import type { FFEmbedder } from './shared/embedding.ts';
import { FFValidationError } from './shared/errors.ts';
import type { OpenRequest } from './shared/host.ts';
import { preview } from './validation/parse.ts';

/** Numbers in a vector. */
const MAX_DIMENSIONS = 4_096;

/** Refuses what is no embedder before anything is opened with it. */
export function checkEmbedder(embedder: FFEmbedder | undefined): void {
  if (embedder === undefined) return;
  if (typeof embedder !== 'object' || embedder === null) {
    throw invalid('embedder', `must be an object with a method embed; got ${preview(embedder)}`);
  }
  const { embed, id, dimensions } = embedder;
  if (typeof embed !== 'function') {
    throw invalid('embedder.embed', `must be a function; got ${preview(embed)}`);
  }
  if (id !== undefined && (typeof id !== 'string' || id === '')) {
    throw invalid('embedder.id', `must be a string that is not empty; got ${preview(id)}`);
  }
  const isCount = Number.isInteger(dimensions) && Number(dimensions) >= 1;
  if (dimensions !== undefined && !(isCount && dimensions <= MAX_DIMENSIONS)) {
    throw invalid(
      'embedder.dimensions',
      `must be a whole number from 1 to ${MAX_DIMENSIONS}; got ${preview(dimensions)}`,
    );
  }
}

/** What the worker has to know of an embedder before it asks it. */
export function describeEmbedder({
  id,
  dimensions,
}: FFEmbedder): NonNullable<OpenRequest['embedder']> {
  return {
    ...(id === undefined ? {} : { id }),
    ...(dimensions === undefined ? {} : { dimensions }),
  };
}

function invalid(field: string, message: string): FFValidationError {
  return new FFValidationError(`${field}: ${message}`, { field });
}
