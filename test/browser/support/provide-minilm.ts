import type { TestProject } from 'vitest/node';
import { provideMiniLm } from '../../../scripts/models/minilm.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why there is no MiniLM to test with; empty when there is one. */
    miniLmProblem: string;
  }
}

/** Makes the model that the tests of transformers.js run, before any browser is started. */
export async function setup(project: TestProject): Promise<void> {
  const problem = await provideMiniLm().then(() => '', String);
  project.provide('miniLmProblem', problem);
}
