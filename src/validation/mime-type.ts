import { mimes } from 'mrmime';
import * as v from 'valibot';
import { preview } from './parse.ts';

/** One half of a MIME type, as long as RFC 6838 lets it be. */
const TOKEN = '[\\w!#$&^.+-]{1,127}';
const MIME_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?: *;[\\x20-\\x7e]{0,1000})?$`);
const MIME_PATTERN = new RegExp(`^(?:\\*/\\*|${TOKEN}/(?:\\*|${TOKEN}))$`);

/** A MIME type, in lower case as the type of a `Blob` always is; it may have parameters. */
export const mimeType: v.GenericSchema<string> = v.pipe(
  v.string((issue) => `must be a MIME type; got ${preview(issue.input)}`),
  v.trim(),
  v.regex(
    MIME_TYPE,
    (issue) => `must be a MIME type such as text/plain; got ${preview(issue.input)}`,
  ),
  v.toLowerCase(),
);

/** A MIME type without parameters, a group of them such as `image/*`, or all; in lower case. */
export const mimePattern: v.GenericSchema<string> = v.pipe(
  v.string((issue) => `must be a MIME type; got ${preview(issue.input)}`),
  v.trim(),
  v.regex(
    MIME_PATTERN,
    (issue) => `must be a MIME type such as text/plain or image/*; got ${preview(issue.input)}`,
  ),
  v.toLowerCase(),
);

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const EXCEL = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const POWERPOINT = 'application/vnd.openxmlformats-officedocument.presentationml.presentation';

/** Source code and the like. `mrmime` takes some of these endings for things rare in conversations. */
const PLAIN_TEXT =
  'ts tsx mts cts py rs go java kt swift c h cc cpp hpp cs rb php sh bash sql vue svelte jsonl ndjson tex diff patch';

const TYPES_BY_ENDING: ReadonlyMap<string, string> = new Map([
  ...PLAIN_TEXT.split(' ').map((ending) => [ending, 'text/plain'] as const),
  ['docx', WORD],
  ['xlsx', EXCEL],
  ['pptx', POWERPOINT],
]);

/** The type that a file name's ending speaks for, if any. */
export function typeOfName(name: string): string | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === undefined) return undefined;
  // Not `lookup`: it takes what every object inherits, such as `constructor`, for endings.
  return TYPES_BY_ENDING.get(ending) ?? (Object.hasOwn(mimes, ending) ? mimes[ending] : undefined);
}
