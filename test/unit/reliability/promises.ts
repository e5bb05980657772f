import { loadConfig } from '../../../src/validation/config.ts';
import type { Backend } from '../../../worker/backend/backend.ts';
import { openEngine, type Engine } from '../../../worker/engine.ts';
import type { DiskEvent } from '../../support/crash/frontier.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { BACKUPS_FOLDER } from '../../../worker/store/layout.ts';
import { createTestEmbedder } from '../../support/test-embedder.ts';
import { takeFullSnapshot } from '../backup/support.ts';
import type { Turn } from './workload.ts';

/** A store that is as it may be: what can be read of it, as text. */
export type State = string;

/** What an app may rely on while a turn of the workload is under way, and after it. */
interface Expectation {
  readonly turn: string;
  /** How many changes of the disk came before a call of the turn had resolved; by the call. */
  readonly resolvedAt: readonly number[];
  /** How many came before the turn began. */
  readonly begunAt: number;
  /** What can be read when of the turn's calls those in the set, and no others, have taken effect. */
  readonly stateOf: ReadonlyMap<number, State>;
}

/** A workload that was run without any fault. */
export interface Recording {
  readonly events: readonly DiskEvent[];
  readonly expectations: readonly Expectation[];
}

/** Without the reserve, which is large and says nothing. */
const CONFIG = { storage: { reserveBytes: 0 }, vector: { model: 'words' } };

/** Time stands still within a turn, so that the order of its calls leaves no trace. */
export async function openAt(backend: Backend, turn: () => number): Promise<Engine> {
  return openEngine({
    backend,
    config: loadConfig(CONFIG, 'test'),
    createEmbedder: createTestEmbedder().create,
    now: () => Date.UTC(2026, 0, 1) + turn() * 1_000,
  });
}

/** All that an app can read, in an order that does not depend on calls of the same time. */
async function readState(engine: Engine): Promise<State> {
  const { users, owned, ...shared } = await takeFullSnapshot(engine);
  const sorted = users.map(({ profile, sessions }, index) => {
    const times = sessions.map(({ updatedAt }) => updatedAt);
    if (times.some((time, at) => at > 0 && time > (times[at - 1] ?? ''))) {
      throw new Error(`The sessions are not listed newest first: ${times.join(' ')}`);
    }
    for (const { sessionId, messageCount, messages } of sessions) {
      if (messageCount === messages.length) continue;
      throw new Error(`${sessionId} has ${messages.length} messages and says ${messageCount}.`);
    }
    return {
      profile,
      sessions: sessions.toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : 1)),
      owned: owned[index],
    };
  });
  const backups = await engine.api.listBackups();
  const { search } = engine.savedConfig;
  return JSON.stringify({ users: sorted, ...shared, backups, search });
}

/** Runs a workload on an empty disk, and notes what it promises when. */
export async function record(
  workload: readonly Turn[],
  wrap: (backend: Backend) => Backend = (backend) => backend,
): Promise<Recording> {
  const states = await knownStates(workload);
  const disk = createFaultyBackend({ recordsEvents: true });
  let turn = 0;
  const engine = await openAt(wrap(disk), () => turn);
  const expectations: Expectation[] = [];
  for (; turn < workload.length; turn++) {
    const { name, calls } = turnAt(workload, turn);
    const begunAt = disk.events.length;
    const resolvedAt = await Promise.all(
      calls.map(async (call) => {
        await call(engine);
        return disk.events.length;
      }),
    );
    expectations.push({ turn: name, begunAt, resolvedAt, stateOf: states[turn] ?? new Map() });
  }
  await engine.close();
  return { events: disk.events, expectations };
}

const statesByWorkload = new WeakMap<readonly Turn[], Promise<Map<number, State>[]>>();

/** They do not depend on what is recorded, and take a while. */
function knownStates(workload: readonly Turn[]): Promise<Map<number, State>[]> {
  const states = statesByWorkload.get(workload) ?? statesOf(workload);
  statesByWorkload.set(workload, states);
  return states;
}

/** For each turn, what can be read for each set of its calls. */
async function statesOf(workload: readonly Turn[]): Promise<Map<number, State>[]> {
  const states: Map<number, State>[] = [];
  let before: State | undefined;
  const disk = createFaultyBackend();
  let turn = 0;
  const engine = await openAt(disk, () => turn);
  for (; turn < workload.length; turn++) {
    before ??= await readAfresh(disk.disk('written'), turn);
    const { calls } = turnAt(workload, turn);
    const stateOf = new Map<number, State>([[0, before]]);
    for (let set = 1; set < 2 ** calls.length - 1; set++) {
      const fork = disk.disk('written');
      const other = await openAt(fork, () => turn);
      for (const [index, call] of calls.entries()) if ((set & (1 << index)) > 0) await call(other);
      await other.close();
      stateOf.set(set, await readAfresh(fork, turn));
    }
    for (const call of calls) await call(engine);
    before = await readAfresh(disk.disk('written'), turn);
    states.push(stateOf.set(2 ** calls.length - 1, before));
  }
  await engine.close();
  return states;
}

/** What another opening reads. */
async function readAfresh(backend: Backend, turn: number): Promise<State> {
  const engine = await openAt(backend, () => turn);
  try {
    return await readState(engine);
  } finally {
    await engine.close();
  }
}

function turnAt(workload: readonly Turn[], index: number): Turn {
  const turn = workload[index];
  if (turn === undefined) throw new RangeError(`There is no turn ${index}.`);
  return turn;
}

/** What may be read after a crash at a step, each with a name. */
export function allowedAt(
  { expectations }: Recording,
  step: number,
): { readonly turn: string; readonly states: ReadonlyMap<State, string> } {
  // A call that has begun may have taken effect; one that has resolved has.
  const current = expectations.findLast(({ begunAt }) => begunAt <= step) ?? expectations[0];
  if (current === undefined) throw new RangeError('The workload is empty.');
  const { turn, resolvedAt, stateOf } = current;
  const states = new Map<State, string>();
  for (const [set, state] of stateOf) {
    const isAllowed = resolvedAt.every((at, index) => at > step || (set & (1 << index)) > 0);
    if (isAllowed) states.set(state, `calls ${set.toString(2)} of "${turn}"`);
  }
  return { turn, states };
}

/** A store that was opened after a crash. */
export interface Recovery {
  readonly state: State;
  readonly events: readonly DiskEvent[];
  /** How many of them came before anybody could read anything. */
  readonly openedAt: number;
}

/** Opens what a crash has left, and says which promise is broken; `undefined` when none is. */
export async function findBroken(
  content: ReadonlyMap<string, Uint8Array>,
  { turn, states }: ReturnType<typeof allowedAt>,
  { searches = false } = {},
  onRecovered?: (recovery: Recovery) => Promise<void>,
): Promise<string | undefined> {
  const disk = createFaultyBackend({ recordsEvents: true }, content);
  let state: State;
  let openedAt: number;
  try {
    const engine = await openAt(disk, () => 10_000);
    openedAt = disk.events.length;
    state = await readState(engine);
    await requireBackups(engine, disk);
    if (searches) await requireFound(engine);
    await engine.close();
  } catch (error) {
    return `during "${turn}": ${String(error)}`;
  }
  if (!states.has(state)) {
    return `during "${turn}": ${explain(state, [...states.keys()])}`;
  }
  await onRecovered?.({ state, openedAt, events: disk.events });
  return undefined;
}

/** Every backup that is listed must be there, whole. */
async function requireBackups({ api }: Engine, disk: FaultyBackend): Promise<void> {
  const sizes = disk.paths
    .filter((path) => path.startsWith(`${BACKUPS_FOLDER}/`))
    .map((path) => disk.bytesOf(path)?.length);
  for (const { path, sizeBytes } of await api.listBackups()) {
    if (!sizes.includes(sizeBytes)) throw new Error(`The backup ${path} is not whole.`);
  }
}

/** A search must find every message that holds a word, and nothing else. */
async function requireFound({ api }: Engine): Promise<void> {
  for (const userId of await api.listUsers()) {
    const wanted: string[] = [];
    for (const { sessionId } of await api.listSessions(userId, ALL_SESSIONS)) {
      for (const { messageId, content } of await api.getMessages(userId, sessionId, ALL_MESSAGES)) {
        if (/\btext\b/.test(content)) wanted.push(`${sessionId}/${messageId}`);
      }
    }
    const query = { query: 'text', minRelevanceScore: 0, limit: 1_000 };
    const hits = await api.searchMessages(userId, query);
    const found = hits
      .filter(({ metadata }) => metadata?.['panelId'] === undefined)
      .map(({ sessionId, id }) => `${sessionId}/${id}`)
      .filter((key) => !key.startsWith('panel/'));
    if (found.sort().join() === wanted.sort().join()) continue;
    throw new Error(`A search finds ${found.join()}, and there is ${wanted.join()}.`);
  }
}

const ALL_SESSIONS = { offset: 0, includeMetadata: false };
const ALL_MESSAGES = { offset: 0, reverse: false };

/** Where a state begins to differ from the one that it comes closest to. */
function explain(found: State, allowed: readonly State[]): string {
  let best = { at: -1, state: '' };
  for (const state of allowed) {
    let at = 0;
    while (at < found.length && found[at] === state[at]) at++;
    if (at > best.at) best = { at, state };
  }
  const excerpt = (text: string): string => text.slice(Math.max(best.at - 60, 0), best.at + 100);
  return `read …${excerpt(found)}…, expected …${excerpt(best.state)}…`;
}
