import * as Comlink from 'comlink';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Connection } from '../../src/connection.ts';
import { PROTOCOL_VERSION } from '../../src/shared/contract.ts';
import { loadConfig } from '../../src/validation/config.ts';

/** A connection to a host that opens a store and then answers no call. */
async function openSilent(callTimeoutMs: number): Promise<Connection> {
  const { port1, port2 } = new MessageChannel();
  Comlink.expose(
    {
      hello: () => ({ protocol: PROTOCOL_VERSION }),
      open: () => ({ backend: 'memory', savedConfig: {} }),
      call: () => new Promise(() => undefined),
      close: () => undefined,
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
  });
  onTestFinished(() => connection.close());
  return connection;
}

describe('a call without an answer', () => {
  it('fails with timeout after the configured time', async () => {
    const connection = await openSilent(100);
    await expect(connection.call('listUsers')).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('100 ms'),
    });
  });

  it('fails after another time as soon as that is configured', async () => {
    const connection = await openSilent(86_400_000);
    connection.callTimeoutMs = 110;
    await expect(connection.call('listUsers')).rejects.toMatchObject({
      message: expect.stringContaining('110 ms'),
    });
  });

  it('waits on where it may take long, until the connection ends', async () => {
    const connection = await openSilent(100);
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
});
