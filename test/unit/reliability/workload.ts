import type { NewMessage } from '../../../src/shared/contract.ts';
import type { Engine } from '../../../worker/engine.ts';
import { exportBytes, importBytes } from '../backup/support.ts';

type Api = Engine['api'];

/** Calls that are made at once; the next ones are made when all of them have settled. */
export interface Turn {
  readonly name: string;
  readonly calls: readonly ((engine: Engine) => Promise<unknown>)[];
}

/** Longer than a sector or two, and the same each time. */
export function longText(word: string, length: number): string {
  return `${word} ${word}-${length} `.repeat(Math.ceil(length / word.length)).slice(0, length);
}

function message(messageId: string, length = 20): NewMessage {
  return { messageId, role: 'user', content: longText(`text of ${messageId}`, length) };
}

function turn(name: string, ...calls: ((api: Api) => Promise<unknown>)[]): Turn {
  return { name, calls: calls.map((call) => (engine: Engine) => call(engine.api)) };
}

const DOCUMENT = { originalName: 'notes.txt', filename: 'notes.txt', mimeType: 'text/plain' };

const store = (api: Api, sessionId: string, documentId: string, length: number) =>
  api.storeDocument(
    'alice',
    sessionId,
    { documentId, ...DOCUMENT },
    new Blob([longText(`document ${documentId}`, length)]),
  );

/** What an import brings; it replaces all that alice has. */
let archive: Uint8Array | undefined;

/** One of everything that changes a store, with the index and its files being made in between. */
export const WORKLOAD: readonly Turn[] = [
  turn('create a user', (api) => api.createUser('alice', { name: 'Alice' })),
  turn('create a session', (api) => api.createSession('alice', { sessionId: 's1', title: 'one' })),
  turn('add a message', (api) => api.addMessage('alice', 's1', message('a'))),
  turn('add a batch', (api) =>
    api.addMessages(
      'alice',
      's1',
      [700, 30, 5_000, 900, 1_300].map((length, index) => message(`b${index}`, length)),
    ),
  ),
  turn(
    'create sessions',
    (api) => api.createSession('alice', { sessionId: 's2', title: 'two', metadata: { a: 1 } }),
    (api) => api.createSession('alice', { sessionId: 's3', title: 'three' }),
  ),
  turn(
    'write to three sessions at once',
    (api) => api.addMessage('alice', 's1', message('c', 600)),
    (api) => api.addMessages('alice', 's2', [message('c', 900), message('d', 900)]),
    (api) => api.addMessage('alice', 's3', message('c')),
  ),
  turn(
    'add batches to one session at once',
    (api) => api.addMessages('alice', 's2', [message('e', 800), message('f', 800)]),
    (api) => api.addMessages('alice', 's2', [message('g', 2_000), message('h'), message('i')]),
  ),
  turn('store a document', (api) => store(api, 's1', 'd1', 9_000)),
  turn('index', (api) => api.whenIdle()),
  turn('edit', (api) => api.updateMessage('alice', 's1', 'b1', { content: longText('new', 900) })),
  turn('delete a message', (api) => api.deleteMessage('alice', 's1', 'b2')),
  turn('rename a session', (api) => api.updateSession('alice', 's2', { title: 'renamed' })),
  turn('update a profile', (api) => api.updateUserProfile('alice', { email: 'a@example.org' })),
  turn('create another user', (api) => api.createUser('Bob', {})),
  turn('create a session of his', (api) =>
    api.createSession('Bob', { sessionId: 'b', title: 'B' }),
  ),
  turn(
    'write as two users at once',
    (api) => api.addMessages('Bob', 'b', [message('x', 1_500), message('y')]),
    (api) => api.addMessage('alice', 's3', message('x')),
  ),
  turn('create a persona', (api) =>
    api.createPersona({ personaId: 'p', name: 'P', ownerId: 'alice' }),
  ),
  turn('create a panel', (api) =>
    api.createPanel({ panelId: 'panel', type: 'brainstorm', personaIds: ['p'] }),
  ),
  turn('speak in a panel', (api) => api.addPanelMessage('panel', 'p', message('q', 700))),
  turn('save a context', (api) =>
    api.saveContext('alice', 's1', {
      contextId: 'k',
      summary: longText('summary', 700),
      keyPoints: ['one'],
      entities: {},
      confidence: 0.5,
      timestamp: new Date(0).toISOString(),
    }),
  ),
  turn('compact one user', (api) => api.optimizeStorage('alice')),
  turn('add after compaction', (api) => api.addMessage('alice', 's1', message('j'))),
  turn(
    'compact everything while somebody writes',
    (api) => api.optimizeStorage(),
    (api) => api.addMessages('alice', 's2', [message('k', 700), message('l', 700)]),
  ),
  turn('back up', (api) => api.backupData('safe', {})),
  {
    name: 'export',
    calls: [
      async (engine) => {
        archive = await exportBytes(engine, { userId: 'alice' });
      },
    ],
  },
  turn('delete a document', (api) => api.deleteDocument('alice', 's1', 'd1')),
  turn('store another', (api) => store(api, 's3', 'd2', 2_000)),
  turn('delete a session', (api) => api.deleteSession('alice', 's1')),
  turn('delete a user', (api) => api.deleteUser('Bob', true)),
  turn('create him again', (api) => api.createUser('Bob', { name: 'another' })),
  turn('restore the backup', (api) => api.restoreData('safe', {})),
  turn('add after restoring', (api) => api.addMessage('alice', 's1', message('m'))),
  turn('replace the backup', (api) => api.backupData('safe', { userId: 'alice' })),
  {
    name: 'import',
    calls: [
      async (engine) => {
        if (archive === undefined) throw new Error('There is no archive.');
        await importBytes(engine, archive);
      },
    ],
  },
  turn('save settings', (api) => api.updateConfiguration({ search: { defaultLimit: 7 } })),
  turn('delete the panel', (api) => api.deletePanel('panel')),
  turn('delete the backup', (api) => api.deleteBackup('safe')),
  turn(
    // What is cleaned up goes session by session, so that only one is left for it.
    'delete all but one session',
    (api) => api.deleteSession('alice', 's1'),
    (api) => api.deleteSession('alice', 's2'),
    (api) => api.deleteSession('Bob', 'b'),
  ),
  turn('clean up', (api) => api.cleanupOldData({ daysOld: 0, dryRun: false })),
  turn('start over', (api) => api.createSession('alice', { sessionId: 's9', title: 'nine' })),
  turn('add to it', (api) =>
    api.addMessages('alice', 's9', [message('z', 600), message('zz', 600)]),
  ),
  turn('index again', (api) => api.whenIdle()),
];
