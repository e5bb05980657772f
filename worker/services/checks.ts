import type { CheckProgress } from '../../src/shared/checks.ts';
import type { EngineApi } from '../../src/shared/contract.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import { createId } from '../../src/shared/ids.ts';
import type { FFProgress } from '../../src/shared/model/backup.ts';

export type CheckMethods = Pick<EngineApi, 'openCheck' | 'continueCheck' | 'cancelCheck'>;

export type CheckKind = Parameters<EngineApi['openCheck']>[0];

/** What a check ends with. */
export type CheckResult = Pick<CheckProgress, 'verified' | 'repaired'>;

/** A check that is under way. */
export type CheckSteps = AsyncGenerator<FFProgress, CheckResult>;

/** Looks at the store, taken step by step by whoever asked for them. */
export interface CheckService {
  readonly methods: CheckMethods;
  /** How many are under way. */
  readonly count: number;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** How long one step goes on, so that its caller hears of it and can stop it. */
const STEP_MS = 100;

/** @param begin begins a look at the store, or has it put in order */
export function createCheckService(begin: (kind: CheckKind) => CheckSteps): CheckService {
  const stepsById = new Map<string, CheckSteps>();

  const methods: CheckMethods = {
    openCheck: async (kind) => {
      const checkId = createId();
      stepsById.set(checkId, begin(kind));
      return checkId;
    },

    continueCheck: async (checkId) => {
      const steps = stepsById.get(checkId);
      if (steps === undefined) throw endedError(checkId);
      try {
        const until = Date.now() + STEP_MS;
        let progress: FFProgress;
        do {
          const step = await steps.next();
          if (step.done === true) {
            // It was cancelled while this step was under way.
            if (!stepsById.delete(checkId)) throw endedError(checkId);
            return { doneBytes: 0, ...step.value };
          }
          progress = step.value;
        } while (Date.now() < until);
        return progress;
      } catch (error) {
        stepsById.delete(checkId);
        throw error;
      }
    },

    cancelCheck: async (checkId) => {
      const steps = stepsById.get(checkId);
      stepsById.delete(checkId);
      await steps?.return({});
    },
  };

  return {
    methods,
    get count() {
      return stepsById.size;
    },
    close: async () => {
      for (const checkId of [...stepsById.keys()]) await methods.cancelCheck(checkId);
    },
  };
}

function endedError(checkId: string): FFStorageError {
  return new FFStorageError(
    `There is no check "${checkId}" under way: it has ended, or the store was opened anew. Begin another one.`,
    { code: 'not-found' },
  );
}
