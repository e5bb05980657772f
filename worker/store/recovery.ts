import { DEFAULT_SESSION_TITLE } from '../../src/shared/model/session.ts';
import type { Backend } from '../backend/backend.ts';
import type { Logger } from '../logger.ts';
import {
  decodeSegment,
  isContinued,
  messagesFile,
  offsetsFile,
  ROOT_CATALOG_FILE,
  sessionsFolder,
  userCatalogFile,
  USERS_FOLDER,
} from './layout.ts';
import { MessageLog } from './message-log.ts';
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
  for (const userId of await listIds(backend, USERS_FOLDER)) {
    if (root.has(userId) || root.unsweptUserIds.includes(userId)) continue;
    // A folder without a catalog is what a crash left of a createUser() that never resolved.
    const { isBlank, profile } = await UserCatalog.open(userId, userCatalogFile(userId), context);
    if (isBlank) continue;
    logger.warn(`The list of users lost ${userId}, who is taken from the files`);
    await root.addUser(userId, Date.parse(profile.createdAt));
  }
  return root;
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
  catalog: UserCatalog,
): Promise<void> {
  for (const sessionId of await listIds(backend, sessionsFolder(userId))) {
    if (catalog.session(sessionId) !== undefined) continue;
    if (catalog.unsweptSessionIds.includes(sessionId)) continue;
    const log = await MessageLog.open(
      { log: messagesFile(userId, sessionId), offsets: offsetsFile(userId, sessionId) },
      context,
    );
    if (log.lastWriteAt === 0) continue;
    logger.warn(`The sessions of ${userId} lost ${sessionId}, which is taken from the files`);
    const [first] = await log.page(0, 1);
    await catalog.putSession({
      sessionId,
      title: DEFAULT_SESSION_TITLE,
      createdAt: first === undefined ? log.lastWriteAt : Date.parse(first.timestamp),
      updatedAt: log.lastWriteAt,
      messageCount: 0,
    });
    // So that its messages are counted.
    await catalog.markWriting(sessionId);
  }
}

/** The ids whose folders lie in a folder. */
async function listIds(backend: Backend, folder: string, begun = ''): Promise<string[]> {
  const ids: string[] = [];
  for (const { name, kind } of await backend.list(folder)) {
    if (kind !== 'directory') continue;
    if (isContinued(name)) {
      ids.push(...(await listIds(backend, `${folder}/${name}`, `${begun}${name}/`)));
    } else {
      ids.push(decodeSegment(`${begun}${name}`));
    }
  }
  return ids;
}
