import { saveAs } from '../documents/save-as.ts';

/** Where an export goes. */
export interface SaveTarget {
  readonly name: string;
  /** Reads the stream to its end; where that fails, a file that was there before is left alone. */
  save(archive: ReadableStream<Uint8Array>): Promise<void>;
}

/** The part of the File System Access API that is used; only Chromium has it. */
interface WindowWithPicker {
  readonly showSaveFilePicker?: (options: {
    readonly suggestedName: string;
    readonly types: readonly {
      readonly description: string;
      readonly accept: Readonly<Record<string, readonly string[]>>;
    }[];
  }) => Promise<FileSystemFileHandle>;
}

/**
 * Asks where to save. Must be called while a click is being handled: the browser shows its dialog
 * then only. `null` when the reader changed their mind.
 */
export async function chooseTarget(name: string): Promise<SaveTarget | null> {
  const { showSaveFilePicker } = window as WindowWithPicker;
  if (showSaveFilePicker === undefined) return downloadTarget(name);
  try {
    const handle = await showSaveFilePicker({
      suggestedName: name,
      types: [{ description: 'Backup', accept: { 'application/zip': ['.zip'] } }],
    });
    return fileTarget(handle);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** Straight to the disk: the archive is never in memory as a whole. */
function fileTarget(handle: FileSystemFileHandle): SaveTarget {
  return {
    name: handle.name,
    save: async (archive) => {
      const file = await handle.createWritable().catch(async (error: unknown) => {
        await archive.cancel(error);
        throw error;
      });
      // Written beside the file and put in its place when the stream ends; aborted where it fails.
      // The cast is about SharedArrayBuffer, which no archive is made of.
      await archive.pipeTo(file as WritableStream<Uint8Array>);
    },
  };
}

/** Gathers the archive first, where nothing but a download can reach the disk. */
function downloadTarget(name: string): SaveTarget {
  return {
    name,
    save: async (archive) => {
      const pieces: Uint8Array<ArrayBuffer>[] = [];
      // Not `new Response(archive).blob()`, which makes another error of the stream's own.
      await archive.pipeTo(
        new WritableStream({
          write: (piece: Uint8Array<ArrayBuffer>) => void pieces.push(piece),
        }) as WritableStream<Uint8Array>,
      );
      saveAs(new Blob(pieces, { type: 'application/zip' }), name);
    },
  };
}
