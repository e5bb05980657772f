import { wrap, type Remote } from 'comlink';
import * as flatfile from './flatfile.ts';
import { makeBatches, makeQueries } from './messages.ts';
import { bytesByExtension } from './opfs.ts';
import type { TextSystem, VectorSystem } from './system.ts';
import { queryText } from './vectors.ts';

const LIMIT = 20;

/** What a library that runs in a worker has to say before it is asked. */
const WARM_UP = 20;

const textSystems: Readonly<Record<string, () => TextSystem | Remote<TextSystem>>> = {
  'flatfile-chat': flatfile.createTextSystem,
  sqlite: () =>
    inWorker(new Worker(new URL('./sqlite.worker.ts', import.meta.url), { type: 'module' })),
  orama: () =>
    inWorker(new Worker(new URL('./orama.worker.ts', import.meta.url), { type: 'module' })),
  minisearch: () =>
    inWorker(new Worker(new URL('./minisearch.worker.ts', import.meta.url), { type: 'module' })),
};

const vectorSystems: Readonly<Record<string, () => VectorSystem | Remote<VectorSystem>>> = {
  'flatfile-chat': flatfile.createVectorSystem,
  orama: () =>
    inWorker(new Worker(new URL('./orama-vectors.worker.ts', import.meta.url), { type: 'module' })),
};

let text: TextSystem | Remote<TextSystem>;
let vectors: VectorSystem | Remote<VectorSystem>;

/** What the runner calls from outside. Times are in milliseconds. */
const api = {
  /** Imports seeded messages, until the first of them is found. */
  async importMessages(system: string, count: number) {
    const batches = makeBatches(count);
    const [query = ''] = makeQueries(1);
    text = create(textSystems, system);
    await text.open();
    const since = performance.now();
    for (const batch of batches) await text.add(batch);
    const hits = await text.search(query, LIMIT);
    const ms = performance.now() - since;
    const messageBytes =
      batches[0]?.messages.map((message) => JSON.stringify(message).length) ?? [];
    return { ms, hits: hits.length, meanMessageBytes: mean(messageBytes) };
  },

  /** Everything is in its place for the next page, and let go of. */
  async leave(): Promise<void> {
    await text.settle();
    await text.close();
  },

  /** Opens what another page left, and searches. */
  async coldSearch(system: string) {
    const [query = ''] = makeQueries(1);
    const since = performance.now();
    text = create(textSystems, system);
    await text.open();
    const hits = await text.search(query, LIMIT);
    return { ms: performance.now() - since, hits: hits.length };
  },

  /** Each query is another one; those before the first that counts warm up. */
  async searches(count: number) {
    return measureEach(makeQueries(WARM_UP + count), (query) => text.search(query, LIMIT));
  },

  async closeText(): Promise<void> {
    await text.close();
  },

  bytesByExtension,

  async openVectors(system: string, dimensions: number): Promise<void> {
    vectors = create(vectorSystems, system);
    await vectors.open(dimensions);
  },

  async addVectors(count: number): Promise<number> {
    const since = performance.now();
    await vectors.add(0, count);
    return performance.now() - since;
  },

  async vectorSearches(count: number) {
    const queries = Array.from({ length: WARM_UP + count }, (_, index) => queryText(index));
    return measureEach(queries, (query) => vectors.search(query, LIMIT));
  },

  async closeVectors(): Promise<void> {
    await vectors.close();
  },
};

async function measureEach(
  queries: readonly string[],
  search: (query: string) => Promise<readonly unknown[]>,
) {
  const times: number[] = [];
  const hits: number[] = [];
  for (const query of queries) {
    const since = performance.now();
    const found = await search(query);
    times.push(performance.now() - since);
    hits.push(found.length);
  }
  const sorted = times.slice(WARM_UP).sort((a, b) => a - b);
  const percentile = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  return { p50: percentile(0.5), p95: percentile(0.95), meanHits: mean(hits) };
}

function create<T>(systems: Readonly<Record<string, () => T>>, name: string): T {
  const system = systems[name]?.();
  if (system === undefined) throw new Error(`There is no system called ${name}.`);
  return system;
}

function inWorker<T>(worker: Worker): Remote<T> {
  return wrap<T>(worker);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

type BenchmarkApi = typeof api;

declare global {
  // Only what is declared with `var` becomes a property of the global object.
  var benchmark: BenchmarkApi;
}

globalThis.benchmark = api;
