import { describe, expect, it } from 'vitest';
import { exportBlob, withFilledStore } from './backup-support.ts';
import { shareStore, type Subject } from './subject.ts';
import { expectError, readState, say } from './support.ts';

const MANIFEST_NAME = new TextEncoder().encode('manifest.json');

/** What the contract says of archives that are not in order, of each kind that needs no ZIP to make. */
export function backupRefusalsContract(subject: Subject): void {
  const store = shareStore(subject);

  describe('importBackup', () => {
    it.each<[what: string, spoil: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>]>([
      ['is empty', () => new Uint8Array()],
      ['is no archive', () => new TextEncoder().encode('{"users":[]}')],
      ['ends after its first byte', (bytes) => bytes.subarray(0, 1)],
      ['ends in the middle', (bytes) => bytes.subarray(0, bytes.length >> 1)],
      ['lacks its last byte', (bytes) => bytes.subarray(0, -1)],
      ['lacks its first byte', (bytes) => bytes.subarray(1)],
      ['has a byte changed at its start', (bytes) => changed(bytes, 0)],
      [
        'has a byte changed in a file',
        (bytes) => changed(bytes, lastIndexOf(bytes, [0, 7, 14, 21, 28])),
      ],
      [
        'has a byte changed in its directory',
        (bytes) => changed(bytes, lastIndexOf(bytes, MANIFEST_NAME)),
      ],
      ['holds nothing but zeros', (bytes) => new Uint8Array(bytes.length)],
    ])('refuses what %s, and changes nothing', async (_, spoil) => {
      const { storage, aliceSession } = await withFilledStore(store);
      const bytes = new Uint8Array(await (await exportBlob(storage)).arrayBuffer());
      await storage.addMessage('alice', aliceSession, say('not in it'));
      const before = await readState(storage);
      const spoilt = new Blob([spoil(bytes.slice())]);
      await expectError(storage.importBackup(spoilt), { code: 'corrupt' });
      await expectError(storage.importBackup(spoilt.stream()), { code: 'corrupt' });
      expect(await readState(storage)).toStrictEqual(before);
      await storage.importBackup(new Blob([bytes]));
      expect(await storage.getAllMessages('alice', aliceSession)).toHaveLength(3);
    });

    it('passes on what its source failed with, and changes nothing', async () => {
      const { storage } = await withFilledStore(store);
      const before = await readState(storage);
      const cause = new Error('The network is down.');
      const failing = new ReadableStream<Uint8Array>({
        pull: (controller) => controller.error(cause),
      });
      const error = await expectError(storage.importBackup(failing), { code: 'io' });
      expect(error.cause).toBe(cause);
      expect(await readState(storage)).toStrictEqual(before);
    });
  });
}

function changed(bytes: Uint8Array<ArrayBuffer>, at: number): Uint8Array<ArrayBuffer> {
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  return bytes;
}

function lastIndexOf(bytes: Uint8Array, wanted: Iterable<number>): number {
  const sought = [...wanted];
  return bytes.findLastIndex((_, at) => sought.every((byte, index) => bytes[at + index] === byte));
}
