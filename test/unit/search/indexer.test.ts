import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';

const WORDS = ['bread', 'water', 'salt', 'oven'];

const word = fc.constantFrom(...WORDS);
const sessionId = fc.constantFrom('s0', 's1', 's2');
const messageId = fc.constantFrom('m0', 'm1', 'm2', 'm3', 'm4');

const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('add' as const), sessionId, messageId, word }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('edit' as const), sessionId, messageId, word }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), sessionId, messageId }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('search' as const), word }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reopen' as const, 'idle' as const) }) },
);

async function openUser(disk: FaultyBackend) {
  const engine = await openTestEngine(disk, createClock());
  await engine.api.createUser('alice', {});
  return engine;
}

describe('a search', () => {
  it('finds every write that has resolved, and nothing that is gone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async (actions) => {
        let disk = createFaultyBackend();
        let engine = await openUser(disk);
        for (const id of ['s0', 's1', 's2']) {
          await engine.api.createSession('alice', { sessionId: id, title: 'x' });
        }
        /** The word of each message; `null` for one that was deleted. */
        const wordByKey = new Map<string, string | null>();
        const expectFound = async (query: string): Promise<void> => {
          const hits = await engine.api.searchMessages('alice', { query, minRelevanceScore: 0 });
          const expected = [...wordByKey].flatMap(([key, held]) => (held === query ? [key] : []));
          expect(hits.map((hit) => `${hit.sessionId}/${hit.id}`).sort()).toEqual(expected.sort());
          for (const { content, highlights } of hits) {
            expect(content).toBe(`some ${query} here`);
            expect(highlights).toEqual([`some <mark>${query}</mark> here`]);
          }
        };
        for (const step of actions) {
          const key = 'messageId' in step ? `${step.sessionId}/${step.messageId}` : '';
          if (step.do === 'add') {
            const content = `some ${step.word} here`;
            await engine.api.addMessage('alice', step.sessionId, {
              messageId: step.messageId,
              role: 'user',
              content,
              parentId: null,
            });
            if (!wordByKey.has(key)) wordByKey.set(key, step.word);
          } else if (step.do === 'edit') {
            const content = `some ${step.word} here`;
            await engine.api.updateMessage('alice', step.sessionId, step.messageId, { content });
            if (typeof wordByKey.get(key) === 'string') wordByKey.set(key, step.word);
          } else if (step.do === 'delete') {
            await engine.api.deleteMessage('alice', step.sessionId, step.messageId);
            if (wordByKey.has(key)) wordByKey.set(key, null);
          } else if (step.do === 'search') {
            await expectFound(step.word);
          } else if (step.do === 'idle') {
            await engine.api.whenIdle();
          } else {
            await engine.close();
            disk = disk.disk('flushed');
            engine = await openTestEngine(disk, createClock());
          }
        }
        for (const query of WORDS) await expectFound(query);
        await engine.close();
      }),
      { numRuns: 40 },
    );
  });

  it('gives the best hit the relevance 1, and leaves out what is less relevant than asked for', async () => {
    const { api } = await openUser(createFaultyBackend());
    await api.createSession('alice', { sessionId: 's1', title: 'x' });
    const contents = ['salt', 'bread and butter', 'bread with salt', 'nothing'];
    for (const [index, content] of contents.entries()) {
      await api.addMessage('alice', 's1', { messageId: `m${index}`, role: 'user', content });
    }
    const query = 'bread salt';
    const all = await api.searchMessages('alice', { query, minRelevanceScore: 0 });
    const scores = all.map(({ relevanceScore }) => relevanceScore);
    expect(all.map(({ id }) => id).sort()).toEqual(['m0', 'm1', 'm2']);
    expect(all[0]).toMatchObject({ id: 'm2', relevanceScore: 1 });
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(Math.min(...scores)).toBeGreaterThan(0);
    const best = await api.searchMessages('alice', { query, minRelevanceScore: 1 });
    expect(best.map(({ id }) => id)).toEqual(['m2']);
  });

  it('finds a sender by the name, and shows it', async () => {
    const { api } = await openUser(createFaultyBackend());
    await api.createSession('alice', { sessionId: 's1', title: 'x' });
    const base = { role: 'user' as const, content: 'hello' };
    await api.addMessage('alice', 's1', { ...base, messageId: 'm1', name: 'Ada <Lovelace>' });
    await api.addMessage('alice', 's1', { ...base, messageId: 'm2' });
    const hits = await api.searchMessages('alice', { query: 'lovelace', minRelevanceScore: 0 });
    expect(hits).toMatchObject([
      { id: 'm1', name: 'Ada <Lovelace>', highlights: ['Ada &lt;<mark>Lovelace</mark>&gt;'] },
    ]);
  });

  it('is in no one else’s messages', async () => {
    const { api } = await openUser(createFaultyBackend());
    await api.createUser('Bob', {});
    await api.createSession('Bob', { sessionId: 's1', title: 'x' });
    await api.addMessage('Bob', 's1', { messageId: 'm1', role: 'user', content: 'secret' });
    const query = { query: 'secret', minRelevanceScore: 0 };
    expect(await api.searchMessages('alice', query)).toEqual([]);
    expect(await api.searchMessages('nobody', query)).toEqual([]);
    expect(await api.searchMessages('Bob', query)).toHaveLength(1);
  });
});
