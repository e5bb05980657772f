import { expect, it } from 'vitest';
import { crc32 } from '../../../worker/archive/crc32.ts';
import { formatManifest, MANIFEST_NAME } from '../../../worker/archive/manifest.ts';
import { openArchive } from '../../../worker/archive/read.ts';
import type { ArchiveSource } from '../../../worker/archive/source.ts';
import { writeArchive, type ArchiveEntry } from '../../../worker/archive/write.ts';
import {
  dataDescriptor,
  directoryRecord,
  endOfDirectory,
  localHeader,
  type ZipFile,
} from '../../../worker/archive/zip-format.ts';
import { collect, drain, emptyManifest, sha256Of, sourceOf } from './support.ts';

const unlimited = { maxTotalBytes: Number.MAX_SAFE_INTEGER };
const encoder = new TextEncoder();

it('holds more files than two bytes can count', { timeout: 30_000 }, async () => {
  const count = 66_000;
  async function* entries(): AsyncGenerator<ArchiveEntry, void> {
    for (let n = 0; n < count; n++) {
      yield { name: `n/${n}`, content: (async function* () {})(), compress: false };
    }
  }
  const bytes = await collect(writeArchive({ entries: entries(), manifest: emptyManifest }));
  const archive = await openArchive(sourceOf(bytes), unlimited);
  expect(archive.manifest.files).toHaveLength(count);
  expect(await collect(archive.content(`n/${count - 1}`))).toHaveLength(0);
});

it('holds files farther from its start than four bytes can count', async () => {
  const content = encoder.encode('far away\n');
  const name = 'shared/far';
  const files = [{ name, bytes: content.length, sha256: sha256Of(content) }];
  const parts = new Map<number, Uint8Array>();
  const zipFiles: ZipFile[] = [];

  function put(start: number, name: string, data: Uint8Array): number {
    const rawName = encoder.encode(name);
    const sizes = { crc32: crc32(data), packedBytes: data.length, bytes: data.length };
    zipFiles.push({ name: rawName, compressed: false, start, ...sizes });
    const pieces = [localHeader(rawName, false), data, dataDescriptor(sizes)];
    parts.set(start, Buffer.concat(pieces));
    return start + (parts.get(start)?.length ?? 0);
  }
  put(0, MANIFEST_NAME, formatManifest(emptyManifest(files)));
  const start = put(5 * 2 ** 30, name, content);
  const records = Buffer.concat(zipFiles.map(directoryRecord));
  const end = endOfDirectory({ count: 2, start, bytes: records.length });
  parts.set(start, Buffer.concat([records, end]));

  const archive = await openArchive(sparse(parts, start + records.length + end.length), unlimited);
  await drain(archive.verify());
  expect(Buffer.from(await collect(archive.content(name))).toString()).toBe('far away\n');
});

/** A source with zeros where there is no part. */
function sparse(parts: ReadonlyMap<number, Uint8Array>, size: number): ArchiveSource {
  return {
    size,
    read(into, at) {
      into.fill(0);
      for (const [start, bytes] of parts) {
        const from = Math.max(start, at);
        const to = Math.min(start + bytes.length, at + into.length);
        if (from < to) into.set(bytes.subarray(from - start, to - start), from - at);
      }
      return Math.min(into.length, size - at);
    },
  };
}
