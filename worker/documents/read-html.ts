import { decodeText } from './decode-text.ts';
import { addHtmlText } from './html-text.ts';
import type { DocumentSource } from './reader.ts';
import { TextCollector } from './text-collector.ts';

/** The text of a page, its title first. */
export function readHtml(source: DocumentSource): string {
  const collector = new TextCollector();
  addHtmlText(decodeText(source), collector, source.kind === 'xhtml');
  return collector.text();
}
