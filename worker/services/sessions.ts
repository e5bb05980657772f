import type { FFSessionDTO } from '../../src/shared/model/session.ts';
import { unchanged } from '../store/change.ts';
import type { SessionEntry, SessionInfo } from '../store/session-table.ts';
import type { ServiceApi } from './call.ts';
import type { ServiceContext } from './context.ts';
import { mergeOneLevel } from './merge.ts';
import { userNotFound } from './not-found.ts';
import { markOf, wasDone } from './recall.ts';

export type SessionService = Pick<
  ServiceApi,
  'createSession' | 'getSession' | 'listSessions' | 'updateSession' | 'deleteSession'
>;

export function createSessionService({
  store,
  indexer,
  now,
  publish,
}: ServiceContext): SessionService {
  return {
    createSession: (call, userId, { sessionId, title, metadata }) =>
      store.write(userId, async () => {
        const catalog = await store.user(userId);
        if (catalog === null) throw userNotFound(userId);
        // The same id comes again only when the same call is repeated.
        if (wasDone(call, catalog) || catalog.session(sessionId) !== undefined) {
          return { value: sessionId, durable: catalog.durable() };
        }
        const at = now();
        const session: SessionInfo = {
          sessionId,
          title,
          createdAt: at,
          updatedAt: at,
          ...(metadata === undefined ? {} : { metadata }),
        };
        return { value: sessionId, durable: catalog.putSession(session, markOf(call, now)) };
      }),

    getSession: (userId, sessionId) =>
      store.read(userId, async () => {
        const session = (await store.user(userId))?.session(sessionId);
        return session === undefined ? null : toSessionDto(userId, session, true);
      }),

    listSessions: (userId, { limit = Infinity, offset, includeMetadata }) =>
      store.read(userId, async () => {
        const sessions = (await store.user(userId))?.sessions() ?? [];
        return sessions
          .slice(offset, offset + limit)
          .map((session) => toSessionDto(userId, session, includeMetadata));
      }),

    updateSession: (call, userId, sessionId, { title, metadata }) =>
      store.write(userId, async () => {
        const catalog = await store.user(userId);
        if (catalog === null) return unchanged(false);
        if (wasDone(call, catalog)) return { value: true, durable: catalog.durable() };
        const session = catalog.session(sessionId);
        if (session === undefined) return unchanged(false);
        const changed: SessionInfo = {
          ...session,
          updatedAt: Math.max(now(), session.updatedAt),
          ...(title === undefined ? {} : { title }),
          ...mergeOneLevel('metadata', session.metadata, metadata),
        };
        return { value: true, durable: catalog.putSession(changed, markOf(call, now)) };
      }),

    deleteSession: (call, userId, sessionId) =>
      store.write(userId, async () => {
        const catalog = await store.user(userId);
        if (catalog === null) return unchanged(false);
        if (wasDone(call, catalog)) return { value: true, durable: catalog.durable() };
        if (catalog.session(sessionId) === undefined) return unchanged(false);
        await store.deleteSession(userId, sessionId, catalog, markOf(call, now));
        indexer.forgetSession(userId, sessionId);
        publish({ type: 'gone', userId, sessionId });
        return unchanged(true);
      }),
  };
}

function toSessionDto(
  userId: string,
  session: SessionEntry,
  includeMetadata: boolean,
): FFSessionDTO {
  const { sessionId, title, createdAt, updatedAt, messageCount, metadata } = session;
  return {
    sessionId,
    userId,
    title,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    messageCount,
    ...(includeMetadata && metadata !== undefined ? { metadata } : {}),
  };
}
