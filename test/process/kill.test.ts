import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendKind, FFDurability, FFMessageDTO } from 'flatfile-chat';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type LaunchedBrowser } from '../../scripts/launch-browser.mjs';
import { serveSource, type ServedApp } from '../../scripts/serve.mjs';
import type { Writer } from './page/page.ts';
import {
  BATCH_SIZE,
  batchContent,
  contentOf,
  DELETED,
  EDITED,
  editContent,
} from './page/writes.ts';

/**
 * Where the messages are kept, and when a write counts as done. Not IndexedDB: Chromium itself now and
 * then cannot open its database after such a kill, and starts an empty one (docs/design.md).
 */
const KEEPINGS: readonly (readonly [BackendKind, FFDurability])[] = [
  ['opfs', 'flushed'],
  ['opfs', 'written'],
];

describe.each(KEEPINGS)('a browser that is killed, with %s, %s', (backend, durability) => {
  let app: ServedApp;
  let profile: string;
  let launched: LaunchedBrowser;
  let page: Page;
  let onResolved: (write: string) => void;

  beforeAll(async () => {
    app = await serveSource(fileURLToPath(new URL('page/', import.meta.url)));
    profile = await mkdtemp(join(tmpdir(), 'flatfile-chat-kill-'));
    await launch();
  });

  afterAll(async () => {
    await launched?.kill();
    await app?.close();
    await rm(profile, { recursive: true, force: true });
  });

  /** A browser on the profile of the one before, on the page that writes, with its store open. */
  async function launch(): Promise<void> {
    launched = await launchBrowser(profile);
    page = await launched.page();
    await page.exposeFunction('tellResolved', (write: string) => onResolved(write));
    await page.goto(app.url);
    await page.waitForFunction(() => 'chatPage' in globalThis);
    await page.evaluate(([kind, when]) => chatPage.open(kind, when), [
      backend,
      durability,
    ] as const);
  }

  /**
   * Lets the page write to a session of its own, kills the browser in the moment in which so many
   * writes have resolved, and starts it again.
   */
  async function killAfter(writes: number, writer: Writer): Promise<string[]> {
    await page.evaluate((title) => chatPage.startSession(title), writer);
    const resolved: string[] = [];
    await new Promise<void>((reached) => {
      onResolved = (write) => {
        resolved.push(write);
        if (resolved.length === writes) reached(launched.kill());
      };
      // It rejects, as the page goes before the writer is done.
      page.evaluate((name) => chatPage[name](), writer).catch(() => undefined);
    });
    await launch();
    return resolved;
  }

  /** The messages of a writer's session, once it is clear that everything that counts them agrees. */
  async function readMessages(writer: Writer): Promise<FFMessageDTO[]> {
    const { messages, ...counts } = await page.evaluate((title) => chatPage.read(title), writer);
    expect(counts).toStrictEqual({ counted: messages.length, listed: messages.length });
    return messages;
  }

  const search = (query: string) => page.evaluate((text) => chatPage.search(text), query);

  it.each([
    ['one after another', 'single'],
    ['all at once', 'unawaited'],
  ] as const)(
    'keeps every addition that had resolved, %s, and no half of another',
    async (_, writer) => {
      const resolved = await killAfter(60, writer);
      const contents = (await readMessages(writer)).map(({ content }) => content);
      // In their order and whole: those that resolved, and perhaps some that were under way.
      expect(contents).toStrictEqual(contents.map((__, n) => contentOf(writer, n)));
      for (const write of resolved) expect(Number(write)).toBeLessThan(contents.length);

      const last = Number(resolved.at(-1));
      expect(await search(`${writer}${last}`)).toContain(contentOf(writer, last));
      expect(await search(`${writer}${contents.length}`)).toStrictEqual([]);
    },
  );

  it('keeps every batch that had resolved, and the others whole or not at all', async () => {
    const resolved = await killAfter(4, 'batches');
    const contents = (await readMessages('batches')).map(({ content }) => content);
    const batches = contents.length / BATCH_SIZE;
    expect(contents).toStrictEqual(
      Array.from({ length: batches }, (_, batch) =>
        Array.from({ length: BATCH_SIZE }, (__, index) => batchContent(batch, index)),
      ).flat(),
    );
    for (const write of resolved) expect(Number(write)).toBeLessThan(batches);
    const last = batchContent(Number(resolved.at(-1)), BATCH_SIZE - 1);
    expect(await search(last.split(' ')[0] ?? '')).toContain(last);
  });

  it('keeps every edit and deletion that had resolved, and no half of another', async () => {
    const resolved = await killAfter(130, 'changes');
    const messages = await readMessages('changes');
    const contentById = new Map(messages.map(({ messageId, content }) => [messageId, content]));
    const leastVersion = new Map<number, number>();
    const deleted = new Set<number>();
    for (const [what, n, version] of resolved.map((write) => write.split(' '))) {
      if (what === 'edited') leastVersion.set(Number(n), Number(version));
      else deleted.add(Number(n));
    }
    expect(leastVersion.size).toBe(EDITED);
    expect(deleted.size).toBeGreaterThan(0);

    for (const [n, least] of leastVersion) {
      const content = contentById.get(`edited ${n}`) ?? '';
      const version = Number(/^edit\d+v(\d+) /.exec(content)?.[1]);
      expect(content).toBe(editContent(n, version));
      expect(version).toBeGreaterThanOrEqual(least);
      expect(await search(`edit${n}v${version}`)).toContain(content);
    }
    for (let n = 0; n < DELETED; n++) {
      const whole = contentOf('doomed', n);
      const allowed = deleted.has(n) ? [undefined] : [undefined, whole];
      const left = contentById.get(`deleted ${n}`);
      expect(allowed).toContain(left);
      const hits = await search(`doomed${n}`);
      expect(hits.includes(whole)).toBe(left === whole);
    }
  });

  it('still has what was written before the browser was killed again', async () => {
    expect((await readMessages('single')).length).toBeGreaterThanOrEqual(60);
    expect((await readMessages('unawaited')).length).toBeGreaterThanOrEqual(60);
    expect((await readMessages('batches')).length).toBeGreaterThanOrEqual(4 * BATCH_SIZE);
  });
});
