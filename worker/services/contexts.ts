import type { NewContext } from '../../src/shared/contract.ts';
import type { FFSituationalContextDTO } from '../../src/shared/model/context.ts';
import type { ServiceApi } from './call.ts';
import type { ServiceContext } from './context.ts';
import { sessionNotFound, userNotFound } from './not-found.ts';
import { markOf, wasDone } from './recall.ts';

export type ContextService = Pick<
  ServiceApi,
  'extractSituationalContext' | 'saveContext' | 'getContext' | 'listContexts'
>;

/** The newest messages of a session that are read for its context. */
const MAX_MESSAGES = 1_000;

export function createContextService({ store, config, now }: ServiceContext): ContextService {
  return {
    extractSituationalContext: async (userId, sessionId) => {
      const messages = await store.read(userId, async () => {
        const catalog = await store.user(userId);
        if (catalog?.session(sessionId) === undefined) return [];
        const log = await store.messages(userId, sessionId);
        return log.page(Math.max(log.count - MAX_MESSAGES, 0), MAX_MESSAGES);
      });
      // Outside of the lane: it takes a moment and touches no file. Loaded when first needed.
      const { extractContext } = await import('../context/extract.ts');
      const extracted = await extractContext(messages, config.context);
      if (extracted === null) return null;
      return { userId, sessionId, ...extracted, timestamp: new Date(now()).toISOString() };
    },

    saveContext: (call, userId, sessionId, context) =>
      store.write(userId, async () => {
        const catalog = await store.user(userId);
        if (catalog === null) throw userNotFound(userId);
        const { contextId } = context;
        if (wasDone(call, catalog)) return { value: contextId, durable: catalog.durable() };
        if (catalog.session(sessionId) === undefined) throw sessionNotFound(userId, sessionId);
        const timestamp = context.timestamp ?? new Date(now()).toISOString();
        const value = toDto(userId, sessionId, context, timestamp);
        const others = catalog.entities.context
          .ofSession(sessionId)
          .map(({ id }) => id)
          .filter((id) => id !== contextId);
        const excess = Math.max(others.length + 1 - config.context.maxHistory, 0);
        const durable = catalog.putEntity(
          'context',
          { id: contextId, sessionId, value },
          { dropIds: others.slice(0, excess), mark: markOf(call, now) },
        );
        return { value: contextId, durable };
      }),

    getContext: (userId, contextId) =>
      store.read(userId, async () => {
        const catalog = await store.user(userId);
        return catalog?.entities.context.get(contextId)?.value ?? null;
      }),

    listContexts: (userId, sessionId) =>
      store.read(userId, async () => {
        const table = (await store.user(userId))?.entities.context;
        const entities = sessionId === undefined ? table?.values() : table?.ofSession(sessionId);
        return (entities ?? []).map(({ value }) => value).reverse();
      }),
  };
}

function toDto(
  userId: string,
  sessionId: string,
  { contextId, summary, keyPoints, entities, confidence, messageRange, metadata }: NewContext,
  timestamp: string,
): FFSituationalContextDTO {
  return {
    contextId,
    userId,
    sessionId,
    summary,
    keyPoints,
    entities,
    confidence,
    timestamp,
    ...(messageRange === undefined ? {} : { messageRange }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}
