import { describe, expect, it } from 'vitest';
import type { NewDocument } from '../../../src/shared/contract.ts';
import { FFQuotaExceededError } from '../../../src/shared/errors.ts';
import type { Engine } from '../../../worker/engine.ts';
import { documentFile, documentsFolder, documentTextFile } from '../../../worker/store/layout.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { openTestEngine } from '../../support/stores.ts';

const FILE = documentFile('users/alice', 's', 'd');
const TEXT_FILE = documentTextFile('users/alice', 's', 'd');
const FOLDER = documentsFolder('users/alice', 's');

const newDocument = (documentId: string): NewDocument => ({
  documentId,
  filename: `${documentId}.txt`,
  originalName: `${documentId}.txt`,
  mimeType: 'text/plain',
});

const content = new Blob([`porcupine ${'and other words '.repeat(200)}`]);

async function createStore(disk = createFaultyBackend()) {
  const { api, close } = await openTestEngine(disk);
  await api.createUser('alice', {});
  for (const sessionId of ['s', 't']) await api.createSession('alice', { sessionId, title: 'x' });
  return { disk, api, close };
}

const store = ({ api }: Pick<Engine, 'api'>, documentId = 'd') =>
  api.storeDocument('alice', 's', newDocument(documentId), content);

const filesOf = (disk: FaultyBackend): string[] =>
  disk.paths.filter((path) => path.startsWith(FOLDER));

const find = async ({ api }: Pick<Engine, 'api'>, query = 'porcupine') =>
  (await api.searchDocuments('alice', { query, limit: 10 })).map(({ id }) => id);

describe('a document', () => {
  it('whose storing dies at any step is there, whole, or is not there at all', async () => {
    const created = await createStore();
    await created.close();
    const prepared = created.disk.disk('flushed');
    const attempt = async (disk: FaultyBackend): Promise<boolean> => {
      try {
        const engine = await openTestEngine(disk);
        await store(engine);
        return true;
      } catch (error) {
        if (!disk.crashed) throw error;
        return false;
      }
    };
    const whole = prepared.disk('flushed');
    await attempt(whole);
    const outcomes = new Set<string>();
    for (const kept of ['written', 'flushed'] as const) {
      for (let step = 0; step <= whole.steps; step++) {
        const dying = prepared.disk('flushed');
        dying.crashAt({ step, part: 0.5 });
        const isStored = await attempt(dying);
        const disk = dying.disk(kept);
        const engine = await openTestEngine(disk);
        const { api } = engine;
        const where = `step ${step}, ${kept}`;
        const document = await api.getDocument('alice', 's', 'd');
        expect(document !== null || !isStored, where).toBe(true);
        expect(await find(engine), where).toEqual(document === null ? [] : ['d']);
        const read = await api.getDocumentContent('alice', 's', 'd');
        expect(await read?.text(), where).toBe(
          document === null ? undefined : await content.text(),
        );
        const stray = document === null && filesOf(disk).length > 0;
        outcomes.add(`${document === null ? 'absent' : 'there'}${stray ? ', a stray file' : ''}`);
        expect(await api.optimizeStorage('alice'), where).toBe(true);
        expect(filesOf(disk), where).toEqual(document === null ? [] : [FILE, TEXT_FILE]);
        // The call is repeated by a manager whose worker died.
        expect(await store(engine), where).toBe('d');
        expect(await find(engine), where).toEqual(['d']);
        expect(await api.listDocuments('alice', {}), where).toHaveLength(1);
        await engine.close();
      }
    }
    expect([...outcomes].sort()).toEqual(['absent, a stray file', 'there']);
  });

  it('whose deletion dies at any step is there, whole, or is not there at all', async () => {
    const created = await createStore();
    await store(created);
    await created.api.whenIdle();
    await created.close();
    const prepared = created.disk.disk('flushed');
    const attempt = async (disk: FaultyBackend): Promise<void> => {
      try {
        await (await openTestEngine(disk)).api.deleteDocument('alice', 's', 'd');
      } catch (error) {
        if (!disk.crashed) throw error;
      }
    };
    const whole = prepared.disk('flushed');
    await attempt(whole);
    for (let step = 0; step < whole.steps; step++) {
      const dying = prepared.disk('flushed');
      dying.crashAt({ step, part: 0.5 });
      await attempt(dying);
      const disk = dying.disk('flushed');
      const engine = await openTestEngine(disk);
      const isThere = (await engine.api.getDocument('alice', 's', 'd')) !== null;
      const read = await engine.api.getDocumentContent('alice', 's', 'd');
      expect(read === null, `step ${step}`).toBe(!isThere);
      expect(await find(engine), `step ${step}`).toEqual(isThere ? ['d'] : []);
      await engine.api.optimizeStorage();
      expect(filesOf(disk), `step ${step}`).toEqual(isThere ? [FILE, TEXT_FILE] : []);
      await engine.close();
    }
  });

  it('of which the text was not extracted before the end is extracted after it', async () => {
    const { disk, api } = await createStore();
    const held = disk.hold('open', { path: TEXT_FILE });
    await store({ api });
    await held.reached;
    expect(await api.getDocument('alice', 's', 'd')).toMatchObject({ text: { status: 'pending' } });
    const engine = await openTestEngine(disk.disk('flushed'));
    expect(await engine.api.getDocument('alice', 's', 'd')).toMatchObject({
      text: { status: 'pending' },
    });
    await engine.api.whenIdle();
    expect(await engine.api.getDocument('alice', 's', 'd')).toMatchObject({
      text: { status: 'ready', characters: content.size - 1 },
    });
    await engine.close();
    held.release();
  });

  it('of which the text cannot be written leaves no file and no other without text', async () => {
    const { disk, api, close } = await createStore();
    disk.failOnce('write', { path: TEXT_FILE });
    await store({ api });
    await store({ api }, 'e');
    await api.whenIdle();
    expect(disk.paths).not.toContain(TEXT_FILE);
    expect(await find({ api })).toEqual(['e']);
    await close();
    const engine = await openTestEngine(disk.disk('flushed'));
    disk.failOnce('write', { path: TEXT_FILE });
    expect((await find(engine)).sort()).toEqual(['d', 'e']);
    await engine.close();
  });

  it('that fails among several that are left from before keeps no other from its text', async () => {
    const { disk, api } = await createStore();
    const held = disk.hold('open', { path: TEXT_FILE });
    for (const id of ['d', 'e', 'f']) await store({ api }, id);
    await held.reached;
    const copy = disk.disk('flushed');
    copy.failOnce('write', { path: TEXT_FILE });
    const engine = await openTestEngine(copy);
    expect((await find(engine)).sort()).toEqual(['e', 'f']);
    await engine.close();
    held.release();
  });

  it('is not there when the disk is full, nor is anything of it', async () => {
    const { disk, api, close } = await createStore();
    const free = 1_000;
    disk.setQuota(disk.paths.reduce((sum, path) => sum + (disk.bytesOf(path)?.length ?? 0), free));
    await expect(store({ api })).rejects.toThrow(FFQuotaExceededError);
    expect(await api.listDocuments('alice', {})).toEqual([]);
    expect(filesOf(disk)).toEqual([]);
    disk.setQuota(Infinity);
    expect(await store({ api })).toBe('d');
    expect(await find({ api })).toEqual(['d']);
    await close();
  });

  it('of which the bytes are damaged is reported, and can be deleted', async () => {
    const created = await createStore();
    await store(created);
    await created.close();
    const files = new Map(
      created.disk.paths.map((path) => [path, created.disk.bytesOf(path) ?? new Uint8Array(0)]),
    );
    const bytes = files.get(FILE) ?? new Uint8Array(0);
    for (const damaged of [bytes.with(7, 0x21), bytes.slice(0, -1), new Uint8Array(0)]) {
      const disk = createFaultyBackend({}, files.set(FILE, damaged as Uint8Array<ArrayBuffer>));
      const { api, close } = await openTestEngine(disk);
      await expect(api.getDocumentContent('alice', 's', 'd')).rejects.toMatchObject({
        code: 'corrupt',
      });
      expect(await api.getDocument('alice', 's', 'd')).not.toBeNull();
      expect(await api.deleteDocument('alice', 's', 'd')).toBe(true);
      expect(await api.getDocumentContent('alice', 's', 'd')).toBeNull();
      await close();
    }
  });

  it('of which the bytes are lost before their text is extracted is told to be damaged', async () => {
    const { disk, api } = await createStore();
    const held = disk.hold('open', { path: TEXT_FILE });
    await store({ api });
    await held.reached;
    const copy = disk.disk('flushed');
    await copy.remove(FILE);
    const engine = await openTestEngine(copy);
    expect(await find(engine)).toEqual([]);
    expect(await engine.api.getDocument('alice', 's', 'd')).toMatchObject({
      text: { status: 'none', reason: 'damaged' },
    });
    await engine.close();
    held.release();
  });
});

describe('while a document is being stored', () => {
  async function startStoring() {
    const { disk, api, close } = await createStore();
    const held = disk.hold('flush', { path: FILE });
    const storing = store({ api });
    // What it comes to is told below.
    storing.catch(() => undefined);
    await held.reached;
    return { disk, api, close, held, storing };
  }

  it('nothing of it can be seen', async () => {
    const { api, close, held, storing } = await startStoring();
    expect(await api.listDocuments('alice', {})).toEqual([]);
    expect(await api.getDocument('alice', 's', 'd')).toBeNull();
    expect(await api.getDocumentContent('alice', 's', 'd')).toBeNull();
    expect(await api.getUserStats('alice')).toMatchObject({ totalDocuments: 0 });
    held.release();
    await storing;
    expect(await api.getDocument('alice', 's', 'd')).not.toBeNull();
    await close();
  });

  it('whenIdle() and close() wait for it', async () => {
    const { disk, api, close, held, storing } = await startStoring();
    const order: string[] = [];
    const idle = api.whenIdle().then(() => order.push('idle'));
    const stored = storing.then(() => order.push('stored'));
    const closed = close().then(() => order.push('closed'));
    held.release();
    await Promise.all([stored, idle, closed]);
    expect(order[0]).toBe('stored');
    const engine = await openTestEngine(disk.disk('flushed'));
    expect(await find(engine)).toEqual(['d']);
    await engine.close();
  });

  it('optimizeStorage() leaves its file alone', async () => {
    const { api, close, held, storing } = await startStoring();
    // Its file is being flushed, which nobody else has to wait for.
    expect(await api.optimizeStorage('alice')).toBe(true);
    held.release();
    expect(await storing).toBe('d');
    expect(await find({ api })).toEqual(['d']);
    await close();
  });

  it('its session may be deleted, and nothing of it stays', async () => {
    const { disk, api, close, held, storing } = await startStoring();
    const deleting = api.deleteSession('alice', 's');
    held.release();
    expect(await deleting).toBe(true);
    await expect(storing).rejects.toMatchObject({ code: 'session-not-found' });
    expect(filesOf(disk)).toEqual([]);
    expect(await api.listDocuments('alice', {})).toEqual([]);
    await close();
  });
});
