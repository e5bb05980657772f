import type { EngineApi, NewDocument, NewMessage } from '../../src/shared/contract.ts';
import type { Engine } from '../../worker/engine.ts';
import type { CallContext, ChangingMethod } from '../../worker/services/call.ts';

type Api = EngineApi;

/** One call that changes something, and what may happen before it is repeated. */
export interface OperationCase<M extends ChangingMethod = ChangingMethod> {
  readonly method: M;
  readonly args: Parameters<EngineApi[M]>;
  /** What the call gives when it is made on {@link fillStore}. */
  readonly result: unknown;
  /** A later call of somebody else, after which the same call would give or do something else. */
  readonly later: (api: Api) => Promise<unknown>;
}

export const say = (messageId: string, content = `text of ${messageId}`): NewMessage => ({
  messageId,
  role: 'user',
  content,
});

const contextOf = (contextId: string) => ({
  contextId,
  summary: 'What it is about.',
  keyPoints: [],
  entities: {},
  confidence: 1,
});

export const describeDocument = (documentId: string): NewDocument => ({
  documentId,
  originalName: `${documentId}.bin`,
  filename: `${documentId}.bin`,
  mimeType: 'application/octet-stream',
});

/** What the calls are made on; the log of `s1` and all catalogs have something to be compacted. */
export async function fillStore({ api }: Engine): Promise<void> {
  await api.createUser('alice', { name: 'Alice' });
  await api.createUser('bob', {});
  await api.createSession('alice', { sessionId: 's1', title: 'first' });
  await api.createSession('alice', { sessionId: 's2', title: 'second' });
  await api.addMessages('alice', 's1', [say('a'), say('b'), say('c')]);
  await api.updateMessage('alice', 's1', 'a', { content: 'edited' });
  await api.storeDocument('alice', 's1', describeDocument('d1'), new Blob(['bytes']));
  await api.saveContext('alice', 's1', contextOf('c1'));
  await api.createPersona({ personaId: 'p1', name: 'One' });
  await api.createPersona({ personaId: 'p2', name: 'Two', ownerId: 'bob' });
  await api.createPanel({ panelId: 'round', type: 'brainstorm', personaIds: ['p1'] });
  await api.addPanelMessage('round', 'p1', say('x'));
  await api.updateConfiguration({ context: { maxHistory: 2 } });
  await api.backupData('weekly', {});
  await api.backupData('daily', {});
}

function one<M extends ChangingMethod>(
  method: M,
  args: Parameters<EngineApi[M]>,
  result: unknown,
  later: (api: Api) => Promise<unknown>,
): OperationCase {
  return { method, args, result, later } as unknown as OperationCase;
}

/** A case for each method that is carried out once, on the store as {@link fillStore} leaves it. */
export const OPERATION_CASES: readonly OperationCase[] = [
  one('createUser', ['carol', { name: 'Carol' }], true, (api) => api.deleteUser('carol', true)),
  one('updateUserProfile', ['alice', { email: 'a@example.org' }], true, (api) =>
    api.updateUserProfile('alice', { email: 'later@example.org' }),
  ),
  one('deleteUser', ['bob', true], true, async (api) => {
    await api.createUser('bob', { name: 'another' });
    await api.createPersona({ personaId: 'p3', name: 'Three', ownerId: 'bob' });
  }),
  one('createSession', ['alice', { sessionId: 's9', title: 'ninth' }], 's9', (api) =>
    api.deleteSession('alice', 's9'),
  ),
  one('updateSession', ['alice', 's1', { title: 'renamed' }], true, (api) =>
    api.updateSession('alice', 's1', { title: 'renamed later' }),
  ),
  one('deleteSession', ['alice', 's2'], true, (api) =>
    api.createSession('alice', { sessionId: 's2', title: 'another' }),
  ),
  one('addMessage', ['alice', 's1', say('d')], true, (api) =>
    api.deleteMessage('alice', 's1', 'd'),
  ),
  one('addMessages', ['alice', 's1', [say('a'), say('e'), say('f'), say('g')]], 3, (api) =>
    api.deleteMessage('alice', 's1', 'f'),
  ),
  one('updateMessage', ['alice', 's1', 'b', { content: 'changed' }], true, (api) =>
    api.updateMessage('alice', 's1', 'b', { content: 'changed later' }),
  ),
  one('deleteMessage', ['alice', 's1', 'c'], true, (api) =>
    api.addMessage('alice', 's1', say('h')),
  ),
  one(
    'storeDocument',
    ['alice', 's1', describeDocument('d2'), new Blob(['more bytes'])],
    'd2',
    (api) => api.deleteDocument('alice', 's1', 'd2'),
  ),
  one('storeDocument', ['alice', 's2', describeDocument('d3')], 'd3', (api) =>
    api.deleteSession('alice', 's2'),
  ),
  one('deleteDocument', ['alice', 's1', 'd1'], true, (api) =>
    api.storeDocument('alice', 's1', describeDocument('d1'), new Blob(['others'])),
  ),
  one('createPersona', [{ personaId: 'p9', name: 'Nine' }], true, (api) => api.deletePersona('p9')),
  one('deletePersona', ['p2'], true, (api) => api.createPersona({ personaId: 'p2', name: 'New' })),
  one(
    'createPanel',
    [{ panelId: 'table', type: 'focus_group', personaIds: ['p1'] }],
    'table',
    (api) => api.deletePanel('table'),
  ),
  one('deletePanel', ['round'], true, (api) =>
    api.createPanel({ panelId: 'round', type: 'brainstorm', personaIds: ['p2'] }),
  ),
  one('addPanelMessage', ['round', 'p1', say('y')], true, (api) => api.deletePersona('p1')),
  one('saveContext', ['alice', 's1', contextOf('c2')], 'c2', async (api) => {
    await api.saveContext('alice', 's1', contextOf('c3'));
    await api.saveContext('alice', 's1', contextOf('c4'));
  }),
  one('updateConfiguration', [{ context: { maxHistory: 3 } }], undefined, (api) =>
    api.updateConfiguration({ context: { maxHistory: 4 } }),
  ),
  one('deleteBackup', ['weekly'], true, (api) => api.backupData('weekly', {})),
  one(
    'restoreData',
    ['daily', { userId: 'alice' }],
    { users: 1, sessions: 2, messages: 3, documents: 1, skipped: 1, warnings: [] },
    async (api) => {
      await api.deleteBackup('daily');
      await api.addMessage('alice', 's1', say('z'));
    },
  ),
];

/** Makes the call as another tab does, which calls it by an id. */
export function callOnce(
  engine: Engine,
  { method, args }: Pick<OperationCase, 'method' | 'args'>,
  operation: NonNullable<CallContext['operation']>,
): Promise<unknown> {
  return engine.call(method, args, { operation, caller: 'ffdb:alive:other' });
}
