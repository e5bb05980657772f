import { getDocument, VerbosityLevel, type PDFDocumentProxy } from 'unpdf/pdfjs';
import { nextTask } from '../next-task.ts';
import { NoTextError } from './no-text.ts';
import type { DocumentSource } from './reader.ts';
import { ignoreStrayRejections } from './stray-rejections.ts';
import { TextCollector } from './text-collector.ts';

/**
 * The text of a PDF, lines as they are set, pages between blank lines. Pages that cannot be read are
 * left out when others can.
 */
export async function readPdf({ bytes }: DocumentSource): Promise<string> {
  ignoreStrayRejections();
  const task = getDocument({
    data: bytes,
    verbosity: VerbosityLevel.ERRORS,
    // Text needs no glyphs; and nothing is to be asked of the network or run as code.
    disableFontFace: true,
    isEvalSupported: false,
    useSystemFonts: false,
    useWasm: false,
    useWorkerFetch: false,
  });
  try {
    return await textOf(await task.promise);
  } catch (error) {
    // The class is not exported by name.
    if (error instanceof Error && error.name === 'PasswordException') {
      throw new NoTextError('encrypted', 'The PDF is encrypted and opens only with a password.');
    }
    throw error;
  } finally {
    await task.destroy();
  }
}

async function textOf(document: PDFDocumentProxy): Promise<string> {
  const collector = new TextCollector();
  let readable = 0;
  let problem: unknown;
  for (let number = 1; number <= document.numPages && !collector.isFull; number += 1) {
    try {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      for (const item of items) {
        if (!('str' in item)) continue;
        collector.add(item.str);
        if (item.hasEOL) collector.endLine();
      }
      page.cleanup();
      readable += 1;
    } catch (error) {
      problem = error;
    }
    collector.endBlock();
    // The parser runs in this thread and waits for nothing.
    await nextTask();
  }
  if (readable === 0) throw problem ?? new Error('it has no pages');
  return collector.text();
}
