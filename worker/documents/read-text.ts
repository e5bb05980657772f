import { decodeText } from './decode-text.ts';
import type { DocumentSource } from './reader.ts';

/** Plain text, and whatever is best searched as it is written: source code, XML, settings. */
export function readText(source: DocumentSource): string {
  return decodeText(source);
}
