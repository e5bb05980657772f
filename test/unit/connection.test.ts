import * as Comlink from 'comlink';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Connection } from '../../src/connection.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import { PROTOCOL_VERSION, type Host, type Page } from '../../src/shared/host.ts';
import { loadConfig } from '../../src/validation/config.ts';

const PAGE: Page = {
  embed: () => Promise.reject(new TypeError('There is no embedder here.')),
  onModelProgress: () => undefined,
  onEvent: () => undefined,
  onRole: () => undefined,
};

/** A connection to a host that opens a store and, unless it is told how, answers no call. */
async function openPlayed(
  callTimeoutMs: number,
  answers: Partial<Record<keyof Host, (...args: never[]) => unknown>> = {},
): Promise<Connection> {
  const { port1, port2 } = new MessageChannel();
  Comlink.expose(
    {
      hello: () => ({ protocol: PROTOCOL_VERSION }),
      open: () => ({ backend: 'memory', savedConfig: {}, role: 'owner' }),
      call: () => new Promise(() => undefined),
      close: () => undefined,
      ...answers,
    },
    port1,
  );
  const worker = Object.assign(port2, {
    terminate: () => {
      port1.close();
      port2.close();
    },
  });
  const { connection } = await Connection.open({
    config: loadConfig({ runtime: { callTimeoutMs } }),
    createWorker: () => worker as unknown as Worker,
    page: PAGE,
  });
  onTestFinished(() => connection.close());
  return connection;
}

describe('a call without an answer', () => {
  it('fails with timeout after the configured time', async () => {
    const connection = await openPlayed(100);
    await expect(connection.call('listUsers')).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('100 ms'),
    });
  });

  it('fails after another time as soon as that is configured', async () => {
    const connection = await openPlayed(86_400_000);
    connection.callTimeoutMs = 110;
    await expect(connection.call('listUsers')).rejects.toMatchObject({
      message: expect.stringContaining('110 ms'),
    });
  });

  it('waits on where it may take long, until the connection ends', async () => {
    const connection = await openPlayed(100);
    const outcomes: string[] = [];
    const long = [
      connection.call('whenIdle'),
      connection.call('backupData', 'b', {}),
      connection.call('storeDocument', 'u', 's', {
        documentId: 'd',
        filename: 'f',
        originalName: 'f',
        mimeType: 'text/plain',
      }),
    ].map((answer) => answer.catch((error: { code: string }) => outcomes.push(error.code)));
    // Called later than they were, it has the later deadline.
    await expect(connection.call('listUsers')).rejects.toMatchObject({ code: 'timeout' });
    expect(outcomes).toEqual([]);
    await connection.close();
    await Promise.all(long);
    expect(outcomes).toEqual(['closed', 'closed', 'closed']);
  });

  it('fails as the worker says, which has the same deadline', async () => {
    const told: unknown[] = [];
    const connection = await openPlayed(100, {
      call: async (_method: string, _args: unknown, timeoutMs: number | null) => {
        told.push(timeoutMs);
        throw new FFStorageError('The owner is frozen.', { code: 'timeout' });
      },
    });
    await expect(connection.call('listUsers')).rejects.toThrow('frozen');
    await expect(connection.call('whenIdle')).rejects.toThrow('frozen');
    expect(told).toEqual([100, null]);
  });

  it('is waited for once more when its deadline came too late, as in a page that was frozen', async () => {
    let answer = (_names: string[]): void => undefined;
    const connection = await openPlayed(100, {
      call: () => new Promise<string[]>((resolve) => (answer = resolve)),
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const users = connection.call('listUsers');
    // Timers stand still while time goes on.
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now + 3_600_000);
    await vi.advanceTimersByTimeAsync(1_100);
    clock.mockRestore();
    answer(['alice']);
    vi.useRealTimers();
    expect(await users).toEqual(['alice']);
  });
});

describe('a page that is put aside', () => {
  /** A connection whose calls answer with their method, and what was asked of its host, in order. */
  async function openRecorded(answers: Parameters<typeof openPlayed>[1] = {}) {
    const asked: string[] = [];
    const connection = await openPlayed(60_000, {
      call: (method: string) => {
        asked.push(method);
        return method;
      },
      suspend: () => void asked.push('suspend'),
      resume: () => {
        asked.push('resume');
        return { protocol: PROTOCOL_VERSION };
      },
      ...answers,
    });
    return { connection, asked };
  }

  it('sends what was called meanwhile when it is back, in its order', async () => {
    const { connection, asked } = await openRecorded();
    const before = connection.call('listUsers');
    connection.suspend();
    connection.suspend();
    const held = [connection.call('listPanels'), connection.call('listBackups')];
    await before;
    expect(asked).toEqual(['listUsers', 'suspend']);
    expect(await connection.isAlive()).toBe(true);

    expect(await connection.resume()).toBe(true);
    const after = connection.call('listPersonas');
    expect(await Promise.all([...held, after])).toEqual([
      'listPanels',
      'listBackups',
      'listPersonas',
    ]);
    const calls = ['listPanels', 'listBackups', 'listPersonas'];
    expect(asked).toEqual(['listUsers', 'suspend', 'resume', ...calls]);
    expect(await connection.resume()).toBe(false);
  });

  it('goes on waiting when it is put aside again before it is back', async () => {
    const { connection, asked } = await openRecorded();
    connection.suspend();
    const held = connection.call('listUsers');
    const first = connection.resume();
    connection.suspend();
    expect(await first).toBe(false);
    expect(asked).toEqual(['suspend', 'resume', 'suspend']);
    expect(await connection.resume()).toBe(true);
    expect(await held).toBe('listUsers');
  });

  it('that is closed lets go of what it held', async () => {
    const { connection } = await openRecorded();
    connection.suspend();
    const held = connection.call('listUsers');
    await Promise.all([expect(held).rejects.toMatchObject({ code: 'closed' }), connection.close()]);
    expect(connection.ending.reason).toMatchObject({ code: 'closed' });
  });

  it('whose worker died meanwhile says so', async () => {
    const { connection } = await openRecorded({
      resume: () => {
        throw new Error('no such worker');
      },
    });
    connection.suspend();
    const held = connection.call('listUsers');
    const [, isBack] = await Promise.all([
      expect(held).rejects.toMatchObject({ code: 'worker-lost' }),
      connection.resume(),
    ]);
    expect(isBack).toBe(false);
    expect(connection.ending.reason).toMatchObject({ code: 'worker-lost' });
    expect(await connection.isAlive()).toBe(false);
  });
});
