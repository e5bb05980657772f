import * as v from 'valibot';
import { matchesType } from '../shared/mime-types.ts';
import type { FFConfigurationManagerConfigDTO } from '../shared/config.ts';
import type { DocumentFilter, DocumentQuery, NewDocument } from '../shared/contract.ts';
import { FFValidationError } from '../shared/errors.ts';
import { createId } from '../shared/ids.ts';
import { label, query, type Fields } from './fields.ts';
import { mimePattern, mimeType, typeOfName } from './mime-type.ts';
import { count, dropUndefined, options, parse, preview } from './parse.ts';
import { isBlob, tagOf } from './platform.ts';
import { timestamp } from './timestamp.ts';

/** UTF-16 units of a file's name, longer than any file system lets one be, and of a path. */
const MAX_NAME_LENGTH = 1_024;
const MAX_PATH_LENGTH = 4_096;

/** Results of a search for documents that names no limit. */
const DEFAULT_SEARCH_LIMIT = 50;

/** A checked document and its bytes, which nobody can change any more. */
export interface DocumentToStore {
  readonly document: NewDocument;
  readonly content?: Blob;
}

/** Checks documents, their bytes and what is looked for in them. */
export function createDocumentValidator(
  { id, idList, metadata }: Fields,
  { storage, document: { allowedMimeTypes } }: FFConfigurationManagerConfigDTO,
) {
  const name = label(MAX_NAME_LENGTH);
  const document = v.pipe(
    options({
      originalName: v.optional(name),
      filename: v.optional(name),
      mimeType: v.optional(mimeType),
      path: v.optional(label(MAX_PATH_LENGTH)),
      size: v.optional(count),
      uploadedBy: v.optional(label(MAX_NAME_LENGTH)),
      uploadedAt: v.optional(timestamp),
      metadata: v.optional(metadata),
      // A document that was read may be stored again; these are the store's to say.
      documentId: v.optional(v.unknown()),
      sessionId: v.optional(v.unknown()),
      sha256: v.optional(v.unknown()),
      text: v.optional(v.unknown()),
    }),
    v.forward(
      v.check(
        ({ originalName, filename }) => (originalName ?? filename) !== undefined,
        'is required where there is no filename',
      ),
      ['originalName'],
    ),
    v.transform(({ documentId: _d, sessionId: _s, sha256: _h, text: _t, ...known }) => {
      const { originalName = '', filename = originalName, ...rest } = known;
      return { ...rest, originalName: originalName || filename, filename };
    }),
  );
  const filter = options({
    sessionId: v.optional(id),
    documentType: v.optional(mimePattern),
    limit: v.optional(count),
  });
  const searchOptions = options({
    sessionIds: v.optional(idList),
    documentTypes: v.optional(
      v.array(mimePattern, (issue) => `must be a list of MIME types; got ${preview(issue.input)}`),
    ),
    limit: v.optional(count, DEFAULT_SEARCH_LIMIT),
  });

  function checkSize(bytes: Blob): void {
    if (bytes.size <= storage.maxDocumentBytes) return;
    throw new FFValidationError(
      `content: must have at most ${storage.maxDocumentBytes} bytes (storage.maxDocumentBytes); got ${bytes.size}`,
      { field: 'content' },
    );
  }

  function checkType(type: string): void {
    if (
      allowedMimeTypes === undefined ||
      allowedMimeTypes.some((pattern) => matchesType(type, pattern))
    )
      return;
    throw new FFValidationError(
      `mimeType: must be one of ${allowedMimeTypes.join(', ')} (document.allowedMimeTypes); got ${preview(type)}`,
      { field: 'mimeType' },
    );
  }

  return {
    newDocument: (value: unknown, content: unknown): DocumentToStore => {
      const { size, ...rest } = parse(document, value, '', 'document');
      const type = rest.mimeType ?? typeOf(content, [rest.originalName, rest.filename]);
      checkType(type);
      const checked = dropUndefined({ ...rest, mimeType: type, documentId: createId() });
      if (content === undefined) return { document: dropUndefined({ ...checked, size }) };
      const bytes = toBlob(content);
      checkSize(bytes);
      return { document: checked, content: bytes };
    },
    documentFilter: (value: unknown): DocumentFilter =>
      dropUndefined(parse(filter, value, '', 'options')),
    documentQuery: (value: unknown, optionsValue: unknown): DocumentQuery =>
      dropUndefined({
        query: parse(query, value, 'query'),
        ...parse(searchOptions, optionsValue, '', 'options'),
      }),
  };
}

/** The bytes as they are now: a copy of what could be changed while they are being stored. */
function toBlob(content: unknown): Blob {
  try {
    if (typeof content === 'string' || isBlob(content) || isBuffer(content)) {
      return new Blob([content]);
    }
  } catch (cause) {
    // Memory that threads share, for one, is refused.
    throw contentError(content, cause);
  }
  throw contentError(content);
}

function contentError(content: unknown, cause?: unknown): FFValidationError {
  return new FFValidationError(
    `content: must be a Blob, an ArrayBuffer, a view of one or a string; got ${preview(content)}`,
    { field: 'content', cause },
  );
}

/** What the content says of itself, else what a name says, else what its form says. */
function typeOf(content: unknown, names: readonly string[]): string {
  const declared = isBlob(content) ? v.safeParse(mimeType, content.type) : undefined;
  if (declared?.success) return declared.output;
  for (const name of names) {
    const type = typeOfName(name);
    if (type !== undefined) return type;
  }
  return typeof content === 'string' ? 'text/plain' : 'application/octet-stream';
}

function isBuffer(value: unknown): value is BlobPart {
  return ArrayBuffer.isView(value) || tagOf(value) === '[object ArrayBuffer]';
}
