import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backendAcceptance } from '../../worker/backend/acceptance.ts';
import type { Backend } from '../../worker/backend/backend.ts';
import { createMemoryBackend, listKeys, MemoryBytes } from '../../worker/backend/memory.ts';
import { createSnapshotBackend, type SnapshotSource } from '../../worker/backend/snapshot.ts';

type Files = ReadonlyMap<string, Uint8Array>;

function sourceOf(files: Files): SnapshotSource {
  return {
    kind: 'opfs',
    read: async (path) => {
      const bytes = files.get(path);
      return bytes === undefined ? null : new MemoryBytes(bytes.slice());
    },
    list: async (path) => listKeys(files.keys(), path),
    close: () => undefined,
  };
}

/** What can be done to a backend; all of it gives something to compare. */
type Step = (backend: Backend) => Promise<unknown>;

const anyPath = fc
  .array(fc.constantFrom('a', 'b', 'ab'), { minLength: 2, maxLength: 3 })
  // A name is a folder or a file, never both.
  .map((names) => [...names.slice(0, -1), `${names.at(-1)}.file`].join('/'));

const anyFolder = fc
  .array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 2 })
  .map((names) => names.join('/'));

const anyBytes = fc.uint8Array({ maxLength: 20 });

async function readAll(backend: Backend, path: string): Promise<number[] | null> {
  const file = await backend.open(path);
  if (file === null) return null;
  const bytes = new Uint8Array(file.size() + 5);
  const length = file.read(bytes, 0);
  await file.close();
  return [...bytes.subarray(0, length)];
}

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  anyPath.map(
    (path): Step =>
      (backend) =>
        readAll(backend, path),
  ),
  fc
    .tuple(anyPath, anyBytes, fc.nat(30), fc.boolean())
    .map(([path, bytes, at, create]): Step => async (backend) => {
      const file = await backend.open(path, { create });
      file?.write(bytes, at);
      await file?.flush();
      await file?.close();
      return file?.size();
    }),
  fc.tuple(anyPath, fc.nat(30)).map(([path, size]): Step => async (backend) => {
    const file = await backend.open(path);
    file?.truncate(size);
    await file?.close();
    return file?.size();
  }),
  fc.oneof(anyPath, anyFolder).map(
    (path): Step =>
      (backend) =>
        backend.remove(path),
  ),
);

/** Every file by its path; a folder that has become empty may be there or not. */
async function tree(backend: Backend, folder = ''): Promise<Record<string, number[] | null>> {
  const files: Record<string, number[] | null> = {};
  for (const { name, kind } of await backend.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (kind === 'file') files[path] = await readAll(backend, path);
    else Object.assign(files, await tree(backend, path));
  }
  return files;
}

describe('snapshot backend', () => {
  it.each(backendAcceptance)('$name', ({ run }) =>
    run({ open: async () => createSnapshotBackend(sourceOf(new Map())), persistent: false }),
  );

  it(
    'answers like a backend that has had the same files from the beginning',
    { timeout: 30_000 },
    async () => {
      const property = fc.asyncProperty(
        fc.dictionary(anyPath, anyBytes, { maxKeys: 6, noNullPrototype: true }),
        fc.array(anyStep, { maxLength: 12 }),
        async (files, steps) => {
          const own = createMemoryBackend();
          for (const [path, bytes] of Object.entries(files)) {
            const file = await own.open(path, { create: true });
            file?.write(bytes, 0);
            await file?.close();
          }
          const snapshot = createSnapshotBackend(sourceOf(new Map(Object.entries(files))));
          for (const step of steps) expect(await step(snapshot)).toStrictEqual(await step(own));
          expect(await tree(snapshot)).toStrictEqual(await tree(own));
        },
      );
      await fc.assert(property, { numRuns: 200 });
    },
  );

  it('keeps a file as it was when it was opened, whatever its owner does to it', async () => {
    const files = new Map([['log', new Uint8Array([1, 2, 3])]]);
    const snapshot = createSnapshotBackend(sourceOf(files));
    const file = await snapshot.open('log');
    files.set('log', new Uint8Array([1, 2, 3, 4]));
    expect(file?.size()).toBe(3);
    await file?.close();
    expect(await readAll(snapshot, 'log')).toStrictEqual([1, 2, 3, 4]);
  });

  it('keeps what was written to it over what its owner does', async () => {
    const files = new Map([['log', new Uint8Array([1, 2, 3])]]);
    const snapshot = createSnapshotBackend(sourceOf(files));
    const file = await snapshot.open('log');
    file?.truncate(1);
    await file?.close();
    files.set('log', new Uint8Array([9, 9, 9, 9]));
    expect(await readAll(snapshot, 'log')).toStrictEqual([1]);
  });

  it('can open a file again that could not be read the first time', async () => {
    const files = new Map([['log', new Uint8Array([7])]]);
    let fails = true;
    const source = sourceOf(files);
    const snapshot = createSnapshotBackend({
      ...source,
      read: async (path) => {
        if (fails) throw new DOMException('changed meanwhile', 'NotReadableError');
        return source.read(path);
      },
    });
    await expect(snapshot.open('log')).rejects.toMatchObject({
      name: 'FFStorageError',
      code: 'io',
      cause: { name: 'NotReadableError' },
    });
    fails = false;
    expect(await readAll(snapshot, 'log')).toStrictEqual([7]);
  });
});
