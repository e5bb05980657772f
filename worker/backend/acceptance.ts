import type { Backend, BackendFile } from './backend.ts';

/** One promise of the backend interface and the steps that prove it. */
export interface AcceptanceCase {
  readonly name: string;
  /** Rejects with the reason when the backend breaks the promise. The store must start out empty. */
  run(subject: BackendSubject): Promise<void>;
}

/** What a backend's author supplies. */
export interface BackendSubject {
  /** Opens the backend on the same store each time: what an earlier one kept must be there again. */
  open(): Promise<Backend>;
  /** Whether files outlive `Backend.close()`; not so in memory. */
  readonly persistent: boolean;
}

/**
 * What every backend must do. It needs no test framework, so that it can run inside a worker:
 *
 * ```ts
 * for (const { name, run } of backendAcceptance) {
 *   it(name, () => run({ open: openMyBackend, persistent: true }));
 * }
 * ```
 */
export const backendAcceptance: readonly AcceptanceCase[] = [
  test('gives null for a missing file', async (backend) => {
    expect(await backend.open('none'), null);
    expect(await backend.open('no/such/folder/none'), null);
    expect(await backend.list(''), []);
  }),

  test('creates an empty file and its folders', async (backend) => {
    const file = await create(backend, 'users/alice/catalog.jsonl');
    expect(file.size(), 0);
    expect(file.read(new Uint8Array(4), 0), 0);
    await file.close();
    expect(await names(backend, 'users'), ['alice/']);
    expect(await names(backend, 'users/alice'), ['catalog.jsonl']);
  }),

  test('reads back what was written, at any offset', async (backend) => {
    const file = await create(backend, 'file');
    file.write(bytes('hello world'), 0);
    file.write(bytes('W'), 6);
    expect(file.size(), 11);
    expect(text(file, 0, 11), 'hello World');
    expect(text(file, 6, 3), 'Wor');
    await file.close();
  }),

  test('reads fewer bytes only at the end', async (backend) => {
    const file = await create(backend, 'file');
    file.write(bytes('12345'), 0);
    expect(file.read(new Uint8Array(10), 2), 3);
    expect(file.read(new Uint8Array(10), 5), 0);
    expect(file.read(new Uint8Array(10), 99), 0);
    await file.close();
  }),

  test('fills a gap with zeros', async (backend) => {
    const file = await create(backend, 'file');
    file.write(bytes('a'), 0);
    file.write(bytes('z'), 4);
    expect(text(file, 0, 5), 'a\0\0\0z');
    await file.close();
  }),

  test('does not bring back what was cut off', async (backend) => {
    const file = await create(backend, 'file');
    file.write(bytes('secret'), 0);
    file.truncate(2);
    expect(file.size(), 2);
    file.truncate(6);
    expect(text(file, 0, 6), 'se\0\0\0\0');
    await file.close();
  }),

  test('keeps files across close and open', async (backend) => {
    const file = await create(backend, 'a/b');
    file.write(bytes('kept'), 0);
    await file.flush();
    await file.close();
    const again = await existing(backend, 'a/b');
    expect(text(again, 0, 10), 'kept');
    await again.close();
    await again.close();
  }),

  test('writes megabytes whole', async (backend) => {
    const large = new Uint8Array(3_000_001).map((_, index) => (index * 31) % 251);
    const file = await create(backend, 'large');
    file.write(large, 7);
    await file.flush();
    await file.close();
    const again = await existing(backend, 'large');
    expect(again.size(), large.length + 7);
    const read = new Uint8Array(large.length);
    expect(again.read(read, 7), large.length);
    expect(
      read.every((value, index) => value === large[index]),
      true,
    );
    again.truncate(70_000);
    await again.flush();
    await again.close();
    const cut = await existing(backend, 'large');
    expect(cut.size(), 70_000);
    await cut.close();
  }),

  test('refuses to open a file twice', async (backend) => {
    const file = await create(backend, 'one-owner');
    await expectRejection(backend.open('one-owner'));
    await file.close();
    const again = await existing(backend, 'one-owner');
    await again.close();
  }),

  test('removes a file, and nothing beside it', async (backend) => {
    for (const path of ['ab', 'abc', 'a']) await (await create(backend, path)).close();
    await backend.remove('ab');
    expect(await names(backend, ''), ['a', 'abc']);
    await backend.remove('ab');
    expect(await backend.open('ab'), null);
  }),

  test('removes a folder with all that is in it, and nothing beside it', async (backend) => {
    for (const path of ['u/1/x', 'u/1/y/z', 'u/10/x']) await (await create(backend, path)).close();
    await backend.remove('u/1');
    expect(await names(backend, 'u'), ['10/']);
    expect(await backend.open('u/1/y/z'), null);
    await backend.remove('u/never/was');
  }),

  test('starts empty where a file was removed', async (backend) => {
    const file = await create(backend, 'again');
    file.write(bytes('old content'), 0);
    await file.flush();
    await file.close();
    await backend.remove('again');
    const fresh = await create(backend, 'again');
    expect(fresh.size(), 0);
    await fresh.close();
  }),

  {
    name: 'finds flushed files when it is opened again',
    run: async ({ open, persistent }) => {
      if (!persistent) return;
      const first = await open();
      const file = await create(first, 'deep/er/kept');
      file.write(bytes('still here'), 0);
      await file.flush();
      await file.close();
      await first.close();
      const second = await open();
      const again = await existing(second, 'deep/er/kept');
      expect(text(again, 0, 20), 'still here');
      await again.close();
      await second.close();
    },
  },
];

function test(name: string, body: (backend: Backend) => Promise<void>): AcceptanceCase {
  return {
    name,
    run: async ({ open }) => {
      const backend = await open();
      await body(backend);
      await backend.close();
    },
  };
}

async function create(backend: Backend, path: string): Promise<BackendFile> {
  const file = await backend.open(path, { create: true });
  if (file === null) throw new Error(`open(${path}, { create: true }) gave null`);
  return file;
}

async function existing(backend: Backend, path: string): Promise<BackendFile> {
  const file = await backend.open(path);
  if (file === null) throw new Error(`${path} is gone`);
  return file;
}

async function names(backend: Backend, path: string): Promise<string[]> {
  const entries = await backend.list(path);
  return entries.map(({ name, kind }) => (kind === 'directory' ? `${name}/` : name)).sort();
}

function bytes(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function text(file: BackendFile, at: number, length: number): string {
  const into = new Uint8Array(length);
  return new TextDecoder().decode(into.subarray(0, file.read(into, at)));
}

function expect(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`);
}

async function expectRejection(promise: Promise<unknown>): Promise<void> {
  const rejected = await promise.then(
    () => false,
    () => true,
  );
  if (!rejected) throw new Error('expected a rejection');
}
