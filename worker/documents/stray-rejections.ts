/** What pdf.js throws for syntax that is wrong. */
const PARSER_ERRORS: ReadonlySet<string> = new Set([
  'FormatError',
  'ParserEOFException',
  'XRefEntryException',
  'XRefParseException',
]);

/** Of Node's `process`, what is needed. */
interface NodeProcess {
  on(event: 'unhandledRejection', listener: (reason: unknown) => void): void;
  listenerCount(event: 'unhandledRejection'): number;
}

let isIgnoring = false;

/**
 * From now on, ignores rejections of pdf.js that nobody handles. It fetches all pages of a document
 * ahead and forgets those it does not come to: a damaged page would be reported to the app as an
 * error of its own, and end a process of Node.
 */
export function ignoreStrayRejections(): void {
  if (isIgnoring) return;
  isIgnoring = true;
  const { process } = globalThis as { process?: NodeProcess };
  if (process !== undefined) {
    process.on('unhandledRejection', (reason) => {
      // A listener keeps Node from doing what it does where there is none.
      if (!isParserError(reason) && process.listenerCount('unhandledRejection') === 1) throw reason;
    });
    return;
  }
  globalThis.addEventListener('unhandledrejection', (event) => {
    if (isParserError(event.reason)) event.preventDefault();
  });
}

function isParserError(reason: unknown): boolean {
  return reason instanceof Error && PARSER_ERRORS.has(reason.name);
}
