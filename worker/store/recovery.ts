import { DEFAULT_SESSION_TITLE } from '../../src/shared/model/session.ts';
import type { Backend } from '../backend/backend.ts';
import type { Logger } from '../logger.ts';
import {
  catalogFile,
  decodeSegment,
  documentsFolder,
  isContinued,
  messagesFile,
  ROOT_CATALOG_FILE,
  sessionsFolder,
  SHARED_SPACE,
  spaceFolder,
  splitFolderNumber,
  USERS_FOLDER,
} from './layout.ts';
import { MessageLog } from './message-log.ts';
import type { LogContext } from './record-log.ts';
import { recoverBackups } from './recovered-files.ts';
import { RootCatalog, type SpaceFolder } from './root-catalog.ts';
import { UserCatalog } from './user-catalog.ts';

/**
 * Opens the list of users. Where it was lost or damaged while users' folders are there, it takes in
 * those whom it does not know: a user who is not listed would be lost with all that is theirs as soon
 * as somebody creates them again.
 */
export async function openRootCatalog(
  backend: Backend,
  context: LogContext,
  logger: Logger,
): Promise<RootCatalog> {
  const root = await RootCatalog.open(ROOT_CATALOG_FILE, context);
  const isIncomplete = root.isBlank || root.isDamaged || (await lacksFolder(root, backend));
  if (isIncomplete) await recoverRoot(root, backend, context, logger);
  return root;
}

/** Whether there is a folder of which the root catalog, whose end may be gone, knows nothing. */
async function lacksFolder(root: RootCatalog, backend: Backend): Promise<boolean> {
  const spaces = await listSpaces(backend);
  const isKnown = (folder: SpaceFolder) => isCurrent(folder, root) || root.isUnswept(folder);
  return !spaces.every(isKnown);
}

/** Takes into the root catalog the users and the backups whose files are there. */
export async function recoverRoot(
  root: RootCatalog,
  backend: Backend,
  context: LogContext,
  logger: Logger,
): Promise<void> {
  const folders = await listSpaces(backend);
  const { newest, deleted } = await sortFolders(backend, folders, root, context);
  for (const folder of deleted) await root.append([{ type: 'obsolete', ...folder }]);
  for (const folder of newest) {
    const { spaceId, number, createdAt: at } = folder;
    if (isCurrent(folder, root)) continue;
    logger.warn(`The list of users lost ${spaceId}, which is taken from the files`);
    const isNew = spaceId !== SHARED_SPACE && !root.has(spaceId);
    if (number === 0 && isNew) await root.addUser(spaceId, at);
    else await root.append([{ type: 'adopted', at, spaceId, number }]);
  }
  // What was lost may have been a count, or that one was out of date.
  const stale = [...root.userIds, SHARED_SPACE].filter((spaceId) => !root.isCounting(spaceId));
  if (folders.length > 0 && stale.length > 0)
    await root.append(stale.map((spaceId) => ({ type: 'counting', spaceId })));
  await recoverBackups(root, backend, context, logger);
}

/** Every folder that may hold a space. */
export async function listSpaces(backend: Backend): Promise<SpaceFolder[]> {
  const users = await listIds(backend, USERS_FOLDER);
  const shared = (await listIds(backend, '')).filter(({ id }) => id === 'shared');
  return [
    ...users.map(({ id, number }) => ({ spaceId: id, number })),
    ...shared.map(({ number }) => ({ spaceId: SHARED_SPACE, number })),
  ];
}

/** Whether a folder is the one that holds its space. */
function isCurrent({ spaceId, number }: SpaceFolder, root: RootCatalog): boolean {
  const exists = spaceId === SHARED_SPACE || root.has(spaceId);
  return exists && root.folderOf(spaceId) === spaceFolder(spaceId, number);
}

interface SortedFolders {
  /**
   * Of the folders of each space the one that holds it, or, where that is not there or not known, the
   * one that was made last; it must be whole. Of one that was staged, the record by which it was put to
   * use may be what is lost.
   */
  readonly newest: readonly (SpaceFolder & { readonly createdAt: number })[];
  /** What is still there, or again, of users who were deleted: a power cut may undo a removal. */
  readonly deleted: readonly SpaceFolder[];
}

async function sortFolders(
  backend: Backend,
  folders: readonly SpaceFolder[],
  root: RootCatalog,
  context: LogContext,
): Promise<SortedFolders> {
  const newest = new Map<string, SpaceFolder & { readonly createdAt: number }>();
  const deleted: SpaceFolder[] = [];
  for (const folder of folders) {
    const { spaceId, number } = folder;
    if (root.isUnswept(folder) && !root.isStaged(folder)) continue;
    const known = newest.get(spaceId);
    const isBetter =
      known === undefined ||
      isCurrent(folder, root) ||
      (number > known.number && !isCurrent(known, root));
    if (!isBetter) continue;
    const path = catalogFile(spaceFolder(spaceId, number));
    const { isBlank, profile } = await UserCatalog.open(spaceId, path, context);
    const createdAt = Date.parse(profile.createdAt);
    const deletedAt = number === 0 && !root.has(spaceId) ? root.deletedAt(spaceId) : undefined;
    // A user of that id who came later is another one, whose record is what was lost.
    if (deletedAt !== undefined && (isBlank || createdAt <= deletedAt)) {
      deleted.push({ spaceId, number });
      continue;
    }
    // A folder without a catalog is what a crash left of a restore that never resolved: the catalog
    // comes last. A first folder gets its catalog before any session, so there it is lost.
    if (isBlank && (number > 0 || !(await hasSessions(backend, folder)))) continue;
    newest.set(spaceId, { ...folder, createdAt });
  }
  return { newest: [...newest.values()], deleted };
}

async function hasSessions(backend: Backend, folder: SpaceFolder): Promise<boolean> {
  const path = spaceFolder(folder.spaceId, folder.number);
  return (await listIds(backend, sessionsFolder(path))).length > 0;
}

/**
 * Takes into a user's list those sessions whose folders are there although the list, which was lost
 * or damaged, does not have them. Their titles are gone with it; their messages are not.
 */
export async function recoverSessions(
  backend: Backend,
  context: LogContext,
  logger: Logger,
  userId: string,
  folder: string,
  catalog: UserCatalog,
): Promise<void> {
  for (const { id: sessionId } of await listIds(backend, sessionsFolder(folder))) {
    if (catalog.session(sessionId) !== undefined) continue;
    if (catalog.unsweptSessionIds.includes(sessionId)) continue;
    const log = await MessageLog.open(messagesFile(folder, sessionId), context);
    const documents = await backend.list(documentsFolder(folder, sessionId));
    if (log.lastWriteAt === 0 && documents.length === 0) continue;
    logger.warn(`The sessions of ${userId} lost ${sessionId}, which is taken from the files`);
    const [first] = await log.page(0, 1);
    await catalog.putSession({
      sessionId,
      title: DEFAULT_SESSION_TITLE,
      createdAt: first === undefined ? log.lastWriteAt : Date.parse(first.timestamp),
      updatedAt: log.lastWriteAt,
    });
    // So that its messages are counted.
    await catalog.markWriting(sessionId);
  }
}

/** The ids whose folders lie in a folder, and the numbers behind their names. */
export async function listIds(
  backend: Backend,
  folder: string,
  begun = '',
): Promise<{ readonly id: string; readonly number: number }[]> {
  const ids: { readonly id: string; readonly number: number }[] = [];
  for (const { name, kind } of await backend.list(folder)) {
    if (kind !== 'directory') continue;
    if (isContinued(name)) {
      ids.push(...(await listIds(backend, `${folder}/${name}`, `${begun}${name}/`)));
    } else {
      const { name: segment, number } = splitFolderNumber(name);
      ids.push({ id: decodeSegment(`${begun}${segment}`), number });
    }
  }
  return ids;
}
