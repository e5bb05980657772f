import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../worker/engine.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { takeSnapshot } from '../../support/snapshot.ts';
import { openTestEngine } from '../../support/stores.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-03-01T00:00:00Z');
const ALL = { offset: 0, reverse: false };

const NOTHING = {
  sessions: 0,
  messages: 0,
  documents: 0,
  contexts: 0,
  panels: 0,
  panelMessages: 0,
};

interface Step {
  readonly do: 'create' | 'add' | 'document' | 'context' | 'touch' | 'panel' | 'speak' | 'reopen';
  readonly user: string;
  readonly session: number;
  /** Days that pass before it, in quarters. */
  readonly quarters: number;
}

const action: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(
    ...(['create', 'add', 'add', 'document', 'context', 'touch'] as const),
    ...(['panel', 'speak', 'speak', 'reopen'] as const),
  ),
  user: fc.constantFrom('alice', 'Bob'),
  session: fc.nat(3),
  quarters: fc.nat(4),
});

const newDocument = (documentId: string) => {
  return { documentId, filename: 'a.txt', originalName: 'a.txt', mimeType: 'text/plain' };
};

const newContext = (contextId: string) => {
  return { contextId, summary: 'A talk.', keyPoints: [], entities: {}, confidence: 1 };
};

/** An engine of which the clock stands still between steps. */
async function createSubject() {
  let disk = createFaultyBackend();
  let time = START;
  const open = () => openTestEngine(disk, () => time);
  let engine = await open();
  let count = 0;
  for (const userId of ['alice', 'Bob']) await engine.api.createUser(userId, {});
  await engine.api.createPersona({ personaId: 'ada', name: 'Ada' });

  async function perform({ do: what, user, session, quarters }: Step): Promise<void> {
    // Never the same moment twice, so that the order of what is listed is told by the times.
    time += quarters * (DAY_MS / 4) + 1;
    const { api } = engine;
    const id = `id${count++}`;
    const message = { messageId: id, role: 'user' as const, content: `text ${id}` };
    if (what === 'create') {
      await api.createSession(user, { sessionId: id, title: 'x' });
    } else if (what === 'panel') {
      await api.createPanel({ panelId: id, type: 'brainstorm', personaIds: ['ada'] });
    } else if (what === 'speak') {
      const panel = (await api.listPanels())[session];
      if (panel !== undefined) await api.addPanelMessage(panel.panelId, 'ada', message);
    } else if (what === 'reopen') {
      await engine.close();
      disk = disk.disk('flushed');
      engine = await open();
    } else {
      const listed = await api.listSessions(user, { offset: 0, includeMetadata: false });
      const sessionId = listed[session]?.sessionId;
      if (sessionId === undefined) return;
      // Activity is not what a message says of its time.
      if (what === 'add') {
        const timestamp = '2001-01-01T00:00:00.000Z';
        await api.addMessage(user, sessionId, { ...message, timestamp });
      } else if (what === 'document') {
        await api.storeDocument(user, sessionId, newDocument(id), new Blob([`text ${id}`]));
      } else if (what === 'context') {
        await api.saveContext(user, sessionId, newContext(id));
      } else {
        await api.updateSession(user, sessionId, { title: `touched ${id}` });
      }
    }
  }

  return {
    perform,
    pass: (ms: number) => void (time += ms),
    now: () => time,
    get engine() {
      return engine;
    },
  };
}

/** Everything there is. */
async function readAll(engine: Engine) {
  const { api } = engine;
  const { users } = await takeSnapshot(engine);
  const owned = await Promise.all(
    users.map(async ({ profile }) => {
      const userId = profile?.userId ?? '';
      const listed = await api.listDocuments(userId, {});
      // Whether the text of one is extracted is a matter of the moment.
      const documents = listed.map((document) => ({ ...document, text: undefined }));
      return { documents, contexts: await api.listContexts(userId) };
    }),
  );
  const panels = await Promise.all(
    (await api.listPanels()).map(async (panel) => {
      return { ...panel, messages: await api.getPanelMessages(panel.panelId, ALL) };
    }),
  );
  return { users, owned, panels, personas: await api.listPersonas() };
}

type Everything = Awaited<ReturnType<typeof readAll>>;

/** What there would be without the sessions and panels whose last activity is before a time. */
function splitByAge({ users, owned, panels, personas }: Everything, before: number) {
  const isOld = ({ updatedAt }: { readonly updatedAt: string }) => Date.parse(updatedAt) < before;
  const oldSessions = users.flatMap(({ sessions }) => sessions.filter(isOld));
  const oldPanels = panels.filter(isOld);
  const ids = new Set(oldSessions.map(({ sessionId }) => sessionId));
  const isGone = ({ sessionId = '' }: { readonly sessionId?: string }) => ids.has(sessionId);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    removed: {
      sessions: oldSessions.length,
      messages: sum(oldSessions.map(({ messages }) => messages.length)),
      documents: sum(owned.map(({ documents }) => documents.filter(isGone).length)),
      contexts: sum(owned.map(({ contexts }) => contexts.filter(isGone).length)),
      panels: oldPanels.length,
      panelMessages: sum(oldPanels.map(({ messages }) => messages.length)),
    },
    left: {
      users: users.map(({ profile, sessions }) => {
        return { profile, sessions: sessions.filter((session) => !isOld(session)) };
      }),
      owned: owned.map(({ documents, contexts }) => {
        return {
          documents: documents.filter((document) => !isGone(document)),
          contexts: contexts.filter((context) => !isGone(context)),
        };
      }),
      panels: panels.filter((panel) => !isOld(panel)),
      personas,
    },
  };
}

describe('cleanupOldData', { timeout: 60_000 }, () => {
  it('removes what is older, as the dry run says, and nothing else', async () => {
    const actions = fc.array(action, { minLength: 20, maxLength: 50, size: 'max' });
    const daysOld = fc.integer({ min: 0, max: 60 }).map((quarters) => quarters / 4);
    let partlyRemoved = 0;
    await fc.assert(
      fc.asyncProperty(actions, daysOld, fc.boolean(), async (steps, days, reopened) => {
        const subject = await createSubject();
        for (const step of steps) await subject.perform(step);
        const idle = { do: 'reopen', user: 'alice', session: 0, quarters: 0 } as const;
        if (reopened) await subject.perform(idle);
        const before = await readAll(subject.engine);
        const { removed, left } = splitByAge(before, subject.now() - days * DAY_MS);
        const clean = (dryRun: boolean) =>
          subject.engine.api.cleanupOldData({ daysOld: days, dryRun });
        expect(await clean(true)).toEqual(removed);
        expect(await readAll(subject.engine)).toEqual(before);
        expect(await clean(false)).toEqual(removed);
        expect(await readAll(subject.engine)).toEqual(left);
        expect(await clean(false)).toEqual(NOTHING);
        await subject.perform(idle);
        expect(await readAll(subject.engine)).toEqual(left);
        await subject.engine.close();
        if (removed.sessions > 0 && left.users.some(({ sessions }) => sessions.length > 0)) {
          partlyRemoved++;
        }
      }),
      { numRuns: 60 },
    );
    expect(partlyRemoved).toBeGreaterThan(5);
  });

  it('does not take exactly so many days for more', async () => {
    const { engine, perform, pass } = await createSubject();
    await perform({ do: 'create', user: 'alice', session: 0, quarters: 0 });
    pass(30 * DAY_MS);
    const request = { daysOld: 30, dryRun: true };
    expect(await engine.api.cleanupOldData(request)).toEqual(NOTHING);
    pass(1);
    expect(await engine.api.cleanupOldData(request)).toEqual({ ...NOTHING, sessions: 1 });
    await engine.close();
  });

  it('writes nothing in a dry run', async () => {
    const disk = createFaultyBackend();
    const first = await openTestEngine(disk);
    await first.api.createUser('alice', {});
    await first.api.createSession('alice', { sessionId: 's', title: 'x' });
    await first.close();
    const copy = disk.disk('flushed');
    const { api, close } = await openTestEngine(copy);
    const { steps } = copy;
    await api.cleanupOldData({ daysOld: 0, dryRun: true });
    expect(copy.steps).toBe(steps);
    await close();
  });
});

describe('optimizeStorage', { timeout: 60_000 }, () => {
  it('changes no answer, whatever was done before and whatever is done after', async () => {
    const actions = fc.array(action, { minLength: 5, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(actions, actions, async (before, after) => {
        const subject = await createSubject();
        const plain = await createSubject();
        for (const step of before) {
          await subject.perform(step);
          await plain.perform(step);
        }
        expect(await subject.engine.api.optimizeStorage()).toBe(true);
        expect(await readAll(subject.engine)).toEqual(await readAll(plain.engine));
        for (const step of after) {
          await subject.perform(step);
          await plain.perform(step);
        }
        expect(await readAll(subject.engine)).toEqual(await readAll(plain.engine));
        await subject.engine.close();
        await plain.engine.close();
      }),
      { numRuns: 30 },
    );
  });

  it('that dies at any step loses nothing', async () => {
    const created = createFaultyBackend();
    const first = await openTestEngine(created);
    const { api } = first;
    await api.createUser('alice', {});
    for (const sessionId of ['s', 't']) await api.createSession('alice', { sessionId, title: 'x' });
    for (const messageId of ['a', 'b', 'c', 'd']) {
      const message = { messageId, role: 'user' as const, content: messageId };
      for (const sessionId of ['s', 't']) await api.addMessage('alice', sessionId, message);
      await api.updateMessage('alice', 's', messageId, { content: `edited ${messageId}` });
    }
    await api.deleteMessage('alice', 's', 'b');
    await api.storeDocument('alice', 's', newDocument('doc'), new Blob(['porcupine']));
    await api.saveContext('alice', 't', newContext('c'));
    await api.whenIdle();
    const expected = await readAll(first);
    await first.close();

    const optimize = async (disk: ReturnType<typeof createFaultyBackend>): Promise<void> => {
      try {
        const engine = await openTestEngine(disk);
        await engine.api.optimizeStorage();
      } catch (error) {
        if (!disk.crashed) throw error;
      }
    };
    const whole = created.disk('flushed');
    await optimize(whole);
    for (let step = 0; step < whole.steps; step++) {
      const dying = created.disk('flushed');
      dying.crashAt({ step, part: 0.5 });
      await optimize(dying);
      const engine = await openTestEngine(dying.disk('flushed'));
      const where = `step ${step}`;
      expect(await readAll(engine), where).toEqual(expected);
      const find = { query: 'porcupine', limit: 5 };
      expect(await engine.api.searchDocuments('alice', find), where).toHaveLength(1);
      const again = { messageId: 'b', role: 'user' as const, content: 'x' };
      expect(await engine.api.addMessage('alice', 's', again), where).toBe(false);
      expect(await engine.api.optimizeStorage(), where).toBe(true);
      expect(await readAll(engine), where).toEqual(expected);
      await engine.close();
    }
    expect(whole.steps).toBeGreaterThan(20);
  });
});
