import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFaultyBackend } from '../../../support/faulty-backend.ts';
import { createTestEmbedder, type TestEmbedder } from '../../../support/test-embedder.ts';
import { openSearchStore, putDocument, type SearchStore } from '../search-store.ts';
import { expectSimilar, indexFiles, openWithVectors, say, similarTo } from './index-support.ts';

const HYBRID = { mode: 'hybrid', limit: 100 } as const;

async function fill(search: SearchStore, words: readonly string[]): Promise<void> {
  await search.createUser('alice', {});
  await search.createSession('alice', { sessionId: 's', title: 'x' });
  await search.addMessages(
    'alice',
    's',
    words.map((word, index) => say(`m${index}`, word)),
  );
}

async function openFilled(embedder: TestEmbedder, disk = createFaultyBackend()) {
  const search = await openWithVectors(disk, embedder);
  await fill(search, ['bread', 'salt', 'bread', 'oven']);
  await search.searcher.whenIdle();
  return search;
}

async function hybrid(search: SearchStore, query: string): Promise<string[]> {
  const hits = await search.search('alice', { query, ...HYBRID });
  return hits.map(({ id }) => id).sort();
}

const FOUR = ['words: bread', 'words: bread', 'words: oven', 'words: salt'];

afterEach(() => {
  vi.useRealTimers();
});

describe('vectors', () => {
  it('find what is alike, in messages and in chunks, and say how much', async () => {
    const embedder = createTestEmbedder();
    const search = await openFilled(embedder);
    const document = { documentId: 'd', sessionId: 's', mimeType: 'text/plain' };
    await putDocument(search, document, ['bread', 'yeast']);
    await search.addMessage('alice', 's', say('half', 'bread yeast'));
    await expectSimilar(search);
    const query = { query: 'bread', mode: 'vector', limit: 10 } as const;
    const hits = await search.search('alice', query);
    const scoreById = new Map(
      hits.map(({ id, type, chunk, similarityScore }) => [
        `${type} ${id} ${chunk?.index ?? ''}`.trim(),
        similarityScore ?? Number.NaN,
      ]),
    );
    expect(scoreById.get('message m0')).toBeCloseTo(1, 1);
    expect(scoreById.get('document d 0')).toBeCloseTo(1, 1);
    expect(scoreById.get('message half')).toBeGreaterThan(scoreById.get('message m1') ?? 0);
    expect(scoreById.get('message half')).toBeLessThan(0.98);
    await search.close();
  });

  it('of what was edited or deleted are not found any more', async () => {
    const search = await openFilled(createTestEmbedder());
    await search.updateMessage('alice', 's', 'm0', { content: 'oven' });
    await search.deleteMessage('alice', 's', 'm2');
    expect(await similarTo(search, 'bread')).toEqual([]);
    expect(await hybrid(search, 'bread')).not.toContain('m2');
    await search.searcher.whenIdle();
    expect(await similarTo(search, 'oven')).toEqual(['s/m0', 's/m3']);
    await search.deleteSession('alice', 's');
    expect(await similarTo(search, 'oven')).toEqual([]);
    expect(await hybrid(search, 'oven')).toEqual([]);
    await expectSimilar(search);
    await search.close();
  });

  it('are made once of each text, whatever is closed, merged and opened again', async () => {
    const disk = createFaultyBackend();
    const embedder = createTestEmbedder();
    let search = await openFilled(embedder, disk);
    expect([...embedder.texts].sort()).toEqual(FOUR);
    for (let round = 0; round < 8; round++) {
      await search.addMessage('alice', 's', say(`r${round}`, `yeast ${'i'.repeat(round + 1)}`));
      await search.searcher.whenIdle();
      if (round % 4 !== 3) continue;
      if (round === 7) await search.searcher.optimize('alice');
      await search.close();
      search = await openWithVectors(disk, embedder);
      await search.getUserProfile('alice');
    }
    await search.searcher.whenIdle();
    expect(search.indexer.status().segments).toBe(1);
    expect(embedder.texts).toHaveLength(12);
    expect(new Set(embedder.texts).size).toBe(11);
    await expectSimilar(search);
    await search.close();
  });

  it('are not made of what is gone before its turn comes', async () => {
    const embedder = createTestEmbedder();
    const search = await openWithVectors(createFaultyBackend(), embedder);
    embedder.failWith(new Error('Not yet.'));
    // So few of them are gone that the segment is not written anew.
    await fill(search, ['bread', 'salt', 'oven', 'oven', 'oven']);
    await search.searcher.whenIdle();
    await search.updateMessage('alice', 's', 'm0', { content: 'yeast' });
    await search.deleteMessage('alice', 's', 'm1');
    await search.indexer.commit('alice');
    embedder.failWith(undefined);
    await similarTo(search, 'nothing');
    await search.searcher.whenIdle();
    const made = ['nothing', 'oven', 'oven', 'oven', 'yeast'].map((text) => `words: ${text}`);
    expect([...embedder.texts].sort()).toEqual(made);
    expect(search.searcher.embeddingStatus()).toMatchObject({ embedded: 4, pending: 0 });
    await search.close();
  });

  it('go on to be made where the last opening has stopped', async () => {
    const disk = createFaultyBackend();
    const first = createTestEmbedder();
    let search = await openWithVectors(disk, first);
    // More than are embedded at once.
    await fill(
      search,
      Array.from({ length: 70 }, (_, index) => `word${'x'.repeat(index)}`),
    );
    await search.indexer.commit('alice');
    const { reached, release } = first.hold();
    await reached;
    expect(search.searcher.embeddingStatus()).toMatchObject({ embedded: 0, pending: 70 });
    const closing = search.close();
    release();
    await closing;
    const second = createTestEmbedder();
    search = await openWithVectors(disk, second);
    await search.getUserProfile('alice');
    await search.searcher.whenIdle();
    expect(first.texts.length).toBeGreaterThan(0);
    expect(first.texts.length).toBeLessThan(70);
    expect(new Set([...first.texts, ...second.texts]).size).toBe(70);
    expect(first.texts.length + second.texts.length).toBe(70);
    await search.close();
  });

  it.each([true, false])(
    'of another model take their place (known beforehand: %s)',
    async (announced) => {
      const disk = createFaultyBackend();
      const embedder = createTestEmbedder({ announced });
      let search = await openFilled(embedder, disk);
      const { vector } = search.config;
      vector.model = 'other';
      search.embedding.reconfigure();
      // Whatever is compared by now, it is not the vectors of one model with those of another.
      for (const found of [await similarTo(search, 'bread')]) {
        expect([[], ['s/m0', 's/m2']]).toContainEqual(found);
      }
      await expectSimilar(search);
      expect(embedder.texts.filter((text) => text === 'other: salt').length).toBeGreaterThan(0);
      await search.close();
      const made = embedder.texts.length;
      search = await openWithVectors(disk, embedder, 'other');
      await expectSimilar(search);
      const ofMessages = embedder.texts.slice(made).filter((text) => !text.includes('Ada'));
      // Queries only, one for each word.
      expect(ofMessages).toHaveLength(4);
      await search.close();
      // And back, while the store was closed.
      search = await openWithVectors(disk, embedder);
      await expectSimilar(search);
      await search.close();
    },
  );

  it('are never compared with those of another model', async () => {
    const disk = createFaultyBackend();
    const embedder = createTestEmbedder();
    let search = await openFilled(embedder, disk);
    await search.close();
    search = await openWithVectors(disk, embedder, 'other');
    await search.getUserProfile('alice');
    const { reached, release } = embedder.hold();
    const similar = search.search('alice', { query: 'bread', mode: 'vector', limit: 10 });
    await reached;
    release();
    // The vectors of the first model would make hits of any text, by chance.
    const found = (await similar).filter(({ similarityScore = 0 }) => similarityScore > 0.98);
    expect([[], ['m0', 'm2']]).toContainEqual(found.map(({ id }) => id).sort());
    await expectSimilar(search);
    await search.close();
  });

  it('are made again when they were damaged', async () => {
    const disk = createFaultyBackend();
    const embedder = createTestEmbedder();
    let search = await openFilled(embedder, disk);
    await search.close();
    const [path = ''] = indexFiles(disk).filter((each) => each.endsWith('.vectors'));
    const left = disk.disk('flushed');
    const file = await left.open(path);
    file?.write(Uint8Array.of(1, 2, 3), (file.size() ?? 0) - 3);
    await file?.close();
    search = await openWithVectors(left, embedder);
    await similarTo(search, 'bread');
    embedder.texts.length = 0;
    await vi.waitUntil(() => search.searcher.embeddingStatus().embedded === 4);
    expect([...embedder.texts].sort()).toEqual(FOUR);
    await expectSimilar(search);
    await search.close();
  });
});

describe('a model that fails', () => {
  const broken = new Error('The model is broken.');

  it('is said to be unavailable, and leaves the words to be searched', async () => {
    const embedder = createTestEmbedder();
    const search = await openFilled(embedder);
    embedder.failWith(broken);
    const refusal = { code: 'unavailable', message: expect.stringContaining('is broken') };
    await expect(similarTo(search, 'bread')).rejects.toMatchObject(refusal);
    expect(search.searcher.embeddingStatus()).toMatchObject({
      status: 'failed',
      error: 'The model is broken.',
    });
    expect(await hybrid(search, 'bread')).toEqual(['m0', 'm2']);
    await search.addMessage('alice', 's', say('new', 'bread'));
    await search.searcher.whenIdle();
    expect(search.searcher.embeddingStatus()).toMatchObject({ status: 'failed', pending: 1 });
    expect(await hybrid(search, 'bread')).toEqual(['m0', 'm2', 'new']);
    // It works again, and a search is the first to find that out.
    embedder.failWith(undefined);
    expect(await similarTo(search, 'bread')).toEqual(['s/m0', 's/m2']);
    await vi.waitUntil(() => search.searcher.embeddingStatus().pending === 0);
    expect(search.searcher.embeddingStatus()).toMatchObject({ status: 'ready' });
    await expectSimilar(search);
    await search.close();
  });

  it('is tried again after a while, unasked', async () => {
    const embedder = createTestEmbedder();
    embedder.failWith(broken);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const search = await openFilled(embedder);
    expect(search.searcher.embeddingStatus()).toMatchObject({ status: 'failed', pending: 4 });
    embedder.failWith(undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    await vi.waitUntil(() => search.searcher.embeddingStatus().pending === 0);
    expect(embedder.texts).toHaveLength(4);
    await search.close();
  });

  it('loses no vector, whatever is merged meanwhile', async () => {
    const disk = createFaultyBackend();
    const embedder = createTestEmbedder({ announced: false });
    let search = await openFilled(embedder, disk);
    await search.close();
    const failing = createTestEmbedder({ announced: false });
    failing.failWith(broken);
    for (const model of ['words', 'none']) {
      search = await openWithVectors(disk, failing, model);
      await search.addMessage('alice', 's', say(`new ${model}`, 'yeast'));
      await search.searcher.whenIdle();
      await search.searcher.optimize('alice');
      await search.close();
    }
    embedder.texts.length = 0;
    search = await openWithVectors(disk, embedder);
    await search.getUserProfile('alice');
    await search.searcher.whenIdle();
    expect(embedder.texts).toEqual(['words: yeast', 'words: yeast']);
    await expectSimilar(search);
    await search.close();
  });

  it('is off when the configuration says so', async () => {
    const search = await openWithVectors(createFaultyBackend(), createTestEmbedder(), 'none');
    await fill(search, ['bread']);
    await search.searcher.whenIdle();
    await expect(similarTo(search, 'bread')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await hybrid(search, 'bread')).toEqual(['m0']);
    expect(search.searcher.embeddingStatus()).toMatchObject({ status: 'off', embedded: 0 });
    await search.close();
  });
});

describe('a model that is downloaded', () => {
  it('says how far it is, and stays ready when its last progress comes late', async () => {
    const embedder = createTestEmbedder();
    const download = { doneBytes: 1, totalBytes: 2 };
    const states: unknown[] = [];
    const reports: (() => void)[] = [];
    const search: SearchStore = await openSearchStore({
      config: { vector: { model: 'words' } },
      createEmbedder: (config, onProgress) => {
        const source = embedder.create(config, onProgress);
        const report = () => onProgress({ ...download, file: 'model.onnx' });
        reports.push(report);
        const get = async () => {
          report();
          states.push(search.embedding.state);
          return source?.get();
        };
        return source === undefined ? undefined : ({ ...source, get } as typeof source);
      },
    });
    await fill(search, ['bread']);
    await search.searcher.whenIdle();
    expect(states[0]).toEqual({ status: 'loading', download });
    for (const report of reports) report();
    expect(search.embedding.state).toEqual({ status: 'ready' });
    await search.close();
  });
});
