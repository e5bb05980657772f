import { FFStorageError } from '../../src/shared/errors.ts';
import type { HandleCache } from './handle-cache.ts';
import { LogRewrite } from './log-file.ts';
import { scanLog } from './log-scan.ts';
import type { RecordBody } from './record.ts';

/** What is read or written before others may use the thread. */
const PIECE_BYTES = 1_048_576;

/** Chunks that are written at once. */
const CHUNKS_AT_ONCE = 256;

/** A piece of a document's text; offsets count UTF-16 units of the whole. */
export interface TextChunk {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A line of the file that holds a document's text. */
type ChunkRecord = RecordBody & { readonly type: 'chunk' } & TextChunk;

/** The files of documents: bytes as they are, and the text that was found in them. */
export class DocumentFiles {
  readonly #files: HandleCache;
  /** Files that are being written and that no catalog knows yet. */
  readonly #unpublished = new Set<string>();

  constructor(files: HandleCache) {
    this.#files = files;
  }

  /** Whether a file that no catalog knows is about to be published. */
  isUnpublished(path: string): boolean {
    return this.#unpublished.has(path);
  }

  /**
   * Writes a file piece by piece and flushes it, then runs what makes it known. It is removed again
   * when either fails.
   */
  async publish<T>(
    path: string,
    content: AsyncIterable<Uint8Array>,
    makeKnown: () => Promise<T>,
  ): Promise<T> {
    this.#unpublished.add(path);
    try {
      await this.write(path, content);
      return await makeKnown();
    } catch (error) {
      await this.#files.remove(path).catch(() => undefined);
      throw error;
    } finally {
      this.#unpublished.delete(path);
    }
  }

  /** Writes a file piece by piece and flushes it. */
  async write(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    let size = 0;
    await this.#files.useCreating(path, (file) => file.truncate(0));
    for await (const piece of content) {
      const at = size;
      await this.#files.useCreating(path, (file) => {
        if (file.size() !== at) throw removedError(path);
        file.write(piece, at);
      });
      size += piece.length;
    }
    await this.#files.useCreating(path, (file) => {
      if (file.size() !== size) throw removedError(path);
      return file.flush();
    });
  }

  /** The bytes of a file, in pieces, each of which is good until the next one is asked for. */
  async *read(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    const piece = new Uint8Array(PIECE_BYTES);
    for (let at = 0; ;) {
      const offset = at;
      const length = await this.#files.use(path, (file) => file.read(piece, offset));
      if (length === null || length === 0) return;
      yield piece.subarray(0, length);
      at += length;
    }
  }

  /**
   * The whole file, of which no more than a piece is in this thread's memory at a time; `null` when it
   * is not there, or not as long as it should be.
   */
  async readBlob(
    path: string,
    { type, size }: { readonly type: string; readonly size: number },
    onPiece: (piece: Uint8Array) => void = () => undefined,
  ): Promise<Blob | null> {
    const parts: Blob[] = [];
    for await (const piece of this.read(path)) {
      onPiece(piece);
      parts.push(new Blob([piece]));
    }
    const content = new Blob(parts, { type });
    const isThere = (await this.#files.use(path, () => true)) ?? false;
    return isThere && content.size === size ? content : null;
  }

  /** Writes the text of a document, whole or not at all; gives the bytes that it takes. */
  async writeText(path: string, chunks: readonly TextChunk[]): Promise<number> {
    const log = await LogRewrite.fresh(path, this.#files);
    try {
      for (let at = 0; at < chunks.length; at += CHUNKS_AT_ONCE) {
        const some = chunks.slice(at, at + CHUNKS_AT_ONCE);
        await log.append(some.map((chunk): ChunkRecord => ({ type: 'chunk', ...chunk })));
      }
      await log.commit();
    } catch (error) {
      await log.abandon().catch(() => undefined);
      throw error;
    }
    return log.end;
  }

  /** The text of a document; `null` where it is missing or damaged and has to be extracted anew. */
  async readText(path: string): Promise<TextChunk[] | null> {
    const chunks: TextChunk[] = [];
    let isWhole = false;
    await this.#files.use(path, (file) => {
      let hasHeader = false;
      const { damaged, end } = scanLog(file, 0, ({ record }) => {
        hasHeader ||= record.type === 'epoch';
        if (record.type !== 'chunk') return;
        const { index, start, end, text } = record as unknown as ChunkRecord;
        chunks.push({ index, start, end, text });
      });
      // The header is written last, so with it nothing can be torn, only damaged.
      isWhole = hasHeader && damaged.length === 0 && end === file.size();
    });
    return isWhole ? chunks : null;
  }
}

/** A folder that is deleted takes the beginning of a file with it. */
function removedError(path: string): FFStorageError {
  return new FFStorageError(`${path} was removed while it was being written.`, {
    code: 'not-found',
  });
}
