import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HitReader } from '../../../worker/search/hit-reader.ts';
import { panelKey } from '../../../worker/search/keys.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { foundBy, openSearchStore, type SearchStore } from './search-store.ts';

const USERS = ['alice', 'bob', 'carol'];
const WORDS = ['bread', 'salt'];

const owner = fc.constantFrom(undefined, ...USERS);
const panelId = fc.constantFrom('p0', 'p1', 'p2');
const personaId = fc.nat(4).map((number) => `x${number}`);

const action = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('create panel' as const),
      panelId,
      ownerId: owner,
      personaIds: fc.uniqueArray(personaId, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('speak' as const),
      panelId,
      personaId,
      messageId: fc.nat(9).map((number) => `m${number}`),
      word: fc.constantFrom(...WORDS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete panel' as const), panelId }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete persona' as const), personaId }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('search' as const),
      userId: fc.constantFrom(...USERS),
      word: fc.constantFrom(...WORDS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reopen' as const, 'idle' as const) }) },
);

interface Speech {
  readonly personaId: string;
  readonly word: string;
}

/** Panels without an index: every message is looked at in every search. */
class Oracle {
  readonly ownerByPersona = new Map<string, string | undefined>();
  readonly panels = new Map<
    string,
    { ownerId: string | undefined; personaIds: string[]; speeches: Map<string, Speech> }
  >();

  createPanel(id: string, ownerId: string | undefined, personaIds: string[]): void {
    if (this.panels.has(id)) return;
    const owners = new Set(
      personaIds.map((each) => this.ownerByPersona.get(each)).filter((each) => each !== undefined),
    );
    const [common] = owners;
    this.panels.set(id, {
      ownerId: ownerId ?? (owners.size === 1 ? common : undefined),
      personaIds,
      speeches: new Map(),
    });
  }

  find(userId: string, word: string): string[] {
    return [...this.panels]
      .flatMap(([id, { ownerId, speeches }]) =>
        [...speeches].flatMap(([messageId, speech]) =>
          speech.word === word && (ownerId ?? this.ownerByPersona.get(speech.personaId)) === userId
            ? [`${id}/${messageId}`]
            : [],
        ),
      )
      .sort();
  }
}

async function openWithUsers(): Promise<SearchStore> {
  const search = await openSearchStore();
  for (const userId of USERS) await search.createUser(userId, {});
  return search;
}

describe('a search of panels', { timeout: 60_000 }, () => {
  it('finds what belongs to the user, and never what belongs to another one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(owner, { minLength: 5, maxLength: 5 }),
        fc.array(action, { maxLength: 40 }),
        async (personaOwners, actions) => {
          let disk = createFaultyBackend();
          let search = await openSearchStore({ disk });
          const oracle = new Oracle();
          for (const userId of USERS) await search.createUser(userId, {});
          for (const [index, ownerId] of personaOwners.entries()) {
            oracle.ownerByPersona.set(`x${index}`, ownerId);
            await search.createPersona({
              personaId: `x${index}`,
              name: 'somebody',
              ...(ownerId === undefined ? {} : { ownerId }),
            });
          }
          const expectFound = async (userId: string, word: string): Promise<void> => {
            expect(await foundBy(search, userId, word)).toEqual(oracle.find(userId, word));
            for (const only of ['p0', 'p1']) {
              expect(await foundBy(search, userId, word, [only])).toEqual(
                oracle.find(userId, word).filter((key) => key.startsWith(only)),
              );
            }
          };
          for (const step of actions) {
            if (step.do === 'create panel') {
              const { ownerId, personaIds } = step;
              if (!personaIds.every((id) => oracle.ownerByPersona.has(id))) continue;
              await search.createPanel({
                panelId: step.panelId,
                type: 'focus_group',
                personaIds,
                ...(ownerId === undefined ? {} : { ownerId }),
              });
              oracle.createPanel(step.panelId, ownerId, personaIds);
            } else if (step.do === 'speak') {
              const panel = oracle.panels.get(step.panelId);
              if (panel?.personaIds.includes(step.personaId) !== true) continue;
              if (!oracle.ownerByPersona.has(step.personaId)) continue;
              await search.addPanelMessage(step.panelId, step.personaId, {
                messageId: step.messageId,
                role: 'assistant',
                content: `some ${step.word} here`,
              });
              if (!panel.speeches.has(step.messageId)) panel.speeches.set(step.messageId, step);
            } else if (step.do === 'delete panel') {
              await search.deletePanel(step.panelId);
              oracle.panels.delete(step.panelId);
            } else if (step.do === 'delete persona') {
              await search.deletePersona(step.personaId);
              oracle.ownerByPersona.delete(step.personaId);
            } else if (step.do === 'search') {
              await expectFound(step.userId, step.word);
            } else if (step.do === 'idle') {
              await search.searcher.whenIdle();
            } else {
              await search.close();
              disk = disk.disk('flushed');
              search = await openSearchStore({ disk });
            }
          }
          for (const userId of USERS) for (const word of WORDS) await expectFound(userId, word);
          await search.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives what was said, by whom and where', async () => {
    const search = await openWithUsers();
    await search.createPersona({ personaId: 'x', name: 'Ada', ownerId: 'alice' });
    await search.createPanel({ panelId: 'p', type: 'expert_panel', personaIds: ['x'] });
    await search.addPanelMessage('p', 'x', {
      messageId: 'm',
      role: 'assistant',
      content: 'Add <salt>',
      timestamp: '2024-05-01T12:00:00.000Z',
      metadata: { mood: 'calm' },
    });
    const query = { query: 'salt', minRelevanceScore: 0 };
    expect(await search.searchMessages('alice', query)).toStrictEqual([
      {
        id: 'm',
        type: 'message',
        content: 'Add <salt>',
        userId: 'alice',
        sessionId: 'p',
        panelId: 'p',
        personaId: 'x',
        relevanceScore: 1,
        highlights: ['Add &lt;<mark>salt</mark>&gt;'],
        role: 'assistant',
        name: 'Ada',
        timestamp: '2024-05-01T12:00:00.000Z',
        metadata: { mood: 'calm' },
      },
    ]);
    expect(await search.searchMessages('bob', query)).toEqual([]);
    await search.close();
  });

  it('keeps a panel apart from a session of the same id', async () => {
    const search = await openWithUsers();
    await search.createSession('alice', { sessionId: 'same', title: 'x' });
    await search.addMessage('alice', 'same', { messageId: 'm', role: 'user', content: 'salt one' });
    await search.createPersona({ personaId: 'x', name: 'Ada' });
    await search.createPanel({
      panelId: 'same',
      type: 'brainstorm',
      personaIds: ['x'],
      ownerId: 'alice',
    });
    const said = { messageId: 'm', role: 'user', content: 'salt two' } as const;
    await search.addPanelMessage('same', 'x', said);
    expect(await foundBy(search, 'alice', 'salt')).toEqual(['same/m', 'same/m']);
    expect(await foundBy(search, 'alice', 'salt', ['same'])).toHaveLength(2);
    await search.deleteSession('alice', 'same');
    const query = { query: 'salt', minRelevanceScore: 0 };
    expect(await search.searchMessages('alice', query)).toMatchObject([
      { content: 'salt two', panelId: 'same' },
    ]);
    await search.close();
  });

  it('finds what a persona had said before another owner’s took its id', async () => {
    const search = await openWithUsers();
    await search.createPersona({ personaId: 'x', name: 'Ada', ownerId: 'alice' });
    await search.createPersona({ personaId: 'y', name: 'Bo', ownerId: 'bob' });
    await search.createPanel({ panelId: 'p', type: 'brainstorm', personaIds: ['x', 'y'] });
    await search.addPanelMessage('p', 'x', { messageId: 'm', role: 'user', content: 'salt' });
    expect(await foundBy(search, 'alice', 'salt')).toEqual(['p/m']);
    expect(await foundBy(search, 'carol', 'salt')).toEqual([]);
    await search.deletePersona('x');
    expect(await foundBy(search, 'alice', 'salt')).toEqual([]);
    await search.createPersona({ personaId: 'x', name: 'Ada', ownerId: 'carol' });
    search.indexer.panelChanged('p');
    expect(await foundBy(search, 'alice', 'salt')).toEqual([]);
    expect(await foundBy(search, 'carol', 'salt')).toEqual(['p/m']);
    expect(search.indexer.status().entries).toBe(1);
    await search.close();
  });

  describe('in a panel of several owners', () => {
    async function openMixed(): Promise<SearchStore> {
      const search = await openWithUsers();
      await search.createPersona({ personaId: 'x', name: 'Ada', ownerId: 'alice' });
      await search.createPersona({ personaId: 'y', name: 'Bo', ownerId: 'bob' });
      await search.createPanel({ panelId: 'p', type: 'brainstorm', personaIds: ['x', 'y'] });
      const long = { messageId: 'm', role: 'user', content: 'salt, said at length' } as const;
      await search.addPanelMessage('p', 'x', long);
      for (let number = 0; number < 5; number++) {
        const said = { messageId: `n${number}`, role: 'user', content: 'salt' } as const;
        await search.addPanelMessage('p', 'y', said);
      }
      return search;
    }

    it('gives what others have said no place among the hits', async () => {
      const search = await openMixed();
      const query = { query: 'salt', minRelevanceScore: 0, limit: 1 };
      expect(await search.searchMessages('alice', query)).toMatchObject([
        { id: 'm', relevanceScore: 1 },
      ]);
      expect(search.indexer.status().entries).toBe(1);
      await search.close();
    });

    it('reads nothing for a user that somebody else has said', async () => {
      const search = await openMixed();
      const hits = [0, 1].map((number) => ({
        type: 'message' as const,
        key: panelKey('p'),
        number,
        score: 1,
      }));
      const reader = new HitReader(search.store);
      const read = async (userId: string) =>
        [...(await reader.read(userId, hits)).values()].map(
          (found) => found.type === 'message' && found.message.messageId,
        );
      expect(await read('alice')).toEqual(['m']);
      expect(await read('bob')).toEqual(['n0']);
      expect(await read('carol')).toEqual([]);
      await search.close();
    });
  });

  it('is in the messages and the panels at once, best first', async () => {
    const search = await openWithUsers();
    await search.createSession('alice', { sessionId: 's', title: 'x' });
    await search.addMessage('alice', 's', { messageId: 'm', role: 'user', content: 'salt' });
    await search.createPersona({ personaId: 'x', name: 'Ada', ownerId: 'alice' });
    await search.createPanel({ panelId: 'p', type: 'brainstorm', personaIds: ['x'] });
    const said = { messageId: 'n', role: 'user', content: 'salt and pepper' } as const;
    await search.addPanelMessage('p', 'x', said);
    const hits = await search.searchMessages('alice', {
      query: 'salt pepper',
      minRelevanceScore: 0,
    });
    expect(hits.map(({ id }) => id)).toEqual(['n', 'm']);
    expect(hits[0]?.relevanceScore).toBe(1);
    expect(hits[1]?.relevanceScore).toBeLessThan(1);
    await search.close();
  });
});
