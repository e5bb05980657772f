import type { EngineApi } from '../src/shared/contract.ts';
import { FFStorageError } from '../src/shared/errors.ts';
import type { FFRepairedDTO } from '../src/shared/model/reliability.ts';
import type { Backend } from './backend/backend.ts';
import { createShadow } from './backend/shadow.ts';
import { salvageArchive } from './backup/export.ts';
import { Findings } from './check/findings.ts';
import { baseOf, sourceOfFiles } from './check/source.ts';
import { verifyStore } from './check/verify.ts';
import { openEngine, type Engine, type EngineOptions } from './engine.ts';
import { createLogger } from './logger.ts';
import { createCheckService, type CheckKind, type CheckSteps } from './services/checks.ts';
import { FORMAT_VERSION } from './store/format.ts';
import { HandleCache } from './store/handle-cache.ts';
import { STORE_FILE } from './store/layout.ts';
import { restoreFormat } from './store/restore-format.ts';
import { SlotFile } from './store/slot-file.ts';
import { Store } from './store/store.ts';
import { locateStore } from './upgrade.ts';

/** All that can be asked of files that are no open store. */
export type RescueApi = Pick<
  EngineApi,
  'openCheck' | 'continueCheck' | 'cancelCheck' | 'openSalvage' | 'readExport' | 'cancelExport'
>;

export interface Rescue extends Pick<Engine, 'savedConfig' | 'close'> {
  readonly api: RescueApi;
}

/**
 * Opens the files of a store without the store, for what must work whatever has become of it: looking
 * at it and salvaging it read only, and putting it in order opens it for as long as that takes.
 */
export async function openRescue(options: EngineOptions): Promise<Rescue> {
  const { config, now = Date.now } = options;
  const backend = await locateStore(options.backend);
  const files = new HandleCache(backend, () => config.storage.maxOpenHandles);
  /** Repairs need the files for themselves. */
  let work: Promise<unknown> = Promise.resolve();

  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = work.then(task);
    work = result.catch(() => undefined);
    return result;
  }

  const checks = createCheckService((kind: CheckKind): CheckSteps => {
    async function* steps(): CheckSteps {
      if (kind === 'repair') return yield* repair();
      const findings = new Findings();
      const source = sourceOfFiles(files, backend, (path, error) =>
        findings.addUnreadable(path, error),
      );
      return { verified: yield* verifyStore(source, findings) };
    }
    return steps();
  });

  async function* repair(): CheckSteps {
    await files.closeAll();
    const marked: FFRepairedDTO[] = (await restoreFormat(options.backend))
      ? [{ ...LOST_MARK, action: 'It was written anew: the records prove the format.' }]
      : [];
    const engine = await openEngine({
      ...options,
      backend: { ...options.backend, close: keepOpen },
    });
    try {
      const checkId = await engine.api.openCheck('repair');
      for (;;) {
        const { repaired, ...progress } = await engine.api.continueCheck(checkId);
        if (repaired === undefined) yield progress;
        else return { repaired: { ...repaired, repaired: [...marked, ...repaired.repaired] } };
      }
    } finally {
      await engine.close();
    }
  }

  const salvages = new Map<string, AsyncGenerator<Uint8Array, void>>();
  const api: RescueApi = {
    ...checks.methods,
    // One after another, because a repair has the files to itself.
    continueCheck: (checkId) => inTurn(() => checks.methods.continueCheck(checkId)),
    openSalvage: async () => {
      const exportId = crypto.randomUUID();
      salvages.set(exportId, salvageFiles(backend, config, files, now()));
      return { exportId, estimatedBytes: 0 };
    },
    readExport: (exportId) =>
      inTurn(async () => {
        const pieces = salvages.get(exportId);
        if (pieces === undefined) {
          throw new FFStorageError(`There is no salvage "${exportId}" under way.`, {
            code: 'not-found',
          });
        }
        const piece = await pieces.next();
        if (piece.done !== true) return piece.value;
        salvages.delete(exportId);
        return null;
      }),
    cancelExport: async (exportId) => {
      const pieces = salvages.get(exportId);
      salvages.delete(exportId);
      await pieces?.return();
    },
  };

  return {
    api,
    savedConfig: {},
    close: async () => {
      await checks.close();
      for (const exportId of [...salvages.keys()]) await api.cancelExport(exportId);
      await work;
      await files.closeAll();
      await backend.close();
    },
  };
}

const LOST_MARK = {
  kind: 'format-marker',
  path: STORE_FILE,
  message: `${STORE_FILE}, which says of what format the store is, was missing or damaged.`,
  repairable: true,
  bytes: 0,
} as const;

async function keepOpen(): Promise<void> {
  // Whoever looks at the files next needs the backend still.
}

/** Opens the store over its files, as far as it goes, and gives what can be read of it. */
async function* salvageFiles(
  backend: Backend,
  config: EngineOptions['config'],
  files: HandleCache,
  at: number,
): AsyncGenerator<Uint8Array, void> {
  const unreadable = new Map<string, string>();
  const shadow = createShadow(baseOf(files, backend), (path, error) =>
    unreadable.set(path, String(error)),
  );
  await mark(shadow);
  const store = await Store.open(
    shadow,
    config.storage,
    createLogger(() => config.runtime.logLevel),
  );
  try {
    yield* salvageArchive(store, at, unreadable);
  } finally {
    await store.close();
  }
}

/** Has the files read as those of this format, whatever they are. */
async function mark(shadow: Backend): Promise<void> {
  await shadow.remove(STORE_FILE);
  const files = new HandleCache(shadow, () => 1);
  await (await SlotFile.open(STORE_FILE, files)).write({ format: FORMAT_VERSION });
  await files.closeAll();
}
