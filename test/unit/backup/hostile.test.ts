import { FFStorageManager } from 'flatfile-chat';
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { readState } from '../../contract/support.ts';
import {
  archiveOf,
  hostileArchives,
  listed,
  utf8,
  type RawEntry,
} from '../../support/hostile-archives.ts';

const AT = '2025-03-01T09:30:00.000Z';

/** Lines as they should be; each test spoils some. */
const profile = { userId: 'mia', createdAt: AT, updatedAt: AT };
const session = { sessionId: 's', title: '', createdAt: AT, updatedAt: AT, messageCount: 1 };
const message = { messageId: 'm', role: 'user', content: 'Isar', timestamp: AT };
const bytes = utf8('karst');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const document = {
  documentId: 'd',
  sessionId: 's',
  filename: 'd',
  originalName: 'd',
  path: 'd',
  mimeType: 'text/plain',
  size: bytes.length,
  uploadedBy: 'mia',
  uploadedAt: AT,
  sha256,
};
const context = {
  contextId: 'c',
  userId: 'mia',
  sessionId: 's',
  summary: '',
  keyPoints: [],
  entities: {},
  confidence: 1,
  timestamp: AT,
};
const persona = { personaId: 'p', name: 'P', createdAt: AT, updatedAt: AT };
const panel = {
  panelId: 'l',
  type: 'brainstorm',
  personaIds: ['p'],
  createdAt: AT,
  updatedAt: AT,
  messageCount: 0,
};

interface Lines {
  readonly userId?: string;
  readonly profile?: readonly unknown[];
  readonly sessions?: readonly unknown[];
  readonly messages?: readonly unknown[];
  readonly documents?: readonly unknown[];
  readonly content?: Uint8Array;
  readonly contexts?: readonly unknown[];
  readonly personas?: readonly unknown[];
  readonly panels?: readonly unknown[];
}

/** A ZIP with a true manifest, whatever its lines say. A line that is a text is taken as it is. */
function archive(lines: Lines): Blob {
  const folder = `users/${lines.userId === undefined ? 'mia' : '=2fshared'}`;
  const file = (name: string, values: readonly unknown[]): RawEntry => ({
    name,
    content: utf8(
      values
        .map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`)
        .join(''),
    ),
  });
  const entries = [
    file(`${folder}/profile.json`, lines.profile ?? [profile]),
    file(`${folder}/sessions.jsonl`, lines.sessions ?? [session]),
    file(`${folder}/sessions/s/messages.jsonl`, lines.messages ?? [{ at: 1, message }]),
    { name: `${folder}/sessions/s/documents/d-d`, content: lines.content ?? bytes },
    file(`${folder}/documents.jsonl`, lines.documents ?? [document]),
    file(`${folder}/contexts.jsonl`, lines.contexts ?? [context]),
    file('shared/personas.jsonl', lines.personas ?? [persona]),
    file('shared/panels.jsonl', lines.panels ?? [panel]),
    file('shared/panels/l/messages.jsonl', []),
  ];
  const counts = { sessions: 1, messages: 1, documents: 1 };
  const manifest = {
    format: 'flatfile-chat-backup',
    version: 1,
    createdAt: AT,
    counts: { users: 1, ...counts, personas: 1, panels: 1, panelMessages: 0 },
    users: [{ userId: lines.userId ?? 'mia', ...counts }],
    files: entries.map(listed),
  };
  return new Blob([archiveOf(entries, manifest)]);
}

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

const HOSTILE: readonly (readonly [what: string, lines: Lines])[] = [
  ['the profile of another user', { profile: [{ ...profile, userId: 'eve' }] }],
  ['no profile', { profile: [] }],
  [
    'the shared space for a user',
    { userId: '/shared', profile: [{ ...profile, userId: '/shared' }] },
  ],
  ['a profile that is a list', { profile: [[]] }],
  ['a profile with an unknown key', { profile: [{ ...profile, admin: true }] }],
  ['a line that is no JSON', { sessions: ['{"sessionId":'] }],
  ['a line that is null', { messages: ['null'] }],
  ['an empty line', { messages: [''] }],
  ['an id that leads outside', { sessions: [{ ...session, sessionId: '../eve' }] }],
  ['an id with a slash', { messages: [{ at: 1, message: { ...message, messageId: 'a/b' } }] }],
  ['a document’s id that leads outside', { documents: [{ ...document, documentId: '..' }] }],
  ['a context’s id that leads outside', { contexts: [{ ...context, contextId: '..\\x' }] }],
  ['a panel’s id that leads outside', { panels: [{ ...panel, panelId: 'a/../b' }] }],
  ['a persona’s id with a control character', { personas: [{ ...persona, personaId: '\u0000' }] }],
  ['an id that is empty', { sessions: [{ ...session, sessionId: '' }] }],
  ['an id that is no text', { sessions: [{ ...session, sessionId: 7 }] }],
  ['a session twice', { sessions: [session, session] }],
  [
    'a message twice',
    {
      messages: [
        { at: 1, message },
        { at: 2, message },
      ],
    },
  ],
  [
    'a message and its tombstone',
    {
      messages: [
        { at: 1, message },
        { at: 2, deleted: 'm' },
      ],
    },
  ],
  ['a document twice', { documents: [document, document] }],
  ['a context twice', { contexts: [context, context] }],
  ['a persona twice', { personas: [persona, persona] }],
  ['a panel twice', { panels: [panel, panel] }],
  ['a session without its messages', { sessions: [session, { ...session, sessionId: 't' }] }],
  ['a document of no session', { documents: [{ ...document, sessionId: 't' }] }],
  ['a context of no session', { contexts: [{ ...context, sessionId: 't' }] }],
  ['a document without its bytes', { documents: [{ ...document, originalName: 'e' }] }],
  ['other bytes of a document', { content: utf8('chalk') }],
  ['a document of another length', { documents: [{ ...document, size: 4 }] }],
  ['an unknown role', { messages: [{ at: 1, message: { ...message, role: 'root' } }] }],
  ['content that is no text', { messages: [{ at: 1, message: { ...message, content: {} } }] }],
  ['a time that is none', { messages: [{ at: 1, message: { ...message, timestamp: 'now' } }] }],
  ['a time beyond all dates', { messages: [{ at: 8.7e15, message }] }],
  ['a time before all dates', { messages: [{ at: -1, message }] }],
  ['metadata that is a list', { messages: [{ at: 1, message: { ...message, metadata: [] } }] }],
  [
    'parts that are nested without end',
    { messages: [`{"at":1,"message":${JSON.stringify(message).slice(0, -1)},"parts":${deep}}}`] },
  ],
  [
    'metadata that is nested without end',
    { profile: [`${JSON.stringify(profile).slice(0, -1)},"metadata":{"a":${deep}}}`] },
  ],
  ['a negative size', { documents: [{ ...document, size: -1 }] }],
  ['a confidence beyond 1', { contexts: [{ ...context, confidence: 2 }] }],
  ['entities that are no lists', { contexts: [{ ...context, entities: { a: 'b' } }] }],
  ['an unknown type of panel', { panels: [{ ...panel, type: 'cabal' }] }],
];

/** A store with something in it, and its state. */
async function openStore() {
  const storage = new FFStorageManager({}, { backend: 'memory' });
  await storage.initialize();
  await storage.createUser('mia', { name: 'Mia' });
  const sessionId = await storage.createSession('mia', 'Rivers');
  await storage.addMessage('mia', sessionId, { role: 'user', content: 'Loisach' });
  await storage.createPersona({ personaId: 'p', name: 'Mine', ownerId: 'mia' });
  return { storage, sessionId, before: await readState(storage) };
}

describe('an import', () => {
  let store: Awaited<ReturnType<typeof openStore>>;

  beforeAll(async () => {
    store = await openStore();
    return () => store.storage.close();
  });

  async function expectRefused(blob: Blob, expected: object): Promise<void> {
    const { storage, sessionId, before } = store;
    for (const source of [blob, blob.stream()]) {
      const outcome: unknown = await storage.importBackup(source).catch((error: unknown) => error);
      expect(outcome).toMatchObject({ name: 'FFStorageError', ...expected });
    }
    expect(await readState(storage)).toStrictEqual(before);
    const added = { messageId: 'works on', role: 'user' as const, content: 'on' };
    expect(await storage.addMessage('mia', sessionId, added)).toBe(true);
    store.before = await readState(storage);
  }

  it.each(
    hostileArchives
      .filter(({ maxTotalBytes }) => maxTotalBytes === undefined)
      .map((hostile) => [hostile.what, hostile] as const),
  )('refuses %s, and changes nothing', async (_, { bytes: archived, code, message: text }) => {
    await expectRefused(new Blob([archived]), { code, message: expect.stringMatching(text) });
  });

  it.each(HOSTILE)('refuses %s, and changes nothing', async (_, lines) => {
    await expectRefused(archive(lines), { code: 'corrupt' });
  });

  it('takes the same lines where nothing is wrong with them', async () => {
    const { storage } = await openStore();
    expect(await storage.importBackup(archive({}))).toStrictEqual({
      users: 1,
      sessions: 1,
      messages: 1,
      documents: 1,
      skipped: 0,
      warnings: [],
    });
    expect(await storage.getAllMessages('mia', 's')).toStrictEqual([message]);
    expect(await storage.listContexts('mia')).toStrictEqual([context]);
    expect(await storage.listPersonas()).toStrictEqual([persona]);
    expect(await storage.listPanels()).toStrictEqual([panel]);
    await storage.close();
  });
});
