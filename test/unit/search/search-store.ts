import { createHash } from 'node:crypto';
import type { FFConfigInput, FFConfigurationManagerConfigDTO } from '../../../src/shared/config.ts';
import type { FFDocumentDTO } from '../../../src/shared/model/document.ts';
import { loadConfig } from '../../../src/validation/config.ts';
import type { Backend } from '../../../worker/backend/backend.ts';
import { createLogger } from '../../../worker/logger.ts';
import { Embedding, type CreateEmbedder } from '../../../worker/search/embedding.ts';
import { Searcher } from '../../../worker/search/searcher.ts';
import type { ServiceContext } from '../../../worker/services/context.ts';
import { GrowingMessages } from '../../../worker/services/growing-messages.ts';
import { createMessageService } from '../../../worker/services/messages.ts';
import { createPanelService } from '../../../worker/services/panels.ts';
import { createPersonaService } from '../../../worker/services/personas.ts';
import { ALWAYS_PRESENT } from '../../../worker/services/presence.ts';
import { createSearchService } from '../../../worker/services/search.ts';
import { createSessionService } from '../../../worker/services/sessions.ts';
import { createUserService } from '../../../worker/services/users.ts';
import { documentTextFile } from '../../../worker/store/layout.ts';
import { unchanged } from '../../../worker/store/change.ts';
import type { StoreEvents } from '../../../worker/store/events.ts';
import { Store } from '../../../worker/store/store.ts';
import { calledHere } from '../../support/called-here.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { createClock } from '../../support/stores.ts';

export interface SearchStoreOptions {
  readonly disk?: FaultyBackend;
  /** What stands before the disk; the disk itself by default. */
  readonly backend?: Backend;
  readonly config?: FFConfigInput;
  /** Default: nothing is embedded. */
  readonly createEmbedder?: CreateEmbedder;
  /** What a search of documents waits for. */
  readonly beforeDocumentSearch?: (userId: string) => Promise<void>;
}

/** A store with the services that matter to search, and with its index in reach. */
export async function openSearchStore({
  disk = createFaultyBackend(),
  backend = disk,
  config: given = {},
  createEmbedder = () => undefined,
  beforeDocumentSearch = async () => undefined,
}: SearchStoreOptions = {}) {
  const config: FFConfigurationManagerConfigDTO = structuredClone(loadConfig(given, 'test'));
  const logger = createLogger(() => 'silent');
  const store = await Store.open(backend, config.storage, logger);
  const embedding = new Embedding(config.vector, createEmbedder, logger);
  const searcher = new Searcher(store, config.search, embedding, logger);
  const { indexer } = searcher;
  Object.assign(store.events, {
    onSpaceOpened: (userId) => indexer.userOpened(userId),
    onSpaceLeaving: (userId) => indexer.spaceLeaving(userId),
    onSpaceReplaced: (spaceId) => indexer.spaceReplaced(spaceId),
    onSessionDeleted: () => undefined,
    onLogRewritten: (spaceId, sessionId) => indexer.logRewritten(spaceId, sessionId),
  } satisfies StoreEvents);
  const context: ServiceContext = {
    store,
    indexer,
    searcher,
    embedding,
    config,
    logger,
    now: createClock(),
    closing: new AbortController().signal,
    presence: ALWAYS_PRESENT,
    publish: () => undefined,
  };
  return {
    disk,
    store,
    indexer,
    searcher,
    embedding,
    config,
    ...calledHere({
      ...createUserService(context),
      ...createSessionService(context),
      ...createMessageService(context, new GrowingMessages(context)),
      ...createPersonaService(context),
      ...createPanelService(context),
      ...createSearchService(context, beforeDocumentSearch),
    }),
    close: async () => {
      await searcher.close();
      await indexer.release();
      await store.close();
    },
  };
}

export type SearchStore = Awaited<ReturnType<typeof openSearchStore>>;

/** A document as it is when its text has been extracted into the given chunks. */
export async function putDocument(
  { store, indexer }: SearchStore,
  document: Pick<FFDocumentDTO, 'documentId' | 'sessionId' | 'mimeType'> & Partial<FFDocumentDTO>,
  chunks: readonly string[],
): Promise<void> {
  const { documentId, sessionId } = document;
  let at = 0;
  const texts = chunks.map((text, index) => {
    const start = at;
    at += text.length;
    return { index, start, end: at, text };
  });
  await store.write('alice', async () => {
    const path = documentTextFile(store.folderOf('alice'), sessionId, documentId);
    await store.documents.writeText(path, texts);
    const catalog = await store.user('alice');
    const value: FFDocumentDTO = {
      filename: `${documentId}.file`,
      originalName: `${documentId}.original`,
      path,
      size: 1,
      uploadedBy: 'alice',
      uploadedAt: new Date(0).toISOString(),
      sha256: createHash('sha256').update(chunks.join('\n')).digest('hex'),
      text: { status: 'ready', characters: at, chunks: chunks.length },
      ...document,
    };
    await catalog?.putEntity('document', { id: documentId, sessionId, value });
    return unchanged(undefined);
  });
  indexer.documentReady('alice', documentId);
}

export async function removeDocument(
  { store, indexer }: SearchStore,
  documentId: string,
): Promise<void> {
  await store.write('alice', async () => {
    await (await store.user('alice'))?.dropEntities('document', [documentId]);
    return unchanged(undefined);
  });
  indexer.documentRemoved('alice', documentId);
}

/** What a search of messages gives, as `session/message`, sorted. */
export async function foundBy(
  { searchMessages }: Pick<SearchStore, 'searchMessages'>,
  userId: string,
  query: string,
  sessionIds?: readonly string[],
): Promise<string[]> {
  const hits = await searchMessages(userId, {
    query,
    minRelevanceScore: 0,
    limit: 1_000,
    ...(sessionIds === undefined ? {} : { sessionIds }),
  });
  return hits.map(({ sessionId, id }) => `${sessionId}/${id}`).sort();
}
