import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { NewMessage } from '../../src/shared/contract.ts';
import { createId } from '../../src/shared/ids.ts';
import type { Backend } from '../../worker/backend/backend.ts';
import { selectBackend } from '../../worker/backend/select.ts';
import type { Engine } from '../../worker/engine.ts';
import { takeLease, type Lease, type LeaseClock } from '../../worker/tabs/lease.ts';
import { contentsOf, expectError } from '../contract/support.ts';
import { openTestEngine } from '../support/stores.ts';
import { startInsecureThread } from './support/engine-threads.ts';
import { uniquePath } from './support/managers.ts';
import { storeBytes } from './support/store-bytes.ts';
import { TestClock } from './support/test-clock.ts';

const ALL = { offset: 0, reverse: false };

const message = (content: string): NewMessage => ({
  messageId: createId(),
  role: 'user',
  content,
});

/** Takes a lease that is let go of, or not wanted any more, when the test is over, at the latest. */
async function take(
  basePath: string,
  clock?: LeaseClock,
  signal: AbortSignal = untilTestIsOver(),
): Promise<Lease> {
  const lease = await takeLease(basePath, signal, clock);
  onTestFinished(() => lease.release());
  return lease;
}

function untilTestIsOver(): AbortSignal {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  return abort.signal;
}

/** Whether a promise has settled, as far as that is known now. */
function watch(promise: Promise<unknown>): { readonly isSettled: boolean } {
  const watched = { isSettled: false };
  const settle = (): void => void (watched.isSettled = true);
  promise.then(settle, settle);
  return watched;
}

/** Waits until everybody does nothing but wait for the time to pass. */
async function waitFor(clock: TestClock, count: number): Promise<void> {
  await vi.waitFor(() => expect(clock.waitingCount).toBe(count), { timeout: 10_000 });
}

async function openBackend(basePath: string, lease: Lease): Promise<Backend> {
  const backend = await selectBackend('indexeddb', basePath, lease.fence);
  onTestFinished(() => backend.close());
  return backend;
}

/** An owner that stopped when it had stored something, and another that has taken the store over. */
async function replaceOwner(basePath: string) {
  // The one stands still from the beginning, as in a frozen tab: its time does not pass.
  const first = await take(basePath, new TestClock());
  const backend = await openBackend(basePath, first);
  const file = await backend.open('kept/file', { create: true });
  if (file === null) throw new Error('The file was not created.');
  file.write(new Uint8Array([1, 2, 3]), 0);
  await file.flush();
  const late = new TestClock();
  late.advance(5_000);
  const second = await take(basePath, late);
  return { first, second, backend, file };
}

describe('a lease of a store in IndexedDB', { timeout: 60_000 }, () => {
  it('is had at once where nobody has it, and is no file of the store', async () => {
    const basePath = uniquePath();
    const lease = await take(basePath);
    expect(lease.epoch).toBe(1);
    const backend = await openBackend(basePath, lease);
    expect(await backend.list('')).toStrictEqual([]);
    expect(Object.keys(await storeBytes.indexeddb(basePath))).toStrictEqual(['["lease"]']);
  });

  it('is had by one alone, and by the next as soon as it is let go of', async () => {
    const basePath = uniquePath();
    const clock = new TestClock();
    const first = await take(basePath, clock);
    const taking = take(basePath, clock);
    const second = watch(taking);
    await waitFor(clock, 2);
    // Renewed each time, it outlasts any time.
    for (let elapsedMs = 0; elapsedMs < 20_000; elapsedMs += 1_000) {
      clock.advance(1_000);
      await waitFor(clock, 2);
    }
    expect(second.isSettled).toBe(false);
    await first.release();
    await first.lost;
    clock.advance(250);
    expect((await taking).epoch).toBe(2);
  });

  it('is had by the next when it was not renewed for 5 s', async () => {
    const basePath = uniquePath();
    const first = await take(basePath, new TestClock());
    const clock = new TestClock();
    const taking = take(basePath, clock);
    const second = watch(taking);
    for (let elapsedMs = 0; elapsedMs < 4_750; elapsedMs += 250) {
      await waitFor(clock, 1);
      clock.advance(250);
    }
    await waitFor(clock, 1);
    expect(second.isSettled).toBe(false);
    clock.advance(250);
    expect((await taking).epoch).toBe(2);
    await first.release();
    // What it has let go of was not its own any more.
    const third = watch(take(basePath, clock));
    await waitFor(clock, 2);
    expect(third.isSettled).toBe(false);
  });

  it('is had by one at a time when many want it', async () => {
    const basePath = uniquePath();
    const clock = new TestClock();
    const epochs: number[] = [];
    let holders = 0;
    const contenders = Array.from({ length: 8 }, async () => {
      const lease = await take(basePath, clock);
      epochs.push(lease.epoch);
      expect(++holders).toBe(1);
      const backend = await selectBackend('indexeddb', basePath, lease.fence);
      const file = await backend.open(`by-${lease.epoch}`, { create: true });
      await file?.close();
      await backend.close();
      holders--;
      await lease.release();
    });
    const all = watch(Promise.all(contenders));
    await vi.waitFor(
      () => {
        clock.advance(250);
        expect(all.isSettled).toBe(true);
      },
      { timeout: 10_000 },
    );
    await Promise.all(contenders);
    expect(epochs).toStrictEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('is not wanted any more after an abort', async () => {
    const basePath = uniquePath();
    const clock = new TestClock();
    const first = await take(basePath, clock);
    const abort = new AbortController();
    const taking = take(basePath, clock, abort.signal);
    await waitFor(clock, 2);
    abort.abort(new Error('enough'));
    await expect(taking).rejects.toThrow('enough');
    await expect(take(basePath, clock, abort.signal)).rejects.toThrow('enough');
    await first.release();
    expect((await take(basePath, clock)).epoch).toBe(2);
  });
});

describe('an owner that was replaced while it stood still', () => {
  it('is refused whatever it writes, and changes nothing', async () => {
    const basePath = uniquePath();
    const { backend, file } = await replaceOwner(basePath);
    const before = await storeBytes.indexeddb(basePath);
    const refused = { code: 'worker-lost' } as const;

    file.write(new Uint8Array(200_000).fill(9), 1);
    const error = await expectError(file.flush(), refused);
    expect(error.message).toContain(`"${basePath}"`);
    // What a flush has not stored, the next one would.
    await expectError(file.flush(), refused);
    file.truncate(0);
    await expectError(file.flush(), refused);
    await file.close();
    await expectError(backend.remove('kept'), refused);
    await expectError(backend.open('new', { create: true }), refused);
    expect(await storeBytes.indexeddb(basePath)).toStrictEqual(before);
  });

  it('learns of it with its first write', async () => {
    const { first, file } = await replaceOwner(uniquePath());
    file.write(new Uint8Array([9]), 0);
    await expectError(file.flush(), { code: 'worker-lost' });
    await first.lost;
  });

  it('learns of it when it renews its lease', async () => {
    const basePath = uniquePath();
    const clock = new TestClock();
    const first = await take(basePath, clock);
    const late = new TestClock();
    late.advance(60_000);
    const second = await take(basePath, late);
    const lost = watch(second.lost);
    clock.advance(1_000);
    await first.lost;
    // The successor's lease is as it was.
    late.advance(1_000);
    await waitFor(late, 1);
    expect(lost.isSettled).toBe(false);
  });

  it('has written nothing that its successor would find', async () => {
    const basePath = uniquePath();
    const open = async (clock: LeaseClock): Promise<Engine> =>
      openTestEngine(await openBackend(basePath, await take(basePath, clock)));
    const first = await open(new TestClock());
    await first.api.createUser('alice', {});
    await first.api.createSession('alice', { sessionId: 's', title: 'S' });
    await first.api.addMessage('alice', 's', message('of the first'));

    const late = new TestClock();
    late.advance(5_000);
    const second = await open(late);
    await second.api.addMessage('alice', 's', message('of the second'));
    const lost = first.api.addMessage('alice', 's', message('too late'));
    await expectError(lost, { code: 'worker-lost' });
    await second.api.addMessage('alice', 's', message('of the second, too'));
    await first.close().catch(() => undefined);
    await second.close();

    const third = await openTestEngine(await selectBackend('indexeddb', basePath));
    expect(contentsOf(await third.api.getMessages('alice', 's', ALL))).toStrictEqual([
      'of the first',
      'of the second',
      'of the second, too',
    ]);
    await third.close();
  });
});

describe('an owner that stood still for long, and was not replaced', () => {
  it('goes on', async () => {
    const basePath = uniquePath();
    const clock = new TestClock();
    const lease = await take(basePath, clock);
    const lost = watch(lease.lost);
    const backend = await openBackend(basePath, lease);
    clock.advance(60_000);
    const file = await backend.open('file', { create: true });
    file?.write(new Uint8Array([1]), 0);
    await file?.flush();
    await waitFor(clock, 1);
    expect(lost.isSettled).toBe(false);
    // It has the lease again for the time to come.
    const second = watch(take(basePath, clock));
    await waitFor(clock, 2);
    expect(second.isSettled).toBe(false);
  });
});

describe('a page without Web Locks', () => {
  it('has the store when another has died, and finds all that it wrote', async () => {
    const basePath = uniquePath();
    const first = startInsecureThread();
    const second = startInsecureThread();
    expect(await first.host.open('lease', undefined, basePath)).toBe('indexeddb');
    await first.api.createUser('alice', {});
    await first.api.createSession('alice', { sessionId: 's', title: 'S' });
    const opening = second.host.open('lease', undefined, basePath);
    const opened = watch(opening);
    for (let index = 0; index < 20; index++) {
      await first.api.addMessage('alice', 's', message(`message ${index}`));
    }
    expect(opened.isSettled).toBe(false);
    first.terminate();
    await opening;
    expect(contentsOf(await second.api.getMessages('alice', 's', ALL))).toStrictEqual(
      Array.from({ length: 20 }, (_, index) => `message ${index}`),
    );
    await second.api.addMessage('alice', 's', message('and on'));
    await second.host.close();

    const third = startInsecureThread();
    await third.host.open('lease', undefined, basePath);
    expect(await third.api.getMessages('alice', 's', ALL)).toHaveLength(21);
    await third.host.close();
  }, 60_000);
});
