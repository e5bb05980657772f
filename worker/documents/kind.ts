import { essenceOf } from '../../src/shared/mime-types.ts';

/** A way of taking text from a document. */
export type DocumentKind =
  | 'text'
  | 'markdown'
  | 'html'
  | 'xhtml'
  | 'json'
  | 'csv'
  | 'tsv'
  | 'pdf'
  | 'docx';

/** MIME types that are no kind of text by the rules below them, or another one. */
const KIND_BY_TYPE: ReadonlyMap<string, DocumentKind> = new Map([
  ['text/html', 'html'],
  ['application/xhtml+xml', 'xhtml'],
  ['text/markdown', 'markdown'],
  ['text/x-markdown', 'markdown'],
  ['text/csv', 'csv'],
  ['application/csv', 'csv'],
  ['text/tab-separated-values', 'tsv'],
  ['application/json', 'json'],
  ['application/json5', 'text'],
  ['application/jsonl', 'json'],
  ['application/jsonlines', 'json'],
  ['application/ndjson', 'json'],
  ['application/x-jsonlines', 'json'],
  ['application/x-ndjson', 'json'],
  ['text/json', 'json'],
  ['application/pdf', 'pdf'],
  ['application/x-pdf', 'pdf'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.template', 'docx'],
  ['application/vnd.ms-word.document.macroenabled.12', 'docx'],
  ['application/vnd.ms-word.template.macroenabled.12', 'docx'],
]);

/** Types outside of `text/` whose documents are text all the same; an `x-` before the name is skipped. */
const TEXT_TYPES =
  /^application\/(?:x-)?(?:xml|xml-dtd|yaml|toml|javascript|ecmascript|typescript|sql|graphql|sh|shellscript|csh|perl|python|ruby|php|httpd-php|latex|tex|tcl|subrip|mbox|rss|atom)$/;

/** `text/` types whose documents would be found by their markup more than by their text. */
const UNREADABLE_TEXT = /^text\/(?:rtf|richtext)$/;

/**
 * Types that say too little to go by: what browsers give when they do not know, and what Windows
 * calls CSV files and media players call TypeScript.
 */
const VAGUE_TYPES: ReadonlySet<string> = new Set([
  '',
  'application/octet-stream',
  'binary/octet-stream',
  'application/vnd.ms-excel',
  'video/mp2t',
]);

const KIND_BY_ENDING: ReadonlyMap<string, DocumentKind> = new Map(
  Object.entries({
    text:
      'txt text log md5 sha256 rst adoc asciidoc org tex bib srt vtt ics vcf eml mbox diff patch ' +
      'xml xsd xsl xslt svg rss atom yaml yml toml ini cfg conf properties env json5 ' +
      'js mjs cjs jsx ts mts cts tsx vue svelte css scss sass less ' +
      'py pyi rb php pl pm lua r jl go rs c h cc cpp cxx hh hpp hxx cs fs fsx vb java kt kts scala ' +
      'swift m mm dart ex exs erl hrl hs ml mli clj cljs lisp scm el nim zig v sol asm s ' +
      'sh bash zsh fish ps1 psm1 bat cmd awk sql graphql gql proto tf hcl gradle groovy cmake mk',
    markdown: 'md markdown mdown mkd mdx',
    html: 'html htm',
    xhtml: 'xhtml xht',
    json: 'json jsonl ndjson geojson jsonld webmanifest map har ipynb',
    csv: 'csv',
    tsv: 'tsv tab',
    pdf: 'pdf',
    docx: 'docx docm dotx dotm',
  } satisfies Record<DocumentKind, string>).flatMap(([kind, endings]) =>
    endings.split(' ').map((ending) => [ending, kind as DocumentKind] as const),
  ),
);

/**
 * How text is to be taken from a document; undefined when it cannot be. The MIME type decides; the
 * ending of the file's name does where the type says too little.
 */
export function documentKind(mimeType: string, filename: string): DocumentKind | undefined {
  const type = essenceOf(mimeType);
  if (VAGUE_TYPES.has(type)) {
    const ending = /\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase();
    return ending === undefined ? undefined : KIND_BY_ENDING.get(ending);
  }
  const kind = KIND_BY_TYPE.get(type);
  if (kind !== undefined) return kind;
  if (type.endsWith('+json')) return 'json';
  if (type.endsWith('+xml') || type.endsWith('+yaml') || TEXT_TYPES.test(type)) return 'text';
  return type.startsWith('text/') && !UNREADABLE_TEXT.test(type) ? 'text' : undefined;
}
