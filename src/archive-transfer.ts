import type { EngineCall } from './connection.ts';
import type { BackupScope, ExportTicket } from './shared/contract.ts';
import { FFStorageError, FFValidationError } from './shared/errors.ts';
import type { FFImportReportDTO, FFProgress } from './shared/model/backup.ts';
import type { TransferControl } from './validation/backups.ts';

/** Longest piece of an archive that is sent at once: a larger one would keep both threads busy. */
const MAX_PIECE_BYTES = 262_144;

/**
 * An archive as a stream. It asks the engine for a piece whenever one is read and for none ahead, so
 * that the archive is never in memory as a whole.
 */
export async function exportArchive(
  call: EngineCall,
  scope: BackupScope,
  control: TransferControl,
): Promise<ReadableStream<Uint8Array>> {
  throwIfAborted(control.signal, 'export');
  return streamArchive(call, () => call('openExport', scope), control);
}

/**
 * The same of an archive that is begun in some way.
 *
 * @param onEnd called once, when nothing more will be asked of the engine
 */
export async function streamArchive(
  call: EngineCall,
  open: () => Promise<ExportTicket>,
  { signal, onProgress }: TransferControl,
  onEnd: () => Promise<void> = async () => undefined,
): Promise<ReadableStream<Uint8Array>> {
  let exportId: string;
  try {
    ({ exportId } = await open());
  } catch (error) {
    await onEnd();
    throw error;
  }
  const listening = new AbortController();
  const cancel = async (): Promise<void> => {
    if (listening.signal.aborted) return;
    listening.abort();
    await end(call, 'cancelExport', exportId);
    await onEnd();
  };
  if (signal?.aborted) {
    await cancel();
    throw abortedError(signal, 'export');
  }

  let doneBytes = 0;
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const abort = (): void => {
          controller.error(abortedError(signal, 'export'));
          void cancel();
        };
        signal?.addEventListener('abort', abort, { signal: listening.signal });
      },
      pull: async (controller) => {
        try {
          const piece = await call('readExport', exportId);
          // Aborted or cancelled meanwhile.
          if (listening.signal.aborted) return;
          if (piece === null) {
            listening.abort();
            await onEnd();
            controller.close();
            return;
          }
          doneBytes += piece.byteLength;
          controller.enqueue(piece);
          onProgress?.({ doneBytes });
        } catch (error) {
          await cancel();
          throw error;
        }
      },
      cancel,
    },
    { highWaterMark: 0 },
  );
}

/** Sends an archive to the engine, then has it restored. Whatever fails ends both sides of it. */
export async function importArchive(
  call: EngineCall,
  archive: Blob | ReadableStream<unknown>,
  scope: BackupScope,
  control: TransferControl,
): Promise<FFImportReportDTO> {
  const { signal } = control;
  const stream: ReadableStream<unknown> = 'size' in archive ? archive.stream() : archive;
  const reader = stream.getReader();
  const cancelReader = (reason: unknown): void => void reader.cancel(reason).catch(() => undefined);
  // Ends the wait for a source that is slow, or silent for ever.
  const abort = (): void => cancelReader(abortedError(signal, 'import'));
  let importId: string | undefined;
  try {
    throwIfAborted(signal, 'import');
    signal?.addEventListener('abort', abort);
    importId = await call('openImport', scope);
    const totalBytes = 'size' in archive ? archive.size : undefined;
    const sentBytes = await send(call, importId, reader, totalBytes, control);
    return await restore(call, importId, sentBytes, control);
  } catch (error) {
    cancelReader(error);
    if (importId !== undefined) await end(call, 'cancelImport', importId);
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function send(
  call: EngineCall,
  importId: string,
  reader: ReadableStreamDefaultReader<unknown>,
  totalBytes: number | undefined,
  { signal, onProgress }: TransferControl,
): Promise<number> {
  let sentBytes = 0;
  for (;;) {
    const { value, done } = await reader.read().catch(unreadable);
    throwIfAborted(signal, 'import');
    if (done) return sentBytes;
    for (const piece of piecesOf(value)) {
      await call('writeImport', importId, piece);
      throwIfAborted(signal, 'import');
      sentBytes += piece.byteLength;
      onProgress?.(progressOf(sentBytes / 2, totalBytes));
    }
  }
}

async function restore(
  call: EngineCall,
  importId: string,
  sentBytes: number,
  { signal, onProgress }: TransferControl,
): Promise<FFImportReportDTO> {
  let share = 0;
  for (;;) {
    throwIfAborted(signal, 'import');
    const { doneBytes, totalBytes, report } = await call('continueImport', importId);
    if (report !== undefined) {
      onProgress?.(progressOf(sentBytes, sentBytes));
      return report;
    }
    // The engine counts what is in the archive, which is more than the archive is long.
    share = Math.max(share, totalBytes > 0 ? Math.min(doneBytes / totalBytes, 1) : 0);
    onProgress?.(progressOf((sentBytes / 2) * (1 + share), sentBytes));
  }
}

function progressOf(doneBytes: number, totalBytes: number | undefined): FFProgress {
  const done = Math.floor(doneBytes);
  return totalBytes === undefined ? { doneBytes: done } : { doneBytes: done, totalBytes };
}

/** The bytes in pieces that may be sent; each has its buffer to itself, since the whole of it is. */
function* piecesOf(value: unknown): Generator<Uint8Array> {
  if (!(value instanceof Uint8Array)) {
    throw new FFValidationError('archive: must be a stream of Uint8Array', { field: 'archive' });
  }
  for (let start = 0; start < value.length; start += MAX_PIECE_BYTES) {
    yield value.slice(start, start + MAX_PIECE_BYTES);
  }
}

function unreadable(cause: unknown): never {
  throw new FFStorageError(`The archive could not be read: ${String(cause)}`, {
    code: 'io',
    cause,
  });
}

async function end(
  call: EngineCall,
  method: 'cancelExport' | 'cancelImport',
  id: string,
): Promise<void> {
  try {
    await call(method, id);
  } catch {
    // The store was closed or its worker lost, and the transfer with it.
  }
}

function throwIfAborted(signal: AbortSignal | undefined, what: 'export' | 'import'): void {
  if (signal?.aborted) throw abortedError(signal, what);
}

function abortedError(signal: AbortSignal | undefined, what: 'export' | 'import'): FFStorageError {
  return new FFStorageError(`The ${what} was aborted.`, { code: 'aborted', cause: signal?.reason });
}
