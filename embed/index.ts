/**
 * The embedding worker. The storage worker starts it, when the first text is to be embedded; loading
 * it is all there is to do.
 *
 * @packageDocumentation
 */
import { serveEmbedding } from './serve.ts';

serveEmbedding();
