import { describe, expect, it } from 'vitest';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';

const ROOT = 'catalog.jsonl';

async function createStore() {
  const disk = createFaultyBackend();
  const { api, close } = await openTestEngine(disk, createClock());
  for (const userId of ['alice', 'bob']) {
    await api.createUser(userId, {});
    await api.createSession(userId, { sessionId: 's1', title: 'title' });
    await api.addMessage(userId, 's1', { messageId: 'a', role: 'user', content: 'text' });
  }
  await api.backupData('all', {});
  await api.backupData('one', { userId: 'alice' });
  const backups = await api.listBackups();
  await close();
  return { disk, backups };
}

/** The same files without the list of users and backups, after a change of an archive. */
function withoutList(disk: ReturnType<typeof createFaultyBackend>, damagedPath?: string) {
  const content = new Map<string, Uint8Array>();
  for (const path of disk.paths) {
    const bytes = disk.bytesOf(path)?.slice() ?? new Uint8Array(0);
    if (path === damagedPath) bytes.fill(0x7e, -100);
    if (path !== ROOT) content.set(path, bytes);
  }
  return createFaultyBackend({}, content);
}

describe('a backup whose record is lost', () => {
  it('is listed as it was, by what it says of itself', async () => {
    const { disk, backups } = await createStore();
    expect(backups).toHaveLength(2);
    const lost = withoutList(disk);
    const { api, close } = await openTestEngine(lost, createClock());
    expect(await api.listBackups()).toEqual(backups);
    expect(await api.getStorageFacts()).toMatchObject({ lastBackupAt: backups[0]?.createdAt });
    await close();
    const again = await openTestEngine(lost.disk('flushed'), createClock());
    expect(await again.api.listBackups()).toEqual(backups);
    await again.close();
  });

  it('is listed without its time where it cannot be read', async () => {
    const { disk, backups } = await createStore();
    const lost = withoutList(disk, 'backups/all.1.zip');
    const { api, close } = await openTestEngine(lost, createClock());
    const [one, all] = await api.listBackups();
    expect(one).toEqual(backups.find(({ path }) => path === 'one'));
    expect(all).toMatchObject({ path: 'all', createdAt: '1970-01-01T00:00:00.000Z', users: 0 });
    await close();
  });
});
