import type { Backend } from '../backend/backend.ts';
import type { Logger } from '../logger.ts';
import {
  decodeSegment,
  isContinued,
  ROOT_CATALOG_FILE,
  userCatalogFile,
  USERS_FOLDER,
} from './layout.ts';
import type { LogContext } from './record-log.ts';
import { RootCatalog } from './root-catalog.ts';
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
  if (!root.isBlank && !root.isDamaged) return root;
  for (const userId of await listUserFolders(backend, USERS_FOLDER)) {
    if (root.has(userId) || root.unsweptUserIds.includes(userId)) continue;
    // A folder without a catalog is what a crash left of a createUser() that never resolved.
    const { isBlank, profile } = await UserCatalog.open(userId, userCatalogFile(userId), context);
    if (isBlank) continue;
    logger.warn(`The list of users lost ${userId}, who is taken from the files`);
    await root.addUser(userId, Date.parse(profile.createdAt));
  }
  return root;
}

async function listUserFolders(backend: Backend, folder: string, begun = ''): Promise<string[]> {
  const userIds: string[] = [];
  for (const { name, kind } of await backend.list(folder)) {
    if (kind !== 'directory') continue;
    if (isContinued(name)) {
      userIds.push(...(await listUserFolders(backend, `${folder}/${name}`, `${begun}${name}/`)));
    } else {
      userIds.push(decodeSegment(`${begun}${name}`));
    }
  }
  return userIds;
}
