import { FFStorageError, FFStorageManager } from 'flatfile-chat';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Backend } from '../../../worker/backend/backend.ts';
import { anyJson, anyText } from '../../support/arbitraries.ts';

/** Every path that a store has asked its backend for. */
const paths = vi.hoisted(() => new Set<string>());

vi.mock('../../../worker/backend/memory.ts', async (original) => {
  const memory = await original<typeof import('../../../worker/backend/memory.ts')>();
  return {
    ...memory,
    createMemoryBackend: (): Backend => {
      const backend = memory.createMemoryBackend();
      return {
        ...backend,
        open: (path, options) => (paths.add(path), backend.open(path, options)),
        remove: (path) => (paths.add(path), backend.remove(path)),
        list: (path) => (paths.add(path), backend.list(path)),
      };
    },
  };
});

const RUNS = process.env['FFDB_CRASH'] === 'all' ? 1_000 : 40;

/** Longest answer of a call; one that comes later counts as none. */
const ANSWER_MS = 30_000;

/** What the test does itself, and what is protected, which JavaScript does not tell. */
const OWN: ReadonlySet<string> = new Set([
  'constructor',
  'initialize',
  'close',
  'call',
  'link',
  'reach',
  'sessionPath',
  'messagePath',
]);

const METHODS = methodsOf(FFStorageManager.prototype);

function methodsOf(prototype: object): string[] {
  const names = new Set<string>();
  for (let at = prototype; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === 'function' && !OWN.has(name)) names.add(name);
    }
  }
  return [...names].sort();
}

const id = fc.oneof(
  fc.constantFrom('alice', 'bob', 's1', 's2', 'm1', 'm2', 'p1', 'panel', 'd1', 'safe'),
  fc.constantFrom(
    '../up',
    'a/b',
    '..',
    '.',
    '',
    'con',
    '\0',
    'a\\b',
    '%2e%2e',
    '=2e=2e',
    '__proto__',
  ),
  fc.constantFrom(
    'x'.repeat(128),
    'Ü'.repeat(128),
    '🦊'.repeat(64),
    'constructor',
    'a'.repeat(129),
  ),
  anyText,
);

/** Makes a value when it is needed: a report of what failed could not print it. */
class Hostile {
  readonly make: () => unknown;

  constructor(make: () => unknown) {
    this.make = make;
  }

  toString(): string {
    return this.make.toString();
  }
}

/** Values that no method can take as they are. */
const hostile: fc.Arbitrary<unknown> = fc
  .constantFrom<(() => unknown)[]>(
    () => {
      const cycle: Record<string, unknown> = {};
      return Object.assign(cycle, { metadata: cycle, content: 'x', role: 'user' });
    },
    () => ({
      role: 'user',
      get content() {
        throw new RangeError('This getter throws.');
      },
    }),
    () =>
      new Proxy(
        {},
        {
          get: () => {
            throw new RangeError('This proxy throws.');
          },
          ownKeys: () => {
            throw new RangeError('This proxy throws.');
          },
        },
      ),
    () => {
      let deep: unknown = 'x';
      for (let level = 0; level < 5_000; level++) deep = { deep };
      return { role: 'user', content: 'x', metadata: deep };
    },
    () => Array.from({ length: 20_000 }, (_, index) => index),
    () => ({ role: 'user', content: 'x'.repeat(2_000_000) }),
    () =>
      JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    () => ({ metadata: new Map([['a', 1]]), title: Symbol('s'), limit: 10n }),
    () => new Date(Number.NaN),
    () => () => 'a function',
    () => new Blob(['PK\u0003\u0004 no archive']),
    () => new Blob(['PK\u0003\u0004 no archive']).stream(),
    () => new Uint8Array(16).buffer,
    () => Object.create({ userId: 'alice', role: 'user', content: 'inherited' }),
    () => null,
    () => undefined,
  )
  .map((make) => new Hostile(make));

const number = fc.constantFrom(0, 1, 2, -1, 0.5, 1e9, -0, Number.NaN, Infinity, 2 ** 53);

/** Shapes that methods expect, with anything in some of their places. */
const shaped: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({
    role: fc.constantFrom('user', 'assistant', 'none'),
    content: anyText,
    messageId: id,
  }),
  fc.record({ role: fc.constant('user'), content: anyText, metadata: anyJson, parts: anyJson }),
  fc.record({ limit: number, offset: number, reverse: fc.boolean() }, { requiredKeys: [] }),
  fc.record({ name: anyText, metadata: anyJson, preferences: anyJson }, { requiredKeys: [] }),
  fc.record({ originalName: anyText, mimeType: anyText, path: anyText, metadata: anyJson }),
  fc.record({ personaId: id, name: anyText, ownerId: id, traits: fc.array(anyText) }),
  fc.record({ type: fc.constant('brainstorm'), personaIds: fc.array(id), title: anyText }),
  fc.record({ userId: id, sessionIds: fc.array(id), limit: number }, { requiredKeys: [] }),
  fc.record({ title: anyText, metadata: anyJson }),
  fc.array(fc.record({ role: fc.constant('user'), content: anyText })),
  fc.record({ storage: anyJson, search: anyJson, '': anyJson }, { requiredKeys: [] }),
);

const argument = fc.oneof({ weight: 4, arbitrary: id }, shaped, hostile, number, anyJson);

const call = fc.record({
  method: fc.constantFrom(...METHODS),
  args: fc.array(argument, { maxLength: 4 }),
});

/** What a name in a path may be made of, see docs/file-format.md. */
const NAME = /^(?!\.{1,2}$)[a-z0-9=_+-][a-z0-9=_+.-]{0,254}$/;
const FIRST =
  /^(store\.json|reserve|catalog(\.alt)?\.jsonl|users|shared(\.\d+)?|backups|incoming|quarantine)$/;

/** Whether a path leads to where the file format says that something lies. */
function isInside(path: string): boolean {
  const [first = '', ...others] = path.split('/');
  return path === '' || (FIRST.test(first) && others.every((name) => NAME.test(name)));
}

function describeValue(value: unknown): string {
  const text = value instanceof Hostile ? value.toString() : (JSON.stringify(value) ?? 'undefined');
  return text.slice(0, 200);
}

function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
}

/** Waits for whatever a method gives: a promise, a stream, an iterable, a value. */
async function settle(result: unknown): Promise<unknown> {
  const value = await result;
  if (value instanceof ReadableStream) {
    const reader = (value as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    await reader.cancel();
  }
  return value;
}

function within<T>(ms: number, promise: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} does not answer.`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

const openManagers: FFStorageManager[] = [];

afterEach(async () => {
  for (const storage of openManagers.splice(0)) await storage.close();
  paths.clear();
});

async function open(): Promise<FFStorageManager> {
  const storage = new FFStorageManager({ runtime: { logLevel: 'silent' } }, { backend: 'memory' });
  openManagers.push(storage);
  await storage.initialize();
  await storage.createUser('alice');
  return storage;
}

/** Calls a method; gives what it was refused with. */
async function tryCall(
  storage: FFStorageManager,
  { method, args }: { readonly method: string; readonly args: readonly unknown[] },
): Promise<unknown> {
  const methods = storage as unknown as Record<string, (...args: unknown[]) => unknown>;
  try {
    const given = args.map((value) => (value instanceof Hostile ? value.make() : value));
    const running = (async () => settle(methods[method]?.(...given)))();
    await within(ANSWER_MS, running, method);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('the public methods', { timeout: 3_600_000 }, () => {
  it('refuse what is hostile with a storage error, leave the folder of the store alone, and go on', async () => {
    let calls = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 10, maxLength: 30 }), async (sequence) => {
        const storage = await open();
        for (const one of sequence) {
          calls++;
          const error = await tryCall(storage, one);
          if (error === undefined) continue;
          refused++;
          const what = `${one.method}(${one.args.map(describeValue).join(', ')}): ${describeError(error)}`;
          expect(error instanceof FFStorageError, what).toBe(true);
        }
        expect([...paths].filter((path) => !isInside(path))).toEqual([]);
        expect(Object.keys(Object.prototype)).toEqual([]);
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();

        await storage.createUser('after');
        const sessionId = await storage.createSession('after', 'After');
        await storage.addMessage('after', sessionId, { role: 'user', content: 'still here' });
        expect(await storage.searchMessages('after', 'still')).toHaveLength(1);
        await storage.close();
      }),
      { numRuns: RUNS, seed: 6, endOnFailure: true },
    );
    console.log(
      `${METHODS.length} methods, ${calls} calls, ${refused} refused, 0 with another error`,
    );
    expect(refused).toBeGreaterThan(calls / 10);
    expect(refused).toBeLessThan(calls);
  });
});
