import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DocumentFiles, type TextChunk } from '../../../worker/store/document-files.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { joinBytes, openTestFiles } from '../../support/stores.ts';

const PATH = 'users/alice/sessions/s1/documents/d1';

function open(disk: FaultyBackend): DocumentFiles {
  return new DocumentFiles(openTestFiles(disk).files);
}

async function* pieces(...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (const [index, size] of sizes.entries()) yield new Uint8Array(size).fill(index + 1);
}

async function collect(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  // A piece is good until the next one is asked for.
  for await (const part of content) parts.push(part.slice());
  return joinBytes(parts);
}

function chunksOf(texts: readonly string[]): TextChunk[] {
  let start = 0;
  return texts.map((text, index) => {
    const chunk = { index, start, end: start + text.length, text };
    start = chunk.end;
    return chunk;
  });
}

describe('DocumentFiles.publish', () => {
  it('writes the bytes, durable before they are made known', async () => {
    const disk = createFaultyBackend();
    const documents = open(disk);
    const known = await documents.publish(PATH, pieces(3, 0, 2_000_000, 5), async () => {
      expect(documents.isUnpublished(PATH)).toBe(true);
      return disk.disk('flushed').bytesOf(PATH)?.length;
    });
    expect(known).toBe(2_000_008);
    expect(documents.isUnpublished(PATH)).toBe(false);
    const expected = await collect(pieces(3, 0, 2_000_000, 5));
    const found = await collect(open(disk.disk('flushed')).read(PATH));
    expect(Buffer.compare(found, expected)).toBe(0);
  });

  it('replaces what an earlier attempt left, also where that was longer', async () => {
    const disk = createFaultyBackend({}, new Map([[PATH, new Uint8Array(100).fill(9)]]));
    await open(disk).publish(PATH, pieces(4), async () => undefined);
    expect(disk.bytesOf(PATH)).toEqual(new Uint8Array(4).fill(1));
  });

  it('makes an empty file of no content', async () => {
    const disk = createFaultyBackend();
    await open(disk).publish(PATH, pieces(), async () => undefined);
    expect(disk.bytesOf(PATH)).toEqual(new Uint8Array(0));
  });

  it.each(['open', 'write', 'truncate', 'flush'] as const)(
    'leaves nothing, and makes nothing known, when %s fails',
    async (kind) => {
      for (let after = 0; after < 2; after++) {
        const disk = createFaultyBackend();
        const documents = open(disk);
        disk.failOnce(kind, { after });
        let known = false;
        const published = documents.publish(PATH, pieces(3, 4), async () => (known = true));
        const failed = await published.then(
          () => false,
          () => true,
        );
        expect(failed).toBe(!known);
        expect(disk.paths).toEqual(failed ? [] : [PATH]);
        expect(documents.isUnpublished(PATH)).toBe(false);
        expect(failed || after > 0).toBe(true);
      }
    },
  );

  it('leaves nothing when it cannot be made known, or the content ends in a failure', async () => {
    const disk = createFaultyBackend();
    const documents = open(disk);
    const failure = new Error('no such session');
    const makeKnown = () => Promise.reject(failure);
    await expect(documents.publish(PATH, pieces(3), makeKnown)).rejects.toBe(failure);
    async function* torn(): AsyncGenerator<Uint8Array> {
      yield* pieces(3);
      throw failure;
    }
    await expect(documents.publish(PATH, torn(), async () => true)).rejects.toBe(failure);
    expect(disk.paths).toEqual([]);
    expect(documents.isUnpublished(PATH)).toBe(false);
  });

  it('fails when its folder is deleted meanwhile, and brings no part of it back', async () => {
    const disk = createFaultyBackend();
    const { files } = openTestFiles(disk);
    const documents = new DocumentFiles(files);
    async function* content(): AsyncGenerator<Uint8Array> {
      yield* pieces(3);
      await files.remove('users/alice/sessions/s1');
      yield* pieces(4);
    }
    const published = documents.publish(PATH, content(), async () => true);
    await expect(published).rejects.toMatchObject({ code: 'not-found' });
    expect(disk.paths).toEqual([]);
  });
});

describe('DocumentFiles.read', () => {
  it('gives nothing of a file that is not there', async () => {
    expect(await collect(open(createFaultyBackend()).read(PATH))).toHaveLength(0);
  });

  it('gives large files in pieces', async () => {
    const disk = createFaultyBackend();
    const documents = open(disk);
    await documents.write(PATH, pieces(3_000_000));
    const lengths: number[] = [];
    for await (const piece of documents.read(PATH)) lengths.push(piece.length);
    expect(lengths.length).toBeGreaterThan(1);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1_048_576);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(3_000_000);
  });
});

describe('the text of a document', { timeout: 30_000 }, () => {
  it('comes back as it was written, whatever it is', async () => {
    const text = fc.string({ unit: 'binary' });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 8 }), async (texts) => {
        const disk = createFaultyBackend();
        const chunks = chunksOf(texts);
        const bytes = await open(disk).writeText(PATH, chunks);
        expect(disk.bytesOf(PATH)).toHaveLength(bytes);
        expect(await open(disk.disk('flushed')).readText(PATH)).toEqual(chunks);
      }),
      { numRuns: 60 },
    );
  });

  it('comes back also where it has more chunks than are written at once', async () => {
    const disk = createFaultyBackend();
    const chunks = chunksOf(Array.from({ length: 700 }, (_, index) => `chunk ${index}`));
    await open(disk).writeText(PATH, chunks);
    expect(await open(disk.disk('flushed')).readText(PATH)).toEqual(chunks);
  });

  it('is null where there is none', async () => {
    expect(await open(createFaultyBackend()).readText(PATH)).toBeNull();
    const empty = createFaultyBackend({}, new Map([[PATH, new Uint8Array(0)]]));
    expect(await open(empty).readText(PATH)).toBeNull();
  });

  it('is null where any byte of it is damaged', async () => {
    const disk = createFaultyBackend();
    await open(disk).writeText(PATH, chunksOf(['one', 'two', 'three']));
    const whole = disk.bytesOf(PATH) ?? new Uint8Array(0);
    for (let position = 0; position < whole.length; position++) {
      const bytes = whole.slice();
      bytes[position] = (bytes[position] ?? 0) ^ 1;
      const damaged = createFaultyBackend({}, new Map([[PATH, bytes]]));
      expect(await open(damaged).readText(PATH), `${position}`).toBeNull();
    }
  });

  it('is whole or null wherever a crash comes while it is written', async () => {
    const chunks = chunksOf(Array.from({ length: 300 }, (_, index) => `chunk ${index}`));
    const counted = createFaultyBackend();
    await open(counted).writeText(PATH, chunks);
    for (let step = 0; step < counted.steps; step++) {
      for (const part of [0, 0.5, 1]) {
        const disk = createFaultyBackend();
        disk.crashAt({ step, part });
        await expect(open(disk).writeText(PATH, chunks)).rejects.toThrow('dead');
        for (const kept of ['written', 'flushed'] as const) {
          const found = await open(disk.disk(kept)).readText(PATH);
          expect([null, chunks], `step ${step}, part ${part}`).toContainEqual(found);
        }
      }
    }
  });
});
