import { nextTask } from '../../next-task.ts';

/** With the longest single step this stays below what a user notices of a call that waits. */
const SLICE_MS = 4;
/** Texts that are sorted, or merged, in one step. */
const STEP_TEXTS = 2_048;

/**
 * Takes all steps of a long work, letting other tasks in between.
 *
 * @throws the signal's reason once it is aborted
 */
export async function runInSlices(steps: Iterable<void>, signal?: AbortSignal): Promise<void> {
  let start = performance.now();
  for (const _ of steps) {
    signal?.throwIfAborted();
    if (performance.now() - start < SLICE_MS) continue;
    await nextTask();
    start = performance.now();
  }
}

/** Sorts texts by their UTF-16 units, in steps of few milliseconds each. */
export function* sortInSteps(texts: readonly string[]): Generator<void, string[]> {
  let runs: string[][] = [];
  for (let start = 0; start < texts.length; start += STEP_TEXTS) {
    runs.push(texts.slice(start, start + STEP_TEXTS).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      merged.push(yield* mergeRuns(runs[index] ?? [], runs[index + 1] ?? []));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

function* mergeRuns(left: readonly string[], right: readonly string[]): Generator<void, string[]> {
  const merged: string[] = [];
  let fromLeft = 0;
  let fromRight = 0;
  for (;;) {
    const a = left[fromLeft];
    const b = right[fromRight];
    if (a !== undefined && (b === undefined || a < b)) {
      merged.push(a);
      fromLeft += 1;
    } else if (b !== undefined) {
      merged.push(b);
      fromRight += 1;
    } else {
      yield;
      return merged;
    }
    if (merged.length % STEP_TEXTS === 0) yield;
  }
}

/** By UTF-16 units, like `<`; locales have no say in it. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
