import type { FFDocumentDTO } from 'flatfile-chat';

const LABELS_BY_TYPE: Readonly<Record<string, string>> = {
  'application/json': 'JSON',
  'application/pdf': 'PDF',
  'application/rtf': 'RTF',
  'application/xml': 'XML',
  'application/zip': 'ZIP archive',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'Word document',
  'text/csv': 'CSV table',
  'text/html': 'HTML',
  'text/markdown': 'Markdown',
  'text/plain': 'Text',
  'text/tab-separated-values': 'TSV table',
  'text/xml': 'XML',
};

const TEXT_TYPES = /^(?:text\/.+|application\/(?:json|xml|x-ndjson|yaml|toml|.+\+(?:json|xml)))$/;
/** Not SVG, which is a document with scripts rather than a picture. */
const PICTURE_TYPES = /^image\/(?:avif|bmp|gif|jpeg|png|webp)$/;

/** What kind of file it is, in a word. */
export function kindLabel({ mimeType, originalName }: FFDocumentDTO): string {
  const known = LABELS_BY_TYPE[mimeType];
  if (known !== undefined) return known;
  const [kind] = mimeType.split('/');
  if (kind === 'image' || kind === 'audio' || kind === 'video') {
    return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  }
  const ending = /\.([^.]{1,8})$/.exec(originalName)?.[1];
  return ending === undefined ? mimeType : `${ending.toUpperCase()} file`;
}

/** How the page can show a document; `null` when it can only be downloaded. */
export function previewKind({ mimeType, size }: FFDocumentDTO): 'text' | 'picture' | null {
  if (size === 0) return null;
  if (PICTURE_TYPES.test(mimeType)) return 'picture';
  return TEXT_TYPES.test(mimeType) ? 'text' : null;
}

/** How far its text has come, in words. */
export function textLabel({ text }: FFDocumentDTO): string {
  switch (text.status) {
    case 'pending':
      return 'Reading the text…';
    case 'ready': {
      const characters = `${text.characters.toLocaleString('en')} characters`;
      return `Searchable: ${characters} in ${text.chunks.toLocaleString('en')} ${
        text.chunks === 1 ? 'chunk' : 'chunks'
      }`;
    }
    case 'none':
      return `Not searchable. ${text.message}`;
  }
}
