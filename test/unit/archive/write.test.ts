import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArchivedFile } from '../../../worker/archive/manifest.ts';
import { documentContentFile, messagesFile } from '../../../worker/archive/names.ts';
import { openArchive } from '../../../worker/archive/read.ts';
import { writeArchive, type ArchiveEntry } from '../../../worker/archive/write.ts';
import {
  collect,
  drain,
  emptyManifest,
  entriesOf,
  readIndependently,
  sha256Of,
  sourceOf,
  type Content,
} from './support.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const unlimited = { maxTotalBytes: Number.MAX_SAFE_INTEGER };

/** Bytes that do not compress, the same ones each time. */
const pool = makeNoise(2 * MIB);

function makeNoise(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

function noise(length: number, seed = 1): Uint8Array {
  const start = (seed * 7919) % (pool.length - length);
  return pool.slice(start, start + length);
}

/** An endless producer that counts how far it has been read and whether it has been ended. */
function endless(chunkBytes: number) {
  const state = { chunks: 0, contentEnded: false, entriesEnded: false };
  async function* content(): AsyncGenerator<Uint8Array, void> {
    try {
      for (;;) {
        state.chunks++;
        yield noise(chunkBytes, state.chunks);
      }
    } finally {
      state.contentEnded = true;
    }
  }
  async function* entries(compress: boolean): AsyncGenerator<ArchiveEntry, void> {
    try {
      yield { name: 'endless', content: content(), compress };
    } finally {
      state.entriesEnded = true;
    }
  }
  return { state, entries };
}

describe('writeArchive', () => {
  const sizes = fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 300 }) },
    { weight: 1, arbitrary: fc.integer({ min: 63 * KIB, max: 65 * KIB }) },
    { weight: 1, arbitrary: fc.integer({ min: 500 * KIB, max: 600 * KIB }) },
  );
  const chunk = fc
    .tuple(sizes, fc.boolean(), fc.integer({ min: 1, max: 1e6 }))
    .map(([length, zeros, seed]) => (zeros ? new Uint8Array(length) : noise(length, seed)));
  const id = fc.string({ minLength: 1, maxLength: 60, unit: 'binary' });
  const contents = fc.uniqueArray(
    fc.record({
      name: fc.oneof(
        fc.tuple(id, id).map(([user, session]) => messagesFile(user, session)),
        fc.tuple(id, id, id).map(([user, doc, name]) => documentContentFile(user, 's', doc, name)),
        fc.constantFrom('Grüße.txt', '讨论/记录.jsonl', 'a/👋🏽'),
      ),
      chunks: fc.array(chunk, { maxLength: 4 }),
      compress: fc.boolean(),
    }),
    { selector: ({ name }) => name, maxLength: 8 },
  );

  it('gives back what went in, to itself and to another reader', async () => {
    await fc.assert(
      fc.asyncProperty(contents, async (items: readonly Content[]) => {
        let reported: readonly ArchivedFile[] = [];
        const pieces: Uint8Array[] = [];
        for await (const piece of writeArchive({
          entries: entriesOf(items),
          manifest: (files) => emptyManifest((reported = files)),
        })) {
          expect(piece.length).toBeLessThanOrEqual(256 * KIB);
          expect(piece.buffer.byteLength).toBe(piece.length);
          pieces.push(piece);
        }
        const bytes = Buffer.concat(pieces);
        const expected = items.map((item) => ({ ...item, all: Buffer.concat(item.chunks) }));
        expect(reported).toEqual(
          expected.map(({ name, all }) => ({
            name,
            bytes: all.length,
            sha256: sha256Of(all),
          })),
        );

        const independent = readIndependently(bytes);
        expect([...independent.keys()]).toEqual([
          ...items.map(({ name }) => name),
          'manifest.json',
        ]);
        const archive = await openArchive(sourceOf(bytes), unlimited);
        expect(archive.totalBytes).toBe(expected.reduce((sum, { all }) => sum + all.length, 0));
        for (const { name, all } of expected) {
          expect(Buffer.compare(independent.get(name)!, all), name).toBe(0);
          expect(Buffer.compare(await collect(archive.content(name)), all), name).toBe(0);
        }
        await drain(archive.verify());
      }),
      { numRuns: 20 },
    );
  });

  it('compresses what it is asked to and nothing else', async () => {
    const write = (compress: boolean) =>
      collect(
        writeArchive({
          entries: entriesOf([{ name: 'a', chunks: [new Uint8Array(MIB)], compress }]),
          manifest: emptyManifest,
        }),
      );
    expect((await write(true)).length).toBeLessThan(5 * KIB);
    expect((await write(false)).length).toBeGreaterThan(MIB);
  });

  it.each([true, false])(
    'reads content only while it is waited for (compress: %s)',
    async (compress) => {
      const chunkBytes = 256 * KIB;
      const { state, entries } = endless(chunkBytes);
      const archive = writeArchive({ entries: entries(compress), manifest: emptyManifest });
      let taken = 0;
      for (let piece = 0; piece < 64; piece++) {
        taken += (await archive.next()).value!.length;
        // A consumer that lags: everything that could run ahead gets the time to.
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        expect(state.chunks * chunkBytes - taken).toBeLessThanOrEqual(8 * chunkBytes);
      }
      await archive.return();
    },
  );

  it.each([true, false])(
    'ends everything behind it when it is stopped (compress: %s)',
    async (compress) => {
      const { state, entries } = endless(100 * KIB);
      const archive = writeArchive({ entries: entries(compress), manifest: emptyManifest });
      await archive.next();
      await archive.return();
      expect(state).toMatchObject({ contentEnded: true, entriesEnded: true });
      const { chunks } = state;
      await new Promise((resolve) => setImmediate(resolve));
      expect(state.chunks).toBe(chunks);
      expect(await archive.next()).toEqual({ done: true, value: undefined });
    },
  );

  it('starts nothing when it is stopped before the first piece', async () => {
    const { state, entries } = endless(10);
    await writeArchive({ entries: entries(true), manifest: emptyManifest }).return();
    expect(state.chunks).toBe(0);
  });

  it.each([0, 1, 300])('throws the error of content after %i chunks as it is', async (good) => {
    const failure = new Error('The disk is gone.');
    let ended = false;
    async function* content(): AsyncGenerator<Uint8Array, void> {
      for (let index = 0; index < good; index++) yield noise(10 * KIB, index);
      throw failure;
    }
    async function* entries(): AsyncGenerator<ArchiveEntry, void> {
      try {
        yield { name: 'broken', content: content(), compress: true };
      } finally {
        ended = true;
      }
    }
    const thrown = await drain(writeArchive({ entries: entries(), manifest: emptyManifest })).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(thrown).toBe(failure);
    expect(Object.keys(failure)).toEqual([]);
    expect(ended).toBe(true);
  });

  it('throws the error of the entries and of the manifest as it is', async () => {
    const failure = new Error('No more.');
    const fail = () => {
      throw failure;
    };
    // oxlint-disable-next-line require-yield
    async function* failing(): AsyncGenerator<ArchiveEntry, void> {
      fail();
    }
    await expect(drain(writeArchive({ entries: failing(), manifest: emptyManifest }))).rejects.toBe(
      failure,
    );
    await expect(drain(writeArchive({ entries: entriesOf([]), manifest: fail }))).rejects.toBe(
      failure,
    );
  });

  it.each(['../evil', '/evil', 'a//b'])('refuses the name %s', async (name) => {
    const entries = entriesOf([{ name, chunks: [], compress: true }]);
    await expect(drain(writeArchive({ entries, manifest: emptyManifest }))).rejects.toThrow(
      'unsafe',
    );
  });

  it('refuses a name that comes twice', async () => {
    const entry = { name: 'a', chunks: [], compress: true };
    const entries = entriesOf([entry, entry]);
    await expect(drain(writeArchive({ entries, manifest: emptyManifest }))).rejects.toThrow(
      'already exists',
    );
  });

  it('refuses a manifest that it could not read back', async () => {
    const manifest = (files: readonly ArchivedFile[]) => ({
      ...emptyManifest(files),
      createdAt: 'today',
    });
    await expect(drain(writeArchive({ entries: entriesOf([]), manifest }))).rejects.toThrow(
      'createdAt',
    );
  });

  it('stores what follows on much repetition, so that the whole is no bomb', async () => {
    const zeros = new Uint8Array(MIB);
    const entries = entriesOf([
      { name: 'a', chunks: Array.from({ length: 65 }, () => zeros), compress: true },
      { name: 'b', chunks: [zeros], compress: true },
    ]);
    const bytes = await collect(writeArchive({ entries, manifest: emptyManifest }));
    expect(bytes.length).toBeGreaterThan(MIB);
    expect(bytes.length).toBeLessThan(2 * MIB);
    const archive = await openArchive(sourceOf(bytes), unlimited);
    expect(archive.totalBytes).toBe(66 * MIB);
  });
});
