import { Uint8ArrayReader, ZipReader, type Entry } from '@zip.js/zip.js';
import mammoth from 'mammoth';
import { NoTextError } from './no-text.ts';
import type { DocumentSource } from './reader.ts';

/** Bytes of XML in a document; as a tree in memory it takes many times that. */
const MAX_XML_BYTES = 67_108_864;

/** How old Office files begin, and what new ones are wrapped in when they have a password. */
const OLE_MAGIC = [0xd0, 0xcf, 0x11, 0xe0] as const;

/** The paragraphs of a Word document between blank lines; without notes, headers and footers. */
export async function readDocx({ bytes }: DocumentSource): Promise<string> {
  if (OLE_MAGIC.every((byte, at) => bytes[at] === byte)) {
    if (new TextDecoder('utf-16le').decode(bytes).includes('EncryptedPackage')) {
      throw new NoTextError('encrypted', 'The document is encrypted with a password.');
    }
    throw new NoTextError(
      'unsupported',
      'The document is in the format that Word had before 2007.',
    );
  }
  await checkSizes(bytes);
  const { buffer } = bytes;
  // It takes `buffer` in Node and `arrayBuffer` in browsers.
  const input = { buffer, arrayBuffer: buffer } as { arrayBuffer: ArrayBuffer };
  const { value } = await mammoth.extractRawText(input);
  return value;
}

/** Refuses archives whose XML is larger than it should be, or than they say. */
async function checkSizes(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const zip = new ZipReader(new Uint8ArrayReader(bytes), { useWebWorkers: false });
  try {
    const entries = (await zip.getEntries()).filter(({ filename }) =>
      /\.(?:xml|rels)$/i.test(filename),
    );
    if (entries.some(({ encrypted }) => encrypted)) {
      throw new NoTextError('encrypted', 'The document is an encrypted archive.');
    }
    const declared = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0);
    if (declared > MAX_XML_BYTES) throw tooLarge();
    let unpacked = 0;
    for (const entry of entries) {
      await unpack(entry, (length) => {
        unpacked += length;
        if (unpacked > MAX_XML_BYTES) throw tooLarge();
      });
    }
  } finally {
    await zip.close();
  }
}

/** What an archive declares may be a lie, and then it must not be found out in one piece. */
async function unpack(entry: Entry, onBytes: (length: number) => void): Promise<void> {
  if (entry.directory) return;
  const counter = new WritableStream<Uint8Array>({ write: ({ length }) => onBytes(length) });
  await entry.getData(counter, { useWebWorkers: false });
}

function tooLarge(): NoTextError {
  return new NoTextError(
    'unsupported',
    `The document unpacks to more than ${MAX_XML_BYTES} bytes of XML.`,
  );
}
