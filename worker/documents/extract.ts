import type { FFNoTextReason } from '../../src/shared/model/document.ts';
import { essenceOf } from '../../src/shared/mime-types.ts';
import { documentKind, type DocumentKind } from './kind.ts';
import { NoTextError } from './no-text.ts';
import { normalizeText } from './normalize-text.ts';
import { readText } from './read-text.ts';
import type { DocumentReader } from './reader.ts';
import { MAX_TEXT_LENGTH } from './text-collector.ts';

/** The text of a document, or why there is none. */
export type Extraction =
  | { readonly status: 'ready'; readonly text: string }
  | { readonly status: 'none'; readonly reason: FFNoTextReason; readonly message: string };

/** What a document is said to be. */
export interface ExtractionOptions {
  readonly mimeType: string;
  readonly filename: string;
}

/** Bytes that are read of text. No encoding takes more than three for a UTF-16 unit. */
const MAX_TEXT_BYTES = 3 * MAX_TEXT_LENGTH;

/** Bytes of a document that can be read only as a whole. */
const MAX_WHOLE_BYTES = 268_435_456;

/** Parsers are large, and most stores never see a document of most kinds. */
const LOADERS: Readonly<Record<DocumentKind, () => Promise<DocumentReader>>> = {
  text: async () => readText,
  markdown: async () => (await import('./read-markdown.ts')).readMarkdown,
  html: async () => (await import('./read-html.ts')).readHtml,
  xhtml: async () => (await import('./read-html.ts')).readHtml,
  json: async () => (await import('./read-json.ts')).readJson,
  csv: async () => (await import('./read-csv.ts')).readCsv,
  tsv: async () => (await import('./read-csv.ts')).readCsv,
  pdf: async () => (await import('./read-pdf.ts')).readPdf,
  docx: async () => (await import('./read-docx.ts')).readDocx,
};

const NAMES: Readonly<Record<DocumentKind, string>> = {
  text: 'document',
  markdown: 'Markdown',
  html: 'HTML',
  xhtml: 'XHTML',
  json: 'JSON',
  csv: 'CSV',
  tsv: 'TSV',
  pdf: 'PDF',
  docx: 'Word document',
};

/**
 * Takes the text from a document, at most 20 million UTF-16 units of it: lines end with `\n`, blocks
 * are separated by blank lines, at most two of them.
 *
 * Whatever is wrong with the content is told as `none`: `unsupported` (no kind that text can be taken
 * from, binary data that is said to be text, or too large to be unpacked), `empty`, `damaged`,
 * `encrypted`. Rejects only where the content is not to blame: when it cannot be read from where it
 * lies, or when a parser cannot be loaded.
 */
export async function extractText(
  content: Blob,
  { mimeType, filename }: ExtractionOptions,
): Promise<Extraction> {
  const kind = documentKind(mimeType, filename);
  if (kind === undefined) {
    const type = essenceOf(mimeType) || 'application/octet-stream';
    return none('unsupported', `Text cannot be taken from ${type} (${JSON.stringify(filename)}).`);
  }
  if (content.size === 0) return none('empty', 'The document is empty.');
  const isWhole = kind === 'pdf' || kind === 'docx';
  if (isWhole && content.size > MAX_WHOLE_BYTES) {
    return none(
      'unsupported',
      `The ${NAMES[kind]} has ${content.size} bytes; at most ${MAX_WHOLE_BYTES} can be read.`,
    );
  }
  const read = await LOADERS[kind]();
  const part = isWhole ? content : content.slice(0, MAX_TEXT_BYTES);
  const bytes = new Uint8Array(await part.arrayBuffer());
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(mimeType)?.[1] ?? '';
  try {
    const text = normalizeText(
      await read({ kind, bytes, isCut: part.size < content.size, charset }),
    );
    if (text !== '') return { status: 'ready', text };
    return none(
      'empty',
      kind === 'pdf'
        ? 'The PDF holds no text; its pages may be images.'
        : `The ${NAMES[kind]} holds no text.`,
    );
  } catch (error) {
    if (error instanceof NoTextError) return none(error.reason, error.message);
    const why = error instanceof Error ? error.message : String(error);
    return none('damaged', `The ${NAMES[kind]} cannot be read: ${why}`);
  }
}

function none(reason: FFNoTextReason, message: string): Extraction {
  return { status: 'none', reason, message };
}
