import type { FFDocumentDTO } from 'flatfile-chat';
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { describeFailure } from '../state/failure.ts';
import { formatBytes } from '../ui/format-bytes.ts';
import { Modal } from '../ui/modal.tsx';
import { previewKind } from './document-kind.ts';

/** More than this would make the page slow, and nobody reads it in a dialog. */
const MAX_TEXT_BYTES = 256_000;

type Preview =
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean }
  | { readonly kind: 'picture'; readonly url: string }
  | { readonly kind: 'problem'; readonly text: string };

export interface DocumentPreviewProps {
  readonly document: FFDocumentDTO;
  onClose(): void;
}

/** A document in a dialog: a text as text, markup and all, or a picture. */
export function DocumentPreview({ document: file, onClose }: DocumentPreviewProps) {
  const { documents } = useApp();
  const [preview, setPreview] = useState<Preview | null>(null);

  useEffect(() => {
    let isClosed = false;
    let url: string | undefined;
    const load = async (): Promise<Preview> => {
      const content = await documents.content(file);
      if (content === null) return { kind: 'problem', text: 'It was stored without content.' };
      if (previewKind(file) === 'picture') {
        if (!isClosed) url = URL.createObjectURL(content);
        return { kind: 'picture', url: url ?? '' };
      }
      const text = await content.slice(0, MAX_TEXT_BYTES).text();
      return { kind: 'text', text, isCut: content.size > MAX_TEXT_BYTES };
    };
    load()
      .catch((error: unknown): Preview => ({
        kind: 'problem',
        text: describeFailure(error).message,
      }))
      .then((loaded) => isClosed || setPreview(loaded))
      .catch(() => undefined);
    return () => {
      isClosed = true;
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, []);

  return (
    <Modal title={file.originalName} onClose={onClose}>
      <div class="document-preview" aria-busy={preview === null}>
        {preview?.kind === 'text' && (
          // Focusable, because a keyboard has no other way to scroll it.
          <pre tabIndex={0} dir="auto" aria-label="Content">
            {preview.text}
          </pre>
        )}
        {preview?.kind === 'picture' && <img src={preview.url} alt={file.originalName} />}
        {preview?.kind === 'problem' && (
          <p class="field-error" role="alert">
            {preview.text}
          </p>
        )}
      </div>
      <div class="modal-actions">
        {preview?.kind === 'text' && preview.isCut && (
          <p class="document-cut">
            The first {formatBytes(MAX_TEXT_BYTES)} of {formatBytes(file.size)}
          </p>
        )}
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Modal>
  );
}
