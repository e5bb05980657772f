import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FFStorageStatsDTO } from '../../../src/shared/model/statistics.ts';
import type { Engine } from '../../../worker/engine.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { openTestEngine } from '../../support/stores.ts';

const ROLES = ['user', 'assistant', 'system', 'tool'] as const;
const USERS = ['alice', 'Bob'];
const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-01T00:00:00Z');
const ALL = { offset: 0, reverse: false };

const place = { user: fc.constantFrom(...USERS), session: fc.nat(2) };

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      ...place,
      role: fc.constantFrom(...ROLES),
      content: fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
      /** Anywhere in four days, in no order. */
      at: fc.nat(4 * DAY_MS),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('edit' as const, 'delete message' as const, 'delete document' as const),
      ...place,
      pick: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('store document' as const, 'describe document' as const),
      ...place,
      text: fc.string({ maxLength: 300 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('create session' as const), ...place }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('delete session' as const, 'optimize' as const),
      ...place,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('close' as const, 'crash' as const), ...place }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete user' as const), ...place }) },
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** An engine that things are done to without anybody keeping count. */
class Subject {
  engine: Engine;
  disk: FaultyBackend;
  #count = 0;

  private constructor(disk: FaultyBackend, engine: Engine) {
    this.disk = disk;
    this.engine = engine;
  }

  static async create(): Promise<Subject> {
    const disk = createFaultyBackend();
    const subject = new Subject(disk, await openTestEngine(disk));
    for (const userId of USERS) await subject.#createUser(userId);
    return subject;
  }

  async #createUser(userId: string): Promise<void> {
    await this.engine.api.createUser(userId, {});
    await this.engine.api.createSession(userId, { sessionId: `${this.#count++}`, title: 'x' });
  }

  async perform(step: Action): Promise<void> {
    const { api } = this.engine;
    const id = `${this.#count++}`;
    if (step.do === 'create session') {
      await api.createSession(step.user, { sessionId: id, title: 'x' });
      return;
    }
    if (step.do === 'delete user') {
      await api.deleteUser(step.user, true);
      await this.#createUser(step.user);
      return;
    }
    if (step.do === 'close' || step.do === 'crash') {
      if (step.do === 'close') await this.engine.close();
      this.disk = this.disk.disk('flushed');
      this.engine = await openTestEngine(this.disk);
      return;
    }
    const page = { offset: 0, includeMetadata: false };
    const sessions = await api.listSessions(step.user, page);
    const { sessionId } = sessions[step.session] ?? {};
    if (sessionId === undefined) return;
    await this.#performIn(step, id, sessionId);
  }

  async #performIn(step: Action, id: string, sessionId: string): Promise<void> {
    const { api } = this.engine;
    const { user } = step;
    if (step.do === 'add') {
      const { role, content } = step;
      const timestamp = new Date(START + step.at).toISOString();
      await api.addMessage(user, sessionId, { messageId: id, role, content, timestamp });
    } else if (step.do === 'edit' || step.do === 'delete message') {
      const messages = await api.getMessages(user, sessionId, ALL);
      const messageId = messages[step.pick % Math.max(messages.length, 1)]?.messageId ?? 'none';
      if (step.do === 'delete message') await api.deleteMessage(user, sessionId, messageId);
      else await api.updateMessage(user, sessionId, messageId, { content: `edited ${id}` });
    } else if (step.do === 'delete document') {
      const documents = await api.listDocuments(user, { sessionId });
      const documentId = documents[step.pick % Math.max(documents.length, 1)]?.documentId ?? 'no';
      await api.deleteDocument(user, sessionId, documentId);
    } else if (step.do === 'store document' || step.do === 'describe document') {
      const names = { filename: 'a.txt', originalName: 'a.txt', mimeType: 'text/plain' };
      const document = { documentId: id, ...names };
      if (step.do === 'describe document') {
        await api.storeDocument(user, sessionId, { ...document, size: 1_000 });
      } else {
        await api.storeDocument(user, sessionId, document, new Blob([step.text]));
      }
    } else if (step.do === 'delete session') {
      await api.deleteSession(user, sessionId);
    } else if (step.do === 'optimize') {
      await api.optimizeStorage(step.session === 0 ? undefined : user);
    }
  }
}

/** Reads all that a user has, and counts it. */
async function recount({ api }: Engine, userId: string) {
  const sessions = await api.listSessions(userId, { offset: 0, includeMetadata: false });
  const bySession = await Promise.all(
    sessions.map(async ({ sessionId }) => {
      const messages = await api.getMessages(userId, sessionId, ALL);
      const documents = await api.listDocuments(userId, { sessionId });
      return { sessionId, messages, documents };
    }),
  );
  const messages = bySession.flatMap((session) => session.messages);
  const times = (of: typeof messages) => of.map(({ timestamp }) => timestamp).sort();
  const rolesOf = (of: typeof messages) =>
    Object.fromEntries(ROLES.map((role) => [role, of.filter((one) => one.role === role).length]));
  const activityByDay: Record<string, number> = {};
  const activityByHour = Array.from({ length: 24 }, () => 0);
  for (const { timestamp } of messages) {
    const day = timestamp.slice(0, 10);
    activityByDay[day] = (activityByDay[day] ?? 0) + 1;
    const hour = Number(timestamp.slice(11, 13));
    activityByHour[hour] = (activityByHour[hour] ?? 0) + 1;
  }
  const [firstActivity, lastActivity] = [times(messages)[0], times(messages).at(-1)];
  return {
    user: {
      userId,
      totalSessions: sessions.length,
      totalMessages: messages.length,
      totalDocuments: (await api.listDocuments(userId, {})).length,
      messagesByRole: rolesOf(messages),
      ...(firstActivity === undefined ? {} : { firstActivity, lastActivity }),
      averageMessagesPerSession: sessions.length === 0 ? 0 : messages.length / sessions.length,
      activityByDay,
      activityByHour,
    },
    sessions: bySession.map(({ sessionId, messages: own, documents }) => {
      const characters = own.reduce((sum, { content }) => sum + content.length, 0);
      const [firstMessageAt = '', lastMessageAt = ''] = [times(own)[0], times(own).at(-1)];
      const empty = own.length === 0;
      const ms = empty ? 0 : Date.parse(lastMessageAt) - Date.parse(firstMessageAt);
      return {
        sessionId,
        messageCount: own.length,
        messagesByRole: rolesOf(own),
        documentCount: documents.length,
        characters,
        averageMessageLength: empty ? 0 : characters / own.length,
        ...(empty ? {} : { firstMessageAt, lastMessageAt }),
        durationSeconds: ms / 1_000,
      };
    }),
  };
}

/** The same, as the statistics say it. */
async function readStats({ api }: Engine, userId: string) {
  const { storageBytes: _b, ...user } = await api.getUserStats(userId);
  const listed = await api.listSessions(userId, { offset: 0, includeMetadata: false });
  const sessions = await Promise.all(
    listed.map(async ({ sessionId }) => {
      const { storageBytes: _c, ...session } = await api.getSessionStats(userId, sessionId);
      return session;
    }),
  );
  return { user, sessions };
}

/** What lies on the disk, by kind. */
function bytesOnDisk(disk: FaultyBackend): FFStorageStatsDTO['bytesByKind'] {
  const bytes = {
    messages: 0,
    documents: 0,
    indexes: 0,
    catalogs: 0,
    panels: 0,
    backups: 0,
    quarantine: 0,
    reserve: 0,
  };
  for (const path of disk.paths) {
    const size = disk.bytesOf(path)?.length ?? 0;
    if (path.startsWith('quarantine/')) bytes.quarantine += size;
    else if (path === 'reserve') bytes.reserve += size;
    else if (path.startsWith('backups/')) bytes.backups += size;
    else if (path.startsWith('shared/sessions/')) bytes.panels += size;
    else if (path.includes('/documents/')) bytes.documents += size;
    else if (path.endsWith('.idx') || path.includes('/search/')) bytes.indexes += size;
    else if (path.includes('/sessions/')) bytes.messages += size;
    else bytes.catalogs += size;
  }
  return bytes;
}

async function expectCounted({ engine, disk }: Subject): Promise<void> {
  const { api } = engine;
  let [sessions, messages, documents] = [0, 0, 0];
  for (const userId of USERS) {
    const counted = await recount(engine, userId);
    expect(await readStats(engine, userId)).toEqual(counted);
    sessions += counted.user.totalSessions;
    messages += counted.user.totalMessages;
    documents += counted.user.totalDocuments;
  }
  await api.whenIdle();
  const stats = await api.getStorageStats();
  expect(stats).toMatchObject({
    totalUsers: USERS.length,
    totalSessions: sessions,
    totalMessages: messages,
    totalDocuments: documents,
    damagedRecords: 0,
  });
  const onDisk = bytesOnDisk(disk);
  expect(stats.bytesByKind).toEqual(onDisk);
  const sum = Object.values(onDisk).reduce((total, bytes) => total + bytes, 0);
  expect(stats.storageBytes).toBe(sum);
}

/** Opens the store when the one that has just run has written nothing yet that it will write later. */
async function settle(subject: Subject): Promise<void> {
  await subject.engine.api.whenIdle();
  await subject.engine.close();
  subject.disk = subject.disk.disk('flushed');
  subject.engine = await openTestEngine(subject.disk);
}

describe('statistics', { timeout: 120_000 }, () => {
  it('say what counting everything says, whatever was done', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40 }), async (actions) => {
        const subject = await Subject.create();
        for (const step of actions) await subject.perform(step);
        await expectCounted(subject);
        await settle(subject);
        // Before any user's files are opened, and after.
        const stats = await subject.engine.api.getStorageStats();
        expect(stats.bytesByKind).toEqual(bytesOnDisk(subject.disk));
        await expectCounted(subject);
        await subject.engine.close();
      }),
      { numRuns: 60 },
    );
  });

  it('of a user and a session say what their files take', async () => {
    const { engine, disk, perform } = await createFilled();
    for (const step of ['add', 'document'] as const) await perform(step);
    await engine.api.whenIdle();
    const sizeOf = (start: string): number =>
      disk.paths
        .filter((path) => path.startsWith(start))
        .reduce((sum, path) => sum + (disk.bytesOf(path)?.length ?? 0), 0);
    const session = await engine.api.getSessionStats('alice', 's');
    expect(session.storageBytes).toBe(sizeOf('users/alice/sessions/s/'));
    const user = await engine.api.getUserStats('alice');
    expect(user.storageBytes).toBe(sizeOf('users/alice/'));
    expect(user.storageBytes).toBeGreaterThan(session.storageBytes);
    await engine.close();
  });

  it('know what the search index takes, also where nothing else was written since', async () => {
    const { engine, disk } = await createFilled();
    // So early that nothing is indexed yet.
    await engine.close();
    const indexedDisk = disk.disk('flushed');
    const indexing = await openTestEngine(indexedDisk);
    await indexing.api.getUserStats('alice');
    await indexing.api.whenIdle();
    const { bytesByKind } = await indexing.api.getStorageStats();
    await indexing.close();
    expect(bytesByKind.indexes).toBeGreaterThan(bytesOnDisk(disk).indexes);
    const reopened = await openTestEngine(indexedDisk);
    const { indexes } = (await reopened.api.getStorageStats()).bytesByKind;
    expect(indexes).toBe(bytesByKind.indexes);
    await reopened.close();
  });
});

async function createFilled() {
  const disk = createFaultyBackend();
  const engine = await openTestEngine(disk);
  const { api } = engine;
  await api.createUser('alice', {});
  for (const sessionId of ['s', 't']) await api.createSession('alice', { sessionId, title: 'x' });
  await api.addMessage('alice', 't', { messageId: 'other', role: 'user', content: 'other' });
  const perform = async (what: 'add' | 'document') => {
    if (what === 'add') {
      await api.addMessage('alice', 's', { messageId: 'm', role: 'user', content: 'one' });
      return;
    }
    const names = { filename: 'a.txt', originalName: 'a.txt', mimeType: 'text/plain' };
    await api.storeDocument('alice', 's', { documentId: 'd', ...names }, new Blob(['a text']));
  };
  return { engine, disk, perform };
}
