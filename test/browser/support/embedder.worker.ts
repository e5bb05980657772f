import * as Comlink from 'comlink';
import type { ModelProgress, ModelRequest } from '../../../src/shared/embedding.ts';
import { installErrorTransfer } from '../../../src/shared/wire.ts';
import { createEmbedder, type EmbedderSource } from '../../../worker/embedding/embedder.ts';

installErrorTransfer();

/** Stands where the storage worker stands: between the page and the embedding worker. */
let source: EmbedderSource | undefined;
let progress: ModelProgress[] = [];

const embedding = {
  async load(request: ModelRequest) {
    source?.close();
    progress = [];
    source = createEmbedder(request, { onProgress: (state) => progress.push(state) });
    const embedder = await source?.get();
    if (embedder === undefined) throw new Error('There is no embedder.');
    const { stamp, dimensions, device } = embedder;
    return { stamp, dimensions, device, progress };
  },
  async embed(texts: readonly string[]) {
    const embedder = await source?.get();
    return embedder?.embed(texts);
  },
};

export type EmbeddingForTests = typeof embedding;

Comlink.expose(embedding);
