import type { FFDocumentDTO } from 'flatfile-chat';
import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import { createCoalesced } from '../state/coalesced.ts';
import { describeFailure } from '../state/failure.ts';
import { createObservable, type Observable } from '../state/observable.ts';
import type { DroppedFiles } from './dropped-files.ts';

/** A file on its way into the store. */
export interface Upload {
  readonly id: number;
  readonly sessionId: string;
  readonly name: string;
  readonly size: number;
}

export interface DocumentsState {
  /** Of all conversations, newest first. */
  readonly documents: readonly FFDocumentDTO[];
  readonly uploads: readonly Upload[];
  /** Whether the list has been read at all: an empty one looks different from an unread one. */
  readonly known: boolean;
}

export interface Documents {
  readonly state: Observable<DocumentsState>;
  refresh(): Promise<void>;
  /** Stores files one after another; what cannot be stored is told in a notice. */
  add(sessionId: string, dropped: DroppedFiles): Promise<void>;
  content(document: FFDocumentDTO): Promise<Blob | null>;
  remove(document: FFDocumentDTO): Promise<void>;
}

export interface DocumentsListeners {
  onProblem(text: string): void;
  onAdded(text: string): void;
}

export function createDocuments(
  store: ChatStore,
  { onProblem, onAdded }: DocumentsListeners,
): Documents {
  const state = createObservable<DocumentsState>({ documents: [], uploads: [], known: false });
  /** The documents whose texts were waited for last. */
  let awaited = '';
  let lastUploadId = 0;

  const refresh = createCoalesced(async () => {
    const documents = await store.read((storage) => storage.listDocuments(USER_ID));
    state.update((current) => ({ ...current, documents, known: true }));
    // A failure is one of the store's and shows there; once it is open the list is read again.
    void waitForTexts().catch(() => undefined);
  });

  /** The store does not tell when a text has been extracted, but it can be waited for. */
  const waitForTexts = async (): Promise<void> => {
    const pending = state.value.documents
      .filter(({ text }) => text.status === 'pending')
      .map(({ documentId }) => documentId)
      .join(' ');
    // One that is still pending afterwards could not be read; the next opening tries again.
    if (pending === awaited) return;
    awaited = pending;
    if (pending === '') return;
    await store.read((storage) => storage.whenIdle());
    await refresh();
  };

  // A failed read has already moved the store to its failed phase, or will be repeated by the next
  // change.
  store.onChange(() => void refresh().catch(() => undefined));

  const addFile = async (sessionId: string, file: File): Promise<boolean> => {
    try {
      await store.write((storage) =>
        storage.storeDocument(
          USER_ID,
          sessionId,
          { originalName: file.name, ...(file.type === '' ? {} : { mimeType: file.type }) },
          file,
        ),
      );
      return true;
    } catch (error) {
      onProblem(`“${file.name}” was not stored. ${describeFailure(error).message}`);
      return false;
    }
  };

  return {
    state,
    refresh,

    async add(sessionId, { files, folders }) {
      for (const name of folders) {
        onProblem(`“${name}” is a folder. Drop the files in it instead.`);
      }
      const uploads = files.map(({ name, size }) => {
        lastUploadId += 1;
        return { id: lastUploadId, sessionId, name, size };
      });
      state.update((current) => ({ ...current, uploads: [...current.uploads, ...uploads] }));
      for (const [index, file] of files.entries()) {
        const isStored = await addFile(sessionId, file);
        // In the list before it leaves the uploads, so that its row never vanishes in between.
        if (isStored) await refresh().catch(() => undefined);
        const done = uploads[index]?.id;
        state.update((current) => ({
          ...current,
          uploads: current.uploads.filter(({ id }) => id !== done),
        }));
        if (isStored) onAdded(`${file.name} added`);
      }
    },

    content: ({ sessionId, documentId }) =>
      store.read((storage) => storage.getDocumentContent(USER_ID, sessionId, documentId)),

    async remove({ sessionId, documentId }) {
      await store.write((storage) => storage.deleteDocument(USER_ID, sessionId, documentId));
      await refresh();
    },
  };
}
