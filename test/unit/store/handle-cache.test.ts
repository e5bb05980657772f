import { describe, expect, it } from 'vitest';
import { createMemoryBackend } from '../../../worker/backend/memory.ts';
import { HandleCache } from '../../../worker/store/handle-cache.ts';
import { nextTask } from '../../../worker/next-task.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { createMeteredBackend } from '../../support/metered-backend.ts';

const byte = (value: number): Uint8Array => Uint8Array.of(value);

/** A promise that is resolved from outside. */
function createGate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open: () => open() };
}

describe('HandleCache', () => {
  it('gives null for a missing file without running the task', async () => {
    const cache = new HandleCache(createMemoryBackend(), () => 4);
    let ran = false;
    expect(await cache.use('none', () => (ran = true))).toBeNull();
    expect(ran).toBe(false);
  });

  it('opens a file once for tasks that want it at the same time', async () => {
    const backend = createMeteredBackend(createMemoryBackend());
    const cache = new HandleCache(backend, () => 4);
    const sizes = await Promise.all(
      Array.from({ length: 10 }, () => cache.useCreating('file', (file) => file.size())),
    );
    expect(sizes).toEqual(Array.from({ length: 10 }, () => 0));
    expect(backend.meter('file').opens).toBe(1);
  });

  it('keeps a file open for the next task', async () => {
    const backend = createMeteredBackend(createMemoryBackend());
    const cache = new HandleCache(backend, () => 4);
    await cache.useCreating('file', (file) => file.write(byte(7), 0));
    expect(await cache.use('file', (file) => file.size())).toBe(1);
    expect(backend.meter('file')).toMatchObject({ opens: 1, closes: 0 });
  });

  it.each([
    ['use', 'useCreating'],
    ['use', 'use', 'useCreating'],
    ['use', 'useCreating', 'useCreating'],
    ['use', 'useCreating', 'use', 'useCreating'],
    ['useCreating', 'use'],
  ] as const)(
    'creates a missing file for whoever asks for that: %s, %s %s %s',
    async (...methods) => {
      const backend = createMeteredBackend(createMemoryBackend());
      const cache = new HandleCache(backend, () => 4);
      const results = await Promise.all(
        methods.map((method) => cache[method]('file', () => method)),
      );
      const ran = methods.map((method, index) => method === 'use' || results[index] === method);
      expect(ran).toEqual(methods.map(() => true));
      expect(await cache.use('file', () => 'there')).toBe('there');
      expect(backend.openCount).toBe(1);
    },
  );

  it('finds a file that was missing before', async () => {
    const cache = new HandleCache(createMemoryBackend(), () => 4);
    expect(await cache.use('file', () => true)).toBeNull();
    await cache.useCreating('file', () => undefined);
    expect(await cache.use('file', () => true)).toBe(true);
  });

  it('closes the files that were not used for longest, flushed, where there are too many', async () => {
    const backend = createMeteredBackend(createMemoryBackend());
    const cache = new HandleCache(backend, () => 3);
    for (const path of ['a', 'b', 'c']) {
      await cache.useCreating(path, (file) => file.write(byte(1), 0));
    }
    await cache.use('a', () => undefined);
    await cache.useCreating('d', () => undefined);
    await cache.use('d', () => undefined);
    expect(backend.meter('b')).toMatchObject({ flushes: 1, closes: 1 });
    for (const path of ['a', 'c', 'd']) expect(backend.meter(path).closes).toBe(0);
  });

  it('flushes no file that nothing was written to since its last flush', async () => {
    const backend = createMeteredBackend(createMemoryBackend());
    const cache = new HandleCache(backend, () => 8);
    await cache.useCreating('read', () => undefined);
    await cache.useCreating('flushed', async (file) => {
      file.write(byte(1), 0);
      await file.flush();
    });
    await cache.useCreating('late', async (file) => {
      const flushing = file.flush();
      file.truncate(3);
      await flushing;
    });
    await cache.closeAll();
    expect(backend.meter('read').flushes).toBe(0);
    expect(backend.meter('flushed').flushes).toBe(1);
    expect(backend.meter('late').flushes).toBe(2);
  });

  it('has no more files open than it may when tasks come one after another', async () => {
    const backend = createMeteredBackend(createMemoryBackend());
    const cache = new HandleCache(backend, () => 4);
    for (let index = 0; index < 100; index++) {
      await cache.useCreating(`file${(index * 7) % 20}`, (file) => file.write(byte(index), 0));
    }
    await cache.use('file0', () => undefined);
    // The last one is still being closed.
    await expect.poll(() => backend.openCount).toBe(4);
  });

  it('does not close a file that is in use, whatever the limit', async () => {
    const backend = createMeteredBackend(createMemoryBackend());
    const cache = new HandleCache(backend, () => 2);
    const gate = createGate();
    const busy = ['a', 'b', 'c'].map((path) =>
      cache.useCreating(path, async (file) => {
        await gate.passed;
        file.write(byte(1), 0);
        return file.size();
      }),
    );
    for (const path of ['d', 'e', 'f']) await cache.useCreating(path, () => undefined);
    for (const path of ['a', 'b', 'c']) expect(backend.meter(path).closes).toBe(0);
    gate.open();
    expect(await Promise.all(busy)).toEqual([1, 1, 1]);
  });

  it('opens a file again that is being closed', async () => {
    const disk = createFaultyBackend();
    const cache = new HandleCache(disk, () => 1);
    await cache.useCreating('a', (file) => file.write(byte(5), 0));
    const closing = disk.hold('flush', { path: 'a' });
    await cache.useCreating('b', () => undefined);
    await closing.reached;
    const again = cache.use('a', (file) => file.size());
    closing.release();
    expect(await again).toBe(1);
  });

  it('hands the failure of a task on and stays usable', async () => {
    const cache = new HandleCache(createMemoryBackend(), () => 4);
    const failure = new Error('of the task');
    const task = (): never => {
      throw failure;
    };
    await expect(cache.useCreating('file', task)).rejects.toBe(failure);
    expect(await cache.use('file', (file) => file.size())).toBe(0);
  });

  it('tries again after a failure to open', async () => {
    const disk = createFaultyBackend();
    const cache = new HandleCache(disk, () => 4);
    disk.failOnce('open');
    const attempts = [cache.useCreating('file', () => true), cache.useCreating('file', () => true)];
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ code: 'io' });
    expect(await cache.useCreating('file', () => true)).toBe(true);
  });

  it('opens a file again whose closing failed', async () => {
    const disk = createFaultyBackend();
    const cache = new HandleCache(disk, () => 1);
    await cache.useCreating('a', () => undefined);
    disk.failOnce('flush', { path: 'a' });
    await cache.useCreating('b', () => undefined);
    await expect(cache.use('a', () => true)).resolves.toBe(true);
  });
});

describe('HandleCache.remove', () => {
  it('closes what is open at and below the path first, and nothing else', async () => {
    const backend = createMeteredBackend(createFaultyBackend());
    const cache = new HandleCache(backend, () => 8);
    const paths = ['users/a/catalog', 'users/a/sessions/1/log', 'users/ab/catalog'];
    for (const path of paths) await cache.useCreating(path, () => undefined);
    await cache.remove('users/a');
    expect(await cache.use('users/a/catalog', () => true)).toBeNull();
    expect(await cache.use('users/a/sessions/1/log', () => true)).toBeNull();
    expect(backend.meter('users/ab/catalog').closes).toBe(0);
    expect(await cache.use('users/ab/catalog', () => true)).toBe(true);
  });

  it('waits for tasks that use the file', async () => {
    const disk = createFaultyBackend();
    const cache = new HandleCache(disk, () => 8);
    const gate = createGate();
    const task = cache.useCreating('folder/file', async (file) => {
      await gate.passed;
      file.write(byte(1), 0);
      return disk.paths;
    });
    const removal = cache.remove('folder');
    for (let turn = 0; turn < 10; turn++) await nextTask();
    gate.open();
    expect(await task).toEqual(['folder/file']);
    await removal;
    expect(disk.paths).toEqual([]);
  });
});

describe('HandleCache.closeAll', () => {
  it('closes everything, flushed', async () => {
    const backend = createMeteredBackend(createMemoryBackend());
    const cache = new HandleCache(backend, () => 8);
    for (const path of ['a', 'b']) {
      await cache.useCreating(path, (file) => file.write(byte(1), 0));
    }
    await cache.closeAll();
    expect(backend.openCount).toBe(0);
    expect(backend.meter().flushes).toBe(2);
  });

  it('tells of a failure after it has tried all', async () => {
    const disk = createFaultyBackend();
    const backend = createMeteredBackend(disk);
    const cache = new HandleCache(backend, () => 8);
    for (const path of ['a', 'b', 'c']) {
      await cache.useCreating(path, (file) => file.write(byte(1), 0));
    }
    disk.failOnce('flush', { path: 'b' });
    await expect(cache.closeAll()).rejects.toMatchObject({ code: 'io' });
    for (const path of ['a', 'c']) expect(backend.meter(path).closes).toBe(1);
  });
});

describe('HandleCache.flushAll', () => {
  it('makes durable what was written to open files', async () => {
    const disk = createFaultyBackend();
    const cache = new HandleCache(disk, () => 8);
    for (const path of ['a', 'b']) await cache.useCreating(path, (file) => file.write(byte(3), 0));
    expect(disk.disk('flushed').bytesOf('a')).toEqual(new Uint8Array(0));
    await cache.flushAll();
    expect(disk.disk('flushed').bytesOf('a')).toEqual(byte(3));
    expect(disk.disk('flushed').bytesOf('b')).toEqual(byte(3));
  });
});
