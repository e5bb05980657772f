import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import type { ArchivedFile, Manifest } from '../../../worker/archive/manifest.ts';
import type { ArchiveSource } from '../../../worker/archive/source.ts';
import type { ArchiveEntry } from '../../../worker/archive/write.ts';

export interface Content {
  readonly name: string;
  readonly chunks: readonly Uint8Array[];
  readonly compress: boolean;
}

/** A source over bytes in memory. */
export function sourceOf(bytes: Uint8Array): ArchiveSource {
  return {
    size: bytes.length,
    read(into, at) {
      const present = bytes.subarray(at, at + into.length);
      into.set(present);
      return present.length;
    },
  };
}

export async function* asyncOf<T>(items: Iterable<T>): AsyncGenerator<T, void> {
  for (const item of items) yield item;
}

export async function* entriesOf(contents: readonly Content[]): AsyncGenerator<ArchiveEntry, void> {
  for (const { name, chunks, compress } of contents) {
    yield { name, content: asyncOf(chunks), compress };
  }
}

/** A manifest that counts nothing. */
export function emptyManifest(files: readonly ArchivedFile[]): Manifest {
  return {
    format: 'flatfile-chat-backup',
    version: 1,
    createdAt: '2025-03-01T09:30:00.000Z',
    counts: {
      users: 0,
      sessions: 0,
      messages: 0,
      documents: 0,
      personas: 0,
      panels: 0,
      panelMessages: 0,
    },
    users: [],
    files,
  };
}

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

export async function arrayOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const array: T[] = [];
  for await (const item of items) array.push(item);
  return array;
}

export async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _item of items);
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * What a reader that shares no code with the product finds in a ZIP, by name. It goes by the
 * directory, as every ordinary tool does, and knows no ZIP64.
 */
export function readIndependently(bytes: Uint8Array): Map<string, Uint8Array> {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  const files = new Map<string, Uint8Array>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const header = zip.readUInt32LE(at + 42);
    const dataAt = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
    const data = zip.subarray(dataAt, dataAt + zip.readUInt32LE(at + 20));
    files.set(name, zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(data) : data);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}
