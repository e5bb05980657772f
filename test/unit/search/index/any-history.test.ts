import fc from 'fast-check';
import { describe, it } from 'vitest';
import { compactMessages } from '../../../../worker/store/compaction.ts';
import { createFaultyBackend, type FaultyBackend } from '../../../support/faulty-backend.ts';
import { createTestEmbedder, type TestEmbedder } from '../../../support/test-embedder.ts';
import { putDocument, removeDocument, type SearchStore } from '../search-store.ts';
import {
  expectFound,
  expectSimilar,
  openWithVectors,
  readAll,
  say,
  WORDS,
} from './index-support.ts';

const word = fc.constantFrom(...WORDS);
const sessionId = fc.constantFrom('s0', 's1', 's2');
const documentId = fc.constantFrom('d0', 'd1');

const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      sessionId,
      words: fc.array(word, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('edit' as const), at: fc.nat(), word }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('renew session' as const), sessionId }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('compact' as const), sessionId }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('put document' as const),
      documentId,
      words: fc.array(word, { maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove document' as const), documentId }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('speak' as const), word }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom('commit' as const, 'optimize' as const),
      isAwaited: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'search' as const,
        'renew panel' as const,
        'reopen' as const,
        'crash' as const,
      ),
    }),
  },
);

/** Ordinals have to outlast the table of where the records of a rewritten log lie. */
const COMPACTED: Action[] = [
  { do: 'add', sessionId: 's0', words: ['bread', 'bread'] },
  { do: 'delete', at: 0 },
  { do: 'compact', sessionId: 's0' },
  { do: 'commit', isAwaited: true },
  { do: 'crash' },
];

/** Another text of a document is told from the one before, however alike they are from outside. */
const REPLACED: Action[] = [
  { do: 'put document', documentId: 'd0', words: ['bread', 'salt'] },
  { do: 'commit', isAwaited: false },
  { do: 'delete', at: 0 },
  { do: 'put document', documentId: 'd0', words: ['oven', 'bread'] },
];

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

async function createPanel({ createPanel: create }: SearchStore): Promise<void> {
  await create({ panelId: 'p', type: 'brainstorm', personaIds: ['x'] });
}

async function createStore(search: SearchStore): Promise<void> {
  await search.createUser('alice', {});
  for (const id of ['s0', 's1', 's2']) {
    await search.createSession('alice', { sessionId: id, title: 'x' });
  }
  await search.createPersona({ personaId: 'x', name: 'Ada', ownerId: 'alice' });
  await createPanel(search);
}

/** What changes messages, panels and documents. */
async function change(search: SearchStore, step: Action, name: string): Promise<void> {
  if (step.do === 'add') {
    const messages = step.words.map((each, index) => say(`${name}-${index}`, each));
    await search.addMessages('alice', step.sessionId, messages);
  } else if (step.do === 'edit' || step.do === 'delete') {
    const keys = [...(await readAll(search)).textByMessage.keys()];
    const [id = '', messageId = ''] = keys[step.at % Math.max(keys.length, 1)]?.split('/') ?? [];
    if (step.do === 'delete') await search.deleteMessage('alice', id, messageId);
    else await search.updateMessage('alice', id, messageId, { content: step.word });
  } else if (step.do === 'renew session') {
    await search.deleteSession('alice', step.sessionId);
    await search.createSession('alice', { sessionId: step.sessionId, title: 'x' });
  } else if (step.do === 'compact') {
    await compactMessages(search.store, 'alice', step.sessionId);
  } else if (step.do === 'put document') {
    const document = { documentId: step.documentId, sessionId: 's1', mimeType: 'text/plain' };
    if ((await search.getSession('alice', 's1')) === null) return;
    await putDocument(search, document, step.words);
  } else if (step.do === 'remove document') {
    await removeDocument(search, step.documentId);
  } else if (step.do === 'speak') {
    await search.addPanelMessage('p', 'x', say(name, step.word));
  } else if (step.do === 'renew panel') {
    await search.deletePanel('p');
    await createPanel(search);
  }
}

describe.each([
  { name: 'what is behind is indexed first', maxBytesBehind: Infinity },
  { name: 'what is behind is looked through', maxBytesBehind: -1 },
])('an index on the disk, where $name', { timeout: 60_000 }, ({ maxBytesBehind }) => {
  async function open(disk: FaultyBackend, embedder: TestEmbedder): Promise<SearchStore> {
    const search = await openWithVectors(disk, embedder);
    search.indexer.maxBytesBehind = maxBytesBehind;
    return search;
  }

  it('finds what the messages say now, whatever has happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 40, size: 'max' }), async (actions) => {
        const embedder = createTestEmbedder();
        let disk = createFaultyBackend();
        let search = await open(disk, embedder);
        await createStore(search);
        let later: Promise<unknown>[] = [];
        for (const [number, step] of actions.entries()) {
          if (step.do === 'search') {
            await expectFound(search);
          } else if (step.do === 'commit' || step.do === 'optimize') {
            const { searcher } = search;
            const work = step.do === 'commit' ? searcher.whenIdle() : searcher.optimize('alice');
            later.push(work);
            if (step.isAwaited) await work;
          } else if (step.do === 'reopen' || step.do === 'crash') {
            const left = search;
            if (step.do === 'reopen') await Promise.all([...later, left.close()]);
            disk = disk.disk('flushed');
            search = await open(disk, embedder);
            if (step.do === 'crash') await Promise.allSettled([...later, left.close()]);
            later = [];
          } else {
            await change(search, step, `m${number}`);
          }
        }
        await expectFound(search);
        await Promise.all(later);
        await expectSimilar(search);
        await search.searcher.optimize();
        await expectSimilar(search);
        await expectFound(search);
        await search.close();
        search = await open(disk.disk('flushed'), embedder);
        await expectFound(search);
        await expectSimilar(search);
        await search.close();
      }),
      { numRuns: 12, examples: [[COMPACTED], [REPLACED]] },
    );
  });
});
