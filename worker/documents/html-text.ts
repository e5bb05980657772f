import { Parser } from 'htmlparser2';
import { NoTextError } from './no-text.ts';
import type { TextCollector } from './text-collector.ts';

/** UTF-16 units parsed at once; afterwards it is seen whether there is enough. */
const SLICE = 65_536;

/** The parser keeps open elements in an array that it shifts: very many of them take very long. */
const MAX_DEPTH = 10_000;

const HIDDEN: ReadonlySet<string> = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'iframe',
  'object',
]);

const BLOCKS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body center details dialog dir div dl fieldset figcaption figure ' +
    'footer form h1 h2 h3 h4 h5 h6 head header hgroup hr main menu nav ol p pre section summary ' +
    'table textarea title ul'
  ).split(' '),
);

const LINES: ReadonlySet<string> = new Set(
  'br caption dd dt legend li optgroup option select tbody tfoot thead tr'.split(' '),
);

const CELLS: ReadonlySet<string> = new Set(['td', 'th']);

const PREFORMATTED: ReadonlySet<string> = new Set(['pre', 'textarea']);

/**
 * Adds the text of HTML: blocks between blank lines, list items and table rows on lines of their own,
 * cells between tabs, what images show in words. Without scripts and styles.
 *
 * @throws NoTextError `damaged` for elements that are nested without end.
 */
export function addHtmlText(html: string, collector: TextCollector, isXml: boolean): void {
  const parser = new Parser(new PageText(collector), {
    decodeEntities: true,
    recognizeCDATA: isXml,
    recognizeSelfClosing: isXml,
  });
  for (let at = 0; at < html.length && !collector.isFull; at += SLICE) {
    parser.write(html.slice(at, at + SLICE));
  }
  parser.end();
}

/** What the parser calls. */
class PageText {
  readonly #collector: TextCollector;
  #element = '';
  #depth = 0;
  #hidden = 0;
  #preformatted = 0;
  /** White space that counts as soon as text follows it on the line. */
  #space = '';

  constructor(collector: TextCollector) {
    this.#collector = collector;
  }

  onopentagname(name: string): void {
    this.#element = name;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) {
      throw new NoTextError(
        'damaged',
        `The elements of the document lie more than ${MAX_DEPTH} deep in each other.`,
      );
    }
    if (HIDDEN.has(name)) this.#hidden += 1;
    if (PREFORMATTED.has(name)) this.#preformatted += 1;
    this.#separate(name);
  }

  onattribute(name: string, value: string): void {
    if (this.#element === 'img' && name === 'alt') this.ontext(value);
  }

  onclosetag(name: string): void {
    this.#depth -= 1;
    if (HIDDEN.has(name)) this.#hidden -= 1;
    if (PREFORMATTED.has(name)) this.#preformatted -= 1;
    this.#separate(name);
  }

  ontext(text: string): void {
    if (this.#hidden > 0) return;
    if (this.#preformatted > 0) {
      this.#collector.add(text.replace(/\n$/, ''));
      if (text.endsWith('\n')) this.#collector.endLine();
      return;
    }
    const words = text.replace(/\s+/g, ' ');
    if (words === ' ') {
      this.#space ||= ' ';
      return;
    }
    const space = words.startsWith(' ') ? this.#space || ' ' : this.#space;
    this.#collector.add((this.#collector.isAtLineStart ? '' : space) + words.trim());
    this.#space = words.endsWith(' ') ? ' ' : '';
  }

  #separate(name: string): void {
    if (CELLS.has(name)) {
      this.#space = '\t';
      return;
    }
    if (BLOCKS.has(name)) this.#collector.endBlock();
    else if (LINES.has(name)) this.#collector.endLine();
    else return;
    this.#space = '';
  }
}
