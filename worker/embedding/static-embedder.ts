import { BatchQueue } from './batch-queue.ts';
import type { Embedder } from './embedder.ts';

/** Texts embedded without a pause: some milliseconds. */
const BATCH_SIZE = 32;

/** The package's model in this thread, for where there are no workers: Node, some test environments. */
export async function loadStaticEmbedder(signal: AbortSignal): Promise<Embedder> {
  const { fetchStaticModel } = await import('../../embed/static-model.ts');
  const { info, embed } = await fetchStaticModel();
  const queue = new BatchQueue({ dimensions: info.dimensions, size: BATCH_SIZE, run: embed });
  signal.addEventListener('abort', () => queue.close());
  if (signal.aborted) queue.close();
  return { ...info, embed: (texts) => queue.embed(texts), close: () => queue.close() };
}
