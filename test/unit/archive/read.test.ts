import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FFStorageError } from '../../../src/shared/errors.ts';
import { openArchive } from '../../../worker/archive/read.ts';
import type { ArchiveSource } from '../../../worker/archive/source.ts';
import { splitLines } from '../../../worker/archive/split-lines.ts';
import { writeArchive } from '../../../worker/archive/write.ts';
import {
  archiveOf,
  buildZip,
  hostileArchives,
  listed,
  manifestOf,
  soundArchive,
  utf8,
  type RawEntry,
} from '../../support/hostile-archives.ts';
import { arrayOf, asyncOf, collect, drain, emptyManifest, entriesOf, sourceOf } from './support.ts';

const MIB = 1024 * 1024;
const unlimited = { maxTotalBytes: Number.MAX_SAFE_INTEGER };

function open(bytes: Uint8Array) {
  return openArchive(sourceOf(bytes), unlimited);
}

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Everything in the archive by name, or the error that refuses it. */
async function readAll(bytes: Uint8Array): Promise<Map<string, string> | FFStorageError> {
  try {
    const archive = await open(bytes);
    await drain(archive.verify());
    const files = new Map([['manifest', JSON.stringify(archive.manifest)]]);
    for (const { name } of archive.manifest.files) {
      files.set(name, Buffer.from(await collect(archive.content(name))).toString('hex'));
    }
    return files;
  } catch (error) {
    if (error instanceof FFStorageError) return error;
    throw error;
  }
}

async function written(): Promise<Uint8Array> {
  return collect(
    writeArchive({
      entries: entriesOf([
        { name: 'a.jsonl', chunks: [utf8('{"content":"Guten Tag"}\n'.repeat(20))], compress: true },
        { name: 'b.bin', chunks: [utf8('not compressed')], compress: false },
      ]),
      manifest: emptyManifest,
    }),
  );
}

describe('openArchive', () => {
  it('reads a sound archive that another tool made', async () => {
    const archive = await open(soundArchive);
    expect(archive.manifest).toEqual(manifestOf(archive.manifest.files.slice()));
    let done = 0;
    for await (const bytes of archive.verify()) done += bytes;
    expect(done).toBe(archive.totalBytes);
    const name = 'users/mia/sessions/s1/messages.jsonl';
    expect(await arrayOf(archive.lines(name, 100))).toEqual([
      '{"content":"Where does the Isar rise?"}',
      '{"content":"In the Karwendel."}',
    ]);
  });

  it('reads past folders that another tool listed', async () => {
    const file: RawEntry = { name: 'users/a', content: utf8('some content, to be counted') };
    const bytes = buildZip([
      { name: 'users/', content: new Uint8Array(), method: 0 },
      file,
      { name: 'manifest.json', content: utf8(JSON.stringify(manifestOf([listed(file)]))) },
    ]);
    expect((await open(bytes)).totalBytes).toBe(27);
  });

  it.each(hostileArchives)('refuses $what', async (hostile) => {
    const { bytes, code, message, refusedBy, maxTotalBytes } = hostile;
    const limits = { maxTotalBytes: maxTotalBytes ?? Number.MAX_SAFE_INTEGER };
    const opening = openArchive(sourceOf(bytes), limits);
    const error = await errorOf(
      refusedBy === 'open' ? opening : opening.then((archive) => drain(archive.verify())),
    );
    expect(error).toBeInstanceOf(FFStorageError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('refuses an archive that is cut off anywhere', async () => {
    for (const bytes of [soundArchive, await written()]) {
      for (let length = 0; length < bytes.length; length++) {
        const outcome = await readAll(bytes.subarray(0, length));
        expect(outcome, `cut to ${length} bytes`).toMatchObject({ code: 'corrupt' });
      }
    }
  });

  it('refuses an archive with anything in front of it or behind it', async () => {
    expect(await readAll(Buffer.concat([utf8('PK'), soundArchive]))).toMatchObject({
      code: 'corrupt',
    });
    expect(await readAll(Buffer.concat([soundArchive, utf8('x')]))).toMatchObject({
      code: 'corrupt',
    });
  });

  it('never gives other content after a byte has changed', async () => {
    const archives = await Promise.all(
      [soundArchive, await written()].map(async (bytes) => ({
        bytes,
        whole: await readAll(bytes),
      })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...archives),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async ({ bytes, whole }, place, mask) => {
          const changed = bytes.slice();
          changed[place % bytes.length]! ^= mask;
          const outcome = await readAll(changed);
          const refused = outcome instanceof FFStorageError && outcome.code === 'corrupt';
          return refused || isDeepStrictEqual(outcome, whole);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('passes an error of the source on as it is', async () => {
    const failure = new FFStorageError('The disk is gone.', { code: 'io' });
    let healthy = Number.POSITIVE_INFINITY;
    const sound = sourceOf(soundArchive);
    const source: ArchiveSource = {
      size: sound.size,
      read(into, at) {
        if (healthy-- <= 0) throw failure;
        return sound.read(into, at);
      },
    };
    const archive = await openArchive(source, unlimited);
    healthy = 0;
    expect(await errorOf(drain(archive.verify()))).toBe(failure);
    for (let reads = 0; reads < 8; reads++) {
      healthy = reads;
      expect(await errorOf(openArchive(source, unlimited))).toBe(failure);
    }
  });

  it('holds little of a file that unpacks to much', async () => {
    const zeros = new Uint8Array(128 * MIB);
    const file: RawEntry = { name: 'zeros', content: zeros, declaredCrc32: 0 };
    let furthest = 0;
    const sound = sourceOf(archiveOf([file]));
    const source: ArchiveSource = {
      size: sound.size,
      read(into, at) {
        furthest = Math.max(furthest, at + into.length);
        return sound.read(into, at);
      },
    };
    const archive = await openArchive(source, unlimited);
    furthest = 0;
    const content = archive.content('zeros');
    await content.next();
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    // The 128 MiB lie in 128 KiB: three pieces of 16 KiB are at most 48 MiB.
    expect(furthest).toBeLessThanOrEqual(3 * 16 * 1024 + 100);
    await content.return();
  });

  it('ends what is under way when it is closed', async () => {
    const archive = await open(soundArchive);
    const content = archive.content('users/mia/profile.json');
    await content.next();
    archive.close();
    expect(await errorOf(content.next())).toMatchObject({ code: 'closed' });
    expect(await errorOf(drain(archive.verify()))).toMatchObject({ code: 'closed' });
  });

  it('has no content for a name that is not listed', async () => {
    const archive = await open(soundArchive);
    for (const name of ['manifest.json', 'users/tom/profile.json', '__proto__']) {
      expect(await errorOf(archive.content(name).next())).toMatchObject({ code: 'corrupt' });
    }
  });
});

describe('lines', () => {
  async function linesOf(bytes: Uint8Array, chunkBytes: number, maxLineBytes: number) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += chunkBytes) {
      chunks.push(bytes.subarray(at, at + chunkBytes));
    }
    return arrayOf(splitLines(asyncOf(chunks), { name: 'a.jsonl', maxLineBytes }));
  }

  it('gives the lines of any text, however it is cut into chunks', async () => {
    const line = fc
      .string({ unit: 'binary', maxLength: 30 })
      .map((text) => text.replaceAll('\n', ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (lines, terminated, chunkBytes) => {
          const text = lines.join('\n') + (terminated && lines.length > 0 ? '\n' : '');
          const expected = text.split('\n');
          if (expected.at(-1) === '') expected.pop();
          expect(await linesOf(utf8(text), chunkBytes, 1000)).toEqual(expected);
        },
      ),
    );
  });

  it('takes a line of just the limit and refuses a longer one', async () => {
    for (const chunkBytes of [1, 3, 100]) {
      expect(await linesOf(utf8('12345\n1234é'), chunkBytes, 6)).toEqual(['12345', '1234é']);
      const error = await errorOf(linesOf(utf8('123\n123456\n'), chunkBytes, 5));
      expect(error).toMatchObject({ code: 'corrupt', message: expect.stringContaining('Line 2') });
    }
  });

  it('refuses an endless line without reading on', async () => {
    let chunks = 0;
    async function* endless(): AsyncGenerator<Uint8Array, void> {
      for (;;) {
        chunks++;
        yield new Uint8Array(10).fill(0x61);
      }
    }
    const lines = splitLines(endless(), { name: 'a.jsonl', maxLineBytes: 45 });
    expect(await errorOf(lines.next())).toMatchObject({ code: 'corrupt' });
    expect(chunks).toBe(5);
  });

  it('refuses what is not UTF-8', async () => {
    const error = await errorOf(linesOf(new Uint8Array([0x61, 0x0a, 0xc3, 0x0a]), 10, 100));
    expect(error).toMatchObject({ code: 'corrupt', message: expect.stringContaining('not UTF-8') });
  });
});
