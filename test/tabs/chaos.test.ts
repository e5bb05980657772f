import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Outcome } from './page/page.ts';
import { createRandom } from './support/random.ts';
import { launchTabBrowser, type TabBrowser, type TestTab } from './support/tab-browser.ts';
import { TabSet, until } from './support/tab-set.ts';

/** Fewer in Firefox, whose tabs take longer to start. */
const [TABS, MESSAGES, BLOWS] =
  process.env['FFDB_TABS_BROWSER'] === 'firefox' ? [4, 400, 6] : [8, 2_000, 20];

/** Messages of one tab that are under way at any time. */
const AT_ONCE = 3;

const BLOW_KINDS = ['close', 'crash', 'reload', 'lose worker'] as const;

type BlowKind = (typeof BLOW_KINDS)[number];

let browser: TabBrowser;

beforeAll(async () => {
  browser = await launchTabBrowser();
});

afterAll(async () => {
  await browser?.close();
});

/** Tabs that write, all at once, while their owners come to grief. */
class Chaos {
  readonly set: TabSet;
  readonly outcomes: Outcome[] = [];
  /** Tabs whose stream was never cut off with them. */
  readonly streaming = new Set<TestTab>();
  sessionId = '';
  #named = 0;

  constructor(set: TabSet) {
    this.set = set;
  }

  async begin(): Promise<void> {
    await this.#join(await this.set.open());
    for (let n = 1; n < TABS; n++) await this.#join(await this.set.open());
  }

  async #join(tab: TestTab): Promise<void> {
    if (this.sessionId === '') this.sessionId = await tab.call('createSession', 'Chaos');
    await tab.call('startStream', 'all', this.sessionId, 'start');
    this.streaming.add(tab);
  }

  /** Has every tab write so many messages; resolves when those that still can have done so. */
  async write(count: number): Promise<void> {
    await Promise.all(
      this.set.tabs.map((tab) =>
        tab
          .call('write', this.sessionId, `w${this.#named++}`, count, AT_ONCE)
          // It was struck meanwhile.
          .catch(() => undefined),
      ),
    );
  }

  /** Takes note of how calls have ended, and gives how many are known to have resolved. */
  async collect(): Promise<number> {
    await Promise.all(this.set.tabs.map((tab) => this.#collectFrom(tab)));
    return this.resolved.length;
  }

  async #collectFrom(tab: TestTab): Promise<void> {
    this.outcomes.push(...(await tab.call('takeOutcomes')));
  }

  get resolved(): string[] {
    return this.outcomes.filter(({ result }) => result === true).map(({ content }) => content);
  }

  /** Does something to the owner; what its own calls came to is known up to a moment before. */
  async strike(kind: BlowKind): Promise<void> {
    const owner = await this.set.owner();
    await this.#collectFrom(owner);
    if (kind === 'lose worker') {
      // Its page goes on with a new worker, and its stream where it was.
      await owner.call('loseWorker');
      return;
    }
    this.streaming.delete(owner);
    if (kind === 'reload') {
      await owner.reload();
      await owner.call('open', this.set.options);
      await this.#join(owner);
      return;
    }
    this.set.drop(owner);
    await owner[kind]();
    await this.#join(await this.set.open());
  }
}

describe.each([
  ['opfs', 1],
  ['indexeddb', 2],
] as const)('many tabs on %s whose owners come to grief', (backend, seed) => {
  it(
    'have every resolved message once, and every stream whole and in order',
    { timeout: 300_000 },
    async () => {
      const random = createRandom(seed);
      const chaos = new Chaos(new TabSet(browser, inject('tabPageUrl'), backend));
      await chaos.begin();
      const perRound = Math.ceil(MESSAGES / BLOWS / TABS);
      for (let blow = 0; blow < BLOWS; blow++) {
        const before = chaos.resolved.length;
        const writing = chaos.write(perRound);
        const enough = before + Math.floor(random() * perRound * TABS * 0.8);
        await until(
          'some are written',
          () => chaos.collect(),
          (count) => count >= enough,
        );
        await chaos.strike(BLOW_KINDS[Math.floor(random() * BLOW_KINDS.length)] ?? 'close');
        await writing;
      }
      while ((await chaos.collect()) < MESSAGES) await chaos.write(perRound);

      // Only a tab whose own worker was lost has calls that fail; nobody else notices anything.
      const codes = chaos.outcomes.flatMap(({ code }) => code ?? []);
      expect(codes.filter((code) => code !== 'worker-lost' && code !== 'closed')).toStrictEqual([]);
      const contents = await (await chaos.set.owner()).call('contents', chaos.sessionId);
      expect(new Set(contents).size).toBe(contents.length);
      const there = new Set(contents);
      expect(chaos.resolved.filter((content) => !there.has(content))).toStrictEqual([]);

      for (const tab of chaos.set.tabs) {
        expect(await tab.call('contents', chaos.sessionId)).toStrictEqual(contents);
        if (!chaos.streaming.has(tab)) continue;
        const streamed = () => tab.call('streamed', 'all');
        await until('the stream has all', streamed, (all) => all.length >= contents.length);
        expect(await streamed()).toStrictEqual(contents);
      }
      await chaos.set.closeAll();
    },
  );
});
