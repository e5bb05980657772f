import { FFStorageError } from '../../src/shared/errors.ts';
import type { Backend } from '../backend/backend.ts';
import { FORMAT_VERSION, type FormatMarker } from './format.ts';
import { HandleCache } from './handle-cache.ts';
import {
  catalogFile,
  messagesFile,
  ROOT_CATALOG_FILE,
  sessionsFolder,
  spaceFolder,
  STORE_FILE,
} from './layout.ts';
import { findLogFile } from './log-file.ts';
import { scanLog } from './log-scan.ts';
import { listIds, listSpaces } from './recovery.ts';
import { SlotFile } from './slot-file.ts';

/** Records that format 1 begins its logs with, by what the log is. */
const KNOWN_TYPES: Readonly<Record<'root' | 'space' | 'messages', readonly string[]>> = {
  root: ['user-created', 'user-deleted', 'counting', 'counted', 'staged', 'adopted', 'put'],
  space: ['user', 'session', 'session-deleted', 'writing', 'counted', 'put'],
  messages: ['message', 'edit', 'delete'],
};

/**
 * Writes the mark of a store's format anew where it is missing or damaged, and the records beside it
 * can be read as those of this format. Nothing else is touched.
 *
 * @returns whether there was anything to do
 * @throws FFStorageError `version` when the mark can be read and names another format, `corrupt` when
 *   no record proves the format
 */
export async function restoreFormat(backend: Backend): Promise<boolean> {
  const files = new HandleCache(backend, () => 4);
  try {
    const slot = await SlotFile.open<FormatMarker>(STORE_FILE, files);
    const format = slot.value?.format;
    if (format === FORMAT_VERSION) return false;
    if (format !== undefined) {
      throw new FFStorageError(
        `The store has format ${format} and this release reads format ${FORMAT_VERSION}. Update flatfile-chat; nothing was changed.`,
        { code: 'version' },
      );
    }
    const others = (await backend.list('')).filter(({ name }) => name !== STORE_FILE);
    // Nothing was ever stored here, and nothing is in the way of beginning.
    if (others.length === 0 && slot.state === 'missing') return false;
    if (!(await isProven(backend, files))) {
      throw new FFStorageError(
        `${STORE_FILE}, which says what format the store has, is ${slot.state}, and no record beside it can be read. Nothing was changed; salvage() may still find something.`,
        { code: 'corrupt' },
      );
    }
    await slot.write({ format: FORMAT_VERSION });
    return true;
  } finally {
    await files.closeAll();
  }
}

async function isProven(backend: Backend, files: HandleCache): Promise<boolean> {
  if (await holds(files, ROOT_CATALOG_FILE, 'root')) return true;
  for (const { spaceId, number } of await listSpaces(backend)) {
    const folder = spaceFolder(spaceId, number);
    if (await holds(files, catalogFile(folder), 'space')) return true;
    for (const { id } of await listIds(backend, sessionsFolder(folder))) {
      if (await holds(files, messagesFile(folder, id), 'messages')) return true;
    }
  }
  return false;
}

/** Whether a log has a record of this format. */
async function holds(
  files: HandleCache,
  path: string,
  kind: keyof typeof KNOWN_TYPES,
): Promise<boolean> {
  const { path: file } = await findLogFile(path, files);
  let isKnown = false;
  await files.use(file, (log) =>
    scanLog(log, 0, ({ record }) => (isKnown ||= KNOWN_TYPES[kind].includes(record.type))),
  );
  return isKnown;
}
