import { FFStorageError } from '../src/shared/errors.ts';
import type { FFVerifyTotalsDTO } from '../src/shared/model/reliability.ts';
import type { Backend } from './backend/backend.ts';
import { openFolder } from './backend/folder.ts';
import { createShadow } from './backend/shadow.ts';
import { Findings } from './check/findings.ts';
import { sourceOfFiles } from './check/source.ts';
import { verifyStore } from './check/verify.ts';
import type { Logger } from './logger.ts';
import { FORMAT_VERSION, type FormatMarker } from './store/format.ts';
import { HandleCache } from './store/handle-cache.ts';
import { STORE_FILE } from './store/layout.ts';
import { SlotFile } from './store/slot-file.ts';

/** What must be the same before and after an upgrade. */
export type UpgradeTotals = Pick<
  FFVerifyTotalsDTO,
  'users' | 'sessions' | 'panels' | 'messages' | 'documents'
>;

/** How a store of one format becomes one of the next. */
export interface UpgradeStep {
  /** The format that it reads; it writes the one after it. */
  readonly from: number;
  /** What the store holds that is to be upgraded. */
  count(from: Backend): Promise<UpgradeTotals>;
  /**
   * Writes all of it into `to`, which is empty, but for the mark of the format. Whatever it does to
   * `from` changes nothing.
   */
  run(from: Backend, to: Backend): Promise<void>;
}

/** One for each format that there has been before this one. */
export const UPGRADES: readonly UpgradeStep[] = [];

/** Bytes that are copied at once. */
const PIECE_BYTES = 1_048_576;

/**
 * Where the files of a store lie, in the format of this release. A store of an earlier one is copied
 * into a folder of its own, step by step; the copy is read against its checksums and compared with
 * what it was made from, and only then does one write of the mark make it the store. Until then the
 * old one is as it was, also for the release that wrote it; a crash leaves a folder that the next
 * attempt empties. What was the store is removed afterwards.
 *
 * @throws FFStorageError `corrupt` when the copy is not what it should be; FFQuotaExceededError when
 *   there is no room for it. The store is as it was then.
 */
export async function upgradeStore(
  backend: Backend,
  steps: readonly UpgradeStep[],
  logger: Logger,
): Promise<Backend> {
  const files = new HandleCache(backend, () => 1);
  try {
    const slot = await SlotFile.open<FormatMarker>(STORE_FILE, files);
    const marker = slot.value;
    if (marker === undefined) return backend;
    const current = locate(backend, marker);
    const path = stepsFrom(marker.format, steps);
    const [first] = path;
    if (first === undefined) {
      if (marker.folder !== undefined) await sweep(backend, marker.folder, logger);
      return current;
    }
    let from = current;
    let folder = '';
    for (const step of path) {
      folder = folderOf(step.from + 1);
      await backend.remove(folder);
      const to = openFolder(backend, folder);
      await step.run(createShadow(from), to);
      await mark(to, step.from + 1);
      from = to;
    }
    await compare(from, await first.count(createShadow(current)));
    await slot.write({ format: FORMAT_VERSION, folder });
    await sweep(backend, folder, logger);
    return from;
  } finally {
    await files.closeAll();
  }
}

/** Where the files of a store lie, whatever their format. */
export async function locateStore(backend: Backend): Promise<Backend> {
  const files = new HandleCache(backend, () => 1);
  try {
    const { value } = await SlotFile.open<FormatMarker>(STORE_FILE, files);
    return value === undefined ? backend : locate(backend, value);
  } finally {
    await files.closeAll();
  }
}

/** Copies files as they are, each to the path that it is given; `null` leaves one out. */
export async function copyFiles(
  from: Backend,
  to: Backend,
  pathOf: (path: string) => string | null,
  folder = '',
): Promise<void> {
  for (const { name, kind } of await from.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (kind === 'directory') await copyFiles(from, to, pathOf, path);
    else {
      const target = pathOf(path);
      if (target !== null) await copyFile(from, path, to, target);
    }
  }
}

async function copyFile(from: Backend, path: string, to: Backend, target: string): Promise<void> {
  const source = await from.open(path);
  const copy = await to.open(target, { create: true });
  try {
    const piece = new Uint8Array(PIECE_BYTES);
    for (let at = 0; ;) {
      const length = source?.read(piece, at) ?? 0;
      if (length === 0) break;
      copy?.write(piece.subarray(0, length), at);
      at += length;
    }
    await copy?.flush();
  } finally {
    await source?.close();
    await copy?.close();
  }
}

/** The steps that lead to this release's format; none where it is that, or where none leads there. */
function stepsFrom(format: number, steps: readonly UpgradeStep[]): UpgradeStep[] {
  const path: UpgradeStep[] = [];
  for (let at = format; at < FORMAT_VERSION; at++) {
    const step = steps.find(({ from }) => from === at);
    if (step === undefined) return [];
    path.push(step);
  }
  return path;
}

function locate(backend: Backend, { folder }: FormatMarker): Backend {
  return folder === undefined ? backend : openFolder(backend, folder);
}

function folderOf(format: number): string {
  return `format-${format}`;
}

/** The mark comes last: what has one was copied to its end. */
async function mark(to: Backend, format: number): Promise<void> {
  const files = new HandleCache(to, () => 1);
  try {
    await (await SlotFile.open<FormatMarker>(STORE_FILE, files)).write({ format });
  } finally {
    await files.closeAll();
  }
}

async function compare(made: Backend, expected: UpgradeTotals): Promise<void> {
  const files = new HandleCache(made, () => 8);
  const findings = new Findings();
  try {
    const source = sourceOfFiles(files, made, (path, error) => findings.addUnreadable(path, error));
    const steps = verifyStore(source, findings);
    while ((await steps.next()).done !== true);
  } finally {
    await files.closeAll();
  }
  const { list, totals } = findings;
  const [fault] = list.filter(({ kind }) => kind !== 'set-aside');
  const isSame = (Object.keys(expected) as (keyof UpgradeTotals)[]).every(
    (key) => totals[key] === expected[key],
  );
  if (isSame && fault === undefined) return;
  throw new FFStorageError(
    `The store could not be upgraded: its copy is not what it was (${fault?.message ?? 'something is missing'}). The store was not changed.`,
    { code: 'corrupt' },
  );
}

/** Removes what the store lay in before; a failure only waits for the next opening. */
async function sweep(backend: Backend, folder: string, logger: Logger): Promise<void> {
  try {
    for (const { name } of await backend.list('')) {
      if (name !== STORE_FILE && name !== folder) await backend.remove(name);
    }
  } catch (error) {
    logger.warn('What the store lay in before its upgrade could not be removed yet', error);
  }
}
