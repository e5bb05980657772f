import { describe, expect, it } from 'vitest';
import { FFQuotaExceededError } from '../../../src/shared/errors.ts';
import { listKeys, MemoryBytes } from '../../../worker/backend/memory.ts';
import { createSnapshotBackend } from '../../../worker/backend/snapshot.ts';
import type { Engine } from '../../../worker/engine.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';

const RESERVE = 'reserve';
const RESERVE_BYTES = 300_000;
const CONFIG = { storage: { reserveBytes: RESERVE_BYTES } };

function usedBytes(disk: FaultyBackend): number {
  return disk.paths.reduce((sum, path) => sum + (disk.bytesOf(path)?.length ?? 0), 0);
}

async function createStore(): Promise<{ disk: FaultyBackend; engine: Engine }> {
  const disk = createFaultyBackend();
  const engine = await openTestEngine(disk, createClock(), CONFIG);
  const { api } = engine;
  for (const userId of ['alice', 'bob']) {
    await api.createUser(userId, {});
    for (const sessionId of ['s1', 's2']) {
      await api.createSession(userId, { sessionId, title: 'title' });
      await api.addMessage(userId, sessionId, { messageId: 'a', role: 'user', content: 'text' });
    }
  }
  const document = { documentId: 'd', filename: 'd', originalName: 'd', mimeType: 'x/y' };
  await api.storeDocument('alice', 's1', document, new Blob(['content']));
  await api.createPersona({ personaId: 'p', name: 'P' });
  await api.createPanel({ panelId: 'panel', type: 'brainstorm', personaIds: ['p'] });
  await api.backupData('b', {});
  await api.whenIdle();
  return { disk, engine };
}

const DELETIONS: readonly [string, (api: Engine['api']) => Promise<boolean>][] = [
  ['deleteMessage', (api) => api.deleteMessage('alice', 's1', 'a')],
  ['deleteDocument', (api) => api.deleteDocument('alice', 's1', 'd')],
  ['deleteSession', (api) => api.deleteSession('alice', 's2')],
  ['deletePanel', (api) => api.deletePanel('panel')],
  ['deletePersona', (api) => api.deletePersona('p')],
  ['deleteBackup', (api) => api.deleteBackup('b')],
  ['deleteUser', (api) => api.deleteUser('bob', true)],
];

describe('the reserve', () => {
  it('is there once nothing is to be done, and is counted', async () => {
    const { disk, engine } = await createStore();
    expect(disk.bytesOf(RESERVE)).toHaveLength(RESERVE_BYTES);
    expect(await engine.api.getStorageFacts()).toMatchObject({ reservedBytes: RESERVE_BYTES });
    const { storageBytes, bytesByKind } = await engine.api.getStorageStats();
    expect(bytesByKind.reserve).toBe(RESERVE_BYTES);
    expect(storageBytes).toBe(usedBytes(disk));
    await engine.close();
  });

  it('lets every deletion succeed on a full disk, and nothing else', async () => {
    const { disk, engine } = await createStore();
    const { api } = engine;
    disk.setQuota(usedBytes(disk));
    const add = () => api.addMessage('alice', 's1', { messageId: 'b', role: 'user', content: 'x' });
    await expect(add()).rejects.toBeInstanceOf(FFQuotaExceededError);
    for (const [name, deletion] of DELETIONS) expect(await deletion(api), name).toBe(true);
    await engine.close();

    const again = await openTestEngine(disk.disk('flushed'), createClock(), CONFIG);
    expect(await again.api.listUsers()).toEqual(['alice']);
    expect(await again.api.getMessage('alice', 's1', 'a')).toBeNull();
    expect(await again.api.getSession('alice', 's2')).toBeNull();
    expect(await again.api.listDocuments('alice', {})).toEqual([]);
    expect(await again.api.listPanels()).toEqual([]);
    expect(await again.api.listBackups()).toEqual([]);
    await again.close();
  });

  it.each(DELETIONS)('is enough for %s where nothing was deleted before', async (_, deletion) => {
    const { disk, engine } = await createStore();
    disk.setQuota(usedBytes(disk));
    expect(await deletion(engine.api)).toBe(true);
    await engine.close();
  });

  it('is taken again at once as far as there is room, and whole once there is', async () => {
    const { disk, engine } = await createStore();
    disk.setQuota(usedBytes(disk));
    expect(await engine.api.deleteMessage('alice', 's1', 'a')).toBe(true);
    const left = disk.bytesOf(RESERVE)?.length ?? 0;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(RESERVE_BYTES);
    disk.setQuota(Infinity);
    await engine.api.whenIdle();
    expect(disk.bytesOf(RESERVE)).toHaveLength(RESERVE_BYTES);
    await engine.close();
  });

  it('is only looked at where a snapshot of the store is read', async () => {
    const { disk, engine } = await createStore();
    const read: string[] = [];
    const snapshot = (paths: readonly string[]) =>
      openTestEngine(
        createSnapshotBackend({
          kind: 'opfs',
          read: async (path) => {
            read.push(path);
            const bytes = paths.includes(path) ? disk.bytesOf(path) : undefined;
            return bytes === undefined ? null : new MemoryBytes(bytes.slice());
          },
          list: async (path) => listKeys(paths, path),
          close: () => undefined,
        }),
        createClock(),
        CONFIG,
      );
    const { paths } = disk;
    for (const [seen, reservedBytes] of [
      [paths, RESERVE_BYTES],
      [paths.filter((path) => path !== RESERVE), 0],
    ] as const) {
      const reader = await snapshot(seen);
      await reader.api.whenIdle();
      expect(read).not.toContain(RESERVE);
      expect(await reader.api.getStorageFacts()).toMatchObject({ reservedBytes });
      read.length = 0;
      await reader.close();
    }
    await engine.close();
  });

  it('is missing where there is no room for it, or none is wanted', async () => {
    const disk = createFaultyBackend();
    const engine = await openTestEngine(disk, createClock(), CONFIG);
    await engine.api.createUser('alice', {});
    disk.setQuota(usedBytes(disk) + 50);
    await engine.api.whenIdle();
    expect(disk.paths).not.toContain(RESERVE);
    disk.setQuota(Infinity);
    await engine.api.whenIdle();
    expect(disk.bytesOf(RESERVE)).toHaveLength(RESERVE_BYTES);
    await engine.api.updateConfiguration({ storage: { reserveBytes: 0 } });
    await engine.api.whenIdle();
    expect(disk.paths).not.toContain(RESERVE);
    await engine.close();
  });
});
