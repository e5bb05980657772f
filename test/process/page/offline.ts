import { FFStorageManager, type FFSearchResultDTO } from 'flatfile-chat';

const USER = 'alice';

/** What the test calls. */
const page = {
  /** Opens a store as an app does that configures nothing, and uses all that may need a model. */
  async use() {
    await using storage = new FFStorageManager();
    await storage.initialize();
    await storage.createUser(USER);
    const sessionId = await storage.createSession(USER, 'Travel');
    for (const content of ['My flight to Madrid got cancelled', 'Limestone dissolves in acid']) {
      await storage.addMessage(USER, sessionId, { role: 'user', content, name: 'Ada' });
    }
    const document = new Blob(['# Rent\n\nIt is far too expensive.'], { type: 'text/markdown' });
    await storage.storeDocument(USER, sessionId, { originalName: 'rent.md' }, document);
    await storage.whenIdle();
    await storage.extractSituationalContext(USER, sessionId);
    await storage.optimizeStorage();
    const query = 'the airline called off my trip to Spain';
    return {
      backend: storage.backend,
      text: contentsOf(await storage.searchMessages(USER, 'flight')),
      similar: contentsOf(await storage.searchSimilarMessages(USER, query)),
      documents: contentsOf(await storage.searchDocuments(USER, 'expensive')),
      vector: contentsOf(await storage.search(USER, query, { mode: 'vector', limit: 1 })),
      hybrid: contentsOf(await storage.search(USER, `${query} limestone`)),
      embedding: (await storage.getPerformanceMetrics()).embedding,
    };
  },

  /** Asks another machine for something, in a worker that a worker has started. */
  async leak(url: string): Promise<void> {
    const asking = `fetch(${JSON.stringify(url)}).catch(() => {}).then(() => postMessage('asked'))`;
    const starting = `
      const inner = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(asking)}])));
      inner.onmessage = ({ data }) => postMessage(data);
    `;
    const worker = new Worker(URL.createObjectURL(new Blob([starting])));
    await new Promise((resolve) => (worker.onmessage = resolve));
    worker.terminate();
  },
};

function contentsOf(hits: readonly FFSearchResultDTO[]): string[] {
  return hits.map(({ content }) => content);
}

type OfflinePage = typeof page;

declare global {
  // Only what is declared with `var` becomes a property of the global object.
  var offlinePage: OfflinePage;
}

globalThis.offlinePage = page;
