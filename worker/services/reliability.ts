import type { FFProgress } from '../../src/shared/model/backup.ts';
import type {
  FFRepairedDTO,
  FFRepairReportDTO,
  FFVerifyReportDTO,
} from '../../src/shared/model/reliability.ts';
import type { ArchiveFiles } from '../backup/archive-files.ts';
import { Findings } from '../check/findings.ts';
import { sourceOf } from '../check/source.ts';
import { verifyStore } from '../check/verify.ts';
import {
  createCheckService,
  type CheckKind,
  type CheckService,
  type CheckSteps,
} from './checks.ts';
import { stopWhenClosing } from './closing.ts';
import type { ServiceContext } from './context.ts';
import type { DocumentTexts } from './document-texts.ts';
import { Repairer } from './repair.ts';

/** Looks at a store that is open, and puts it in order. */
export function createReliabilityService(
  context: ServiceContext,
  texts: DocumentTexts,
  archives: ArchiveFiles,
): CheckService {
  const { store, closing, logger } = context;
  /** One after another: two that mend the same thing would be in each other's way. */
  let lastRepair: Promise<unknown> = Promise.resolve();

  function verify(): AsyncGenerator<FFProgress, FFVerifyReportDTO> {
    const findings = new Findings();
    const source = sourceOf(
      store,
      (path) => archives.isInUse(path),
      (path, error) => findings.addUnreadable(path, error),
    );
    return verifyStore(source, findings);
  }

  async function* repair(): AsyncGenerator<FFProgress, FFRepairReportDTO> {
    const before = lastRepair;
    let finish = (): void => undefined;
    lastRepair = new Promise<void>((resolve) => (finish = resolve));
    await before;
    try {
      return yield* repairOnce();
    } finally {
      finish();
    }
  }

  async function* repairOnce(): AsyncGenerator<FFProgress, FFRepairReportDTO> {
    // Each byte is read twice: to find out, and to see what came of it.
    let doneBytes = 0;
    const ahead = ({ doneBytes: done, totalBytes = done }: FFProgress): FFProgress => ({
      doneBytes: done,
      totalBytes: 2 * totalBytes,
    });
    const found = yield* mapped(verify(), (progress) => {
      ({ doneBytes } = progress);
      return ahead(progress);
    });
    const repairer = new Repairer(context, texts, archives, found.findings);
    const repaired: FFRepairedDTO[] = [];
    for (const finding of found.findings) {
      stopWhenClosing(closing, 'repair');
      try {
        const action = await repairer.mend(finding);
        if (action !== null) repaired.push({ ...finding, action });
      } catch (error) {
        stopWhenClosing(closing, 'repair');
        // It is reported as it was, and the others are mended.
        logger.warn(`${finding.path} could not be repaired`, error);
      }
      yield { doneBytes, totalBytes: 2 * doneBytes };
    }
    await texts.whenIdle();
    const remaining = yield* mapped(verify(), (progress) => ({
      doneBytes: doneBytes + progress.doneBytes,
      totalBytes: doneBytes + Math.max(doneBytes, progress.totalBytes ?? 0),
    }));
    return { repaired, remaining };
  }

  return createCheckService((kind: CheckKind): CheckSteps => {
    async function* steps(): CheckSteps {
      return kind === 'verify' ? { verified: yield* verify() } : { repaired: yield* repair() };
    }
    return untilClosing(steps(), closing, kind);
  });
}

async function* untilClosing(steps: CheckSteps, closing: AbortSignal, what: string): CheckSteps {
  try {
    for (;;) {
      stopWhenClosing(closing, what);
      const step = await steps.next();
      if (step.done === true) return step.value;
      yield step.value;
    }
  } finally {
    await steps.return({});
  }
}

async function* mapped<T>(
  steps: AsyncGenerator<FFProgress, T>,
  map: (progress: FFProgress) => FFProgress,
): AsyncGenerator<FFProgress, T> {
  try {
    for (;;) {
      const step = await steps.next();
      if (step.done === true) return step.value;
      yield map(step.value);
    }
  } finally {
    await steps.return(undefined as never);
  }
}
