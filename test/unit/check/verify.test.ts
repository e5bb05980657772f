import { beforeAll, describe, expect, it } from 'vitest';
import type { FaultyBackend } from '../../support/faulty-backend.ts';
import { takeSnapshot } from '../../support/snapshot.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';
import { openTestRescue } from './rescue-support.ts';
import {
  createFullStore,
  damaging,
  damagingMiddle,
  kindsOf,
  repair,
  verify,
  withFile,
} from './support.ts';

let full: FaultyBackend;

beforeAll(async () => {
  full = await createFullStore();
});

/** A copy of the store's disk. */
const copy = () => full.disk('flushed');

const LOG = 'users/alice/sessions/alice-1/messages.jsonl';
const OFFSETS = 'users/alice/sessions/alice-1/messages.idx';
const CATALOG = 'users/alice/catalog.jsonl';
const DOCUMENT = 'users/alice/sessions/alice-1/documents/doc';
const SET_ASIDE = 'set-aside quarantine/';

function contentOf(disk: FaultyBackend): Record<string, string> {
  return Object.fromEntries(
    disk.paths.map((path) => [path, Buffer.from(disk.bytesOf(path) ?? []).toString('base64')]),
  );
}

describe('a store that is in order', () => {
  it('has no findings, whether it is open or not, and is not changed by looking', async () => {
    const disk = copy();
    const rescue = await openTestRescue(disk);
    const report = await verify(rescue.api);
    await rescue.close();
    expect(report.findings).toEqual([]);
    expect(contentOf(disk)).toEqual(contentOf(full));

    const { api, close } = await openTestEngine(copy(), createClock());
    const { ok, findings, totals } = await verify(api);
    expect(findings).toEqual([]);
    expect(ok).toBe(true);
    expect(totals).toMatchObject({ users: 2, sessions: 4, panels: 1, messages: 13 });
    expect(totals).toMatchObject({ documents: 1, backups: 1 });
    expect(totals.bytes).toBe(report.totals.bytes);
    await close();
  });

  it('stays as it is when it is repaired', async () => {
    const engine = await openTestEngine(copy(), createClock());
    const before = await takeSnapshot(engine);
    const { repaired, remaining } = await repair(engine.api);
    expect(repaired).toEqual([]);
    expect(remaining.ok).toBe(true);
    expect(await takeSnapshot(engine)).toEqual(before);
    await engine.close();
  });

  it('has none while it is written to, compacted and deleted from', async () => {
    const { api, close } = await openTestEngine(copy(), createClock());
    let isDone = false;
    const checking = verify(api).finally(() => (isDone = true));
    for (let n = 0; !isDone; n++) {
      const sessionId = `new-${n}`;
      await api.createSession('bob', { sessionId, title: 'new' });
      await api.addMessage('bob', sessionId, { messageId: 'a', role: 'user', content: 'x' });
      await api.updateMessage('alice', 'alice-1', 'a', { content: `version ${n}` });
      await api.optimizeStorage('alice');
      if (n % 2 === 0) await api.deleteSession('bob', sessionId);
    }
    expect((await checking).findings).toEqual([]);
    await close();
  });
});

/** What is damaged, what is found of it, and what is still found when it was repaired. */
const DAMAGES: readonly {
  readonly name: string;
  readonly path: string;
  readonly change: (bytes: Uint8Array) => Uint8Array | null;
  readonly found: readonly string[];
  readonly remaining?: readonly string[];
  /** Messages of Alice's first session that are lost. */
  readonly lost?: readonly string[];
}[] = [
  {
    name: 'a message',
    path: LOG,
    change: damaging('alice says d'),
    found: [`damaged-records ${LOG}`, `wrong-count ${CATALOG}`],
    remaining: [`${SET_ASIDE}users=2falice=2fsessions=2falice-1=2fmessages=2ejsonl`],
    lost: ['d'],
  },
  {
    name: 'an edit, before which the message counts again',
    path: LOG,
    change: damaging('edited'),
    found: [`damaged-records ${LOG}`],
    remaining: [`${SET_ASIDE}users=2falice=2fsessions=2falice-1=2fmessages=2ejsonl`],
  },
  {
    name: 'a deletion, which holds as long as the table knows of it',
    path: LOG,
    change: damaging('"type":"delete"'),
    found: [`damaged-records ${LOG}`, `wrong-count ${CATALOG}`],
    remaining: [`${SET_ASIDE}users=2falice=2fsessions=2falice-1=2fmessages=2ejsonl`],
  },
  {
    name: 'the profile',
    path: CATALOG,
    change: damaging('"name":"alice"'),
    found: [`damaged-records ${CATALOG}`],
    remaining: [`${SET_ASIDE}users=2falice=2fcatalog=2ejsonl`],
  },
  {
    name: 'a session of the list',
    path: CATALOG,
    change: damaging('title of alice-2'),
    found: [
      `damaged-records ${CATALOG}`,
      'unlisted-session users/alice/sessions/alice-2',
      'wrong-count catalog.jsonl',
    ],
    remaining: [`${SET_ASIDE}users=2falice=2fcatalog=2ejsonl`],
  },
  {
    name: 'the list of sessions, which is gone',
    path: CATALOG,
    change: () => null,
    found: [
      `missing-catalog ${CATALOG}`,
      `unlisted-document ${DOCUMENT}`,
      'unlisted-session users/alice/sessions/alice-1',
      'unlisted-session users/alice/sessions/alice-2',
      'leftover users/alice/sessions/alice-1/documents/doc.text.jsonl',
      'wrong-count catalog.jsonl',
    ],
    remaining: [`${SET_ASIDE}users=2falice=2fcatalog=2ejsonl-lost`],
  },
  {
    name: 'the list of users, which is gone',
    path: 'catalog.jsonl',
    change: () => null,
    found: [
      'unlisted-backup backups/weekly.1.zip',
      'unlisted-user users/alice',
      'unlisted-user users/bob',
    ],
    remaining: [],
  },
  {
    name: 'a user of the list',
    path: 'catalog.jsonl',
    change: damaging('"user-created"'),
    found: ['damaged-records catalog.jsonl', 'unlisted-user users/alice'],
    remaining: [`${SET_ASIDE}catalog=2ejsonl`],
  },
  {
    name: 'all messages of a session, which are gone',
    path: LOG,
    change: () => null,
    found: [`missing-messages ${LOG}`],
    remaining: [`${SET_ASIDE}users=2falice=2fsessions=2falice-1=2fmessages=2ejsonl-lost`],
    lost: ['a', 'b', 'd'],
  },
  {
    name: 'a table of places',
    path: OFFSETS,
    change: damagingMiddle,
    found: [`damaged-offsets ${OFFSETS}`],
    remaining: [],
  },
  {
    name: 'the content of a document',
    path: DOCUMENT,
    change: damagingMiddle,
    found: [`damaged-document ${DOCUMENT}`],
    remaining: [`damaged-document ${DOCUMENT}`],
  },
  {
    name: 'the content of a document, which is gone',
    path: DOCUMENT,
    change: () => null,
    found: [`missing-document ${DOCUMENT}`],
    remaining: [`missing-document ${DOCUMENT}`],
  },
  {
    name: 'the text of a document',
    path: `${DOCUMENT}.text.jsonl`,
    change: damagingMiddle,
    found: [`damaged-text ${DOCUMENT}.text.jsonl`],
    remaining: [],
  },
  {
    name: 'a segment of the index',
    path: 'users/alice/search/0.segment',
    change: damagingMiddle,
    found: ['damaged-index users/alice/search/0.segment'],
    remaining: [],
  },
  {
    name: 'a segment of the index, which is gone',
    path: 'users/alice/search/0.segment',
    change: () => null,
    found: ['damaged-index users/alice/search/0.segment'],
    remaining: [],
  },
  {
    name: 'a backup',
    path: 'backups/weekly.1.zip',
    change: damagingMiddle,
    found: ['damaged-backup backups/weekly.1.zip'],
    remaining: ['damaged-backup backups/weekly.1.zip'],
  },
  {
    name: 'a backup, which is gone',
    path: 'backups/weekly.1.zip',
    change: () => null,
    found: ['missing-backup backups/weekly.1.zip'],
    remaining: [`${SET_ASIDE}backups=2fweekly=2e1=2ezip-lost`],
  },
  {
    name: 'a panel of the list',
    path: 'shared/catalog.jsonl',
    change: damaging('"brainstorm"'),
    found: [
      'damaged-records shared/catalog.jsonl',
      'unlisted-session shared/sessions/panel',
      'wrong-count catalog.jsonl',
    ],
    remaining: [`${SET_ASIDE}shared=2fcatalog=2ejsonl`],
  },
  {
    name: 'the mark of the format, which is gone',
    path: 'store.json',
    change: () => null,
    found: ['format-marker store.json'],
    remaining: [],
  },
];

describe.each(DAMAGES)('damage: $name', ({ path, change, found, remaining = [], lost = [] }) => {
  it('is found, repaired as far as it goes, and stays known', async () => {
    const disk = withFile(full, path, change);
    const before = contentOf(disk);
    const rescue = await openTestRescue(disk);
    const report = await verify(rescue.api);
    expect(report.ok).toBe(false);
    expect(kindsOf(report)).toEqual([...found].sort());
    expect(contentOf(disk)).toEqual(before);

    const mended = await repair(rescue.api);
    expectKinds(kindsOf(mended.remaining), remaining);
    // Doing it twice changes nothing more.
    const again = await repair(rescue.api);
    expect(again.repaired).toEqual([]);
    expect(kindsOf(again.remaining)).toEqual(kindsOf(mended.remaining));
    await rescue.close();

    const { api, close } = await openTestEngine(disk.disk('flushed'), createClock());
    expect((await api.listUsers()).sort()).toEqual(['alice', 'bob']);
    expectKinds(kindsOf(await verify(api)), remaining);
    await close();
  });

  it('is repaired while the store is open, without any other message', async () => {
    const disk = withFile(full, path, change);
    if (path === 'store.json') return;
    const engine = await openTestEngine(disk, createClock());
    await repair(engine.api);
    expectKinds(kindsOf(await verify(engine.api)), remaining);
    const ids = await messageIds(engine.api);
    expect(ids).toEqual(['a', 'b', 'd'].filter((id) => !lost.includes(id)));
    await engine.close();
  });
});

async function messageIds(api: Awaited<ReturnType<typeof openTestEngine>>['api']) {
  const messages = await api.getMessages('alice', 'alice-1', { offset: 0, reverse: false });
  return messages.map(({ messageId }) => messageId);
}

/** What is set aside is named by where it lay. */
function expectKinds(actual: readonly string[], expected: readonly string[]): void {
  expect(actual.length, actual.join('\n')).toBe(expected.length);
  for (const [index, start] of [...expected].sort().entries()) {
    expect(actual[index]?.startsWith(start), `${actual[index]} begins with ${start}`).toBe(true);
  }
}
