import * as Comlink from 'comlink';
import type { EmbeddingHost } from '../src/shared/embedding.ts';
import { installErrorTransfer } from '../src/shared/wire.ts';
import { createEmbeddingHost } from './host.ts';

/** Serves an embedding host over an endpoint: a worker's own scope, or one end of a channel. */
export function serveEmbedding(endpoint?: Comlink.Endpoint): void {
  installErrorTransfer();
  const host = createEmbeddingHost();
  const embed: EmbeddingHost['embed'] = async (texts) => {
    const vectors = await host.embed(texts);
    return Comlink.transfer(vectors, [vectors.buffer]);
  };
  Comlink.expose({ ...host, embed }, endpoint);
}
