import { beforeAll, describe, expect, it } from 'vitest';
import type { EngineApi } from '../../../src/shared/contract.ts';
import { openArchive } from '../../../worker/archive/read.ts';
import { encodeRecord, type RecordBody } from '../../../worker/store/record.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { takeSnapshot } from '../../support/snapshot.ts';
import { createClock, joinBytes, openTestEngine } from '../../support/stores.ts';
import { openTestRescue } from './rescue-support.ts';
import { createFullStore, damaging, withFile } from './support.ts';

const LOG = 'users/alice/sessions/alice-1/messages.jsonl';

type SalvageApi = Pick<EngineApi, 'openSalvage' | 'readExport'>;

let full: FaultyBackend;

beforeAll(async () => {
  full = await createFullStore();
});

async function salvage(api: SalvageApi): Promise<Uint8Array> {
  const { exportId } = await api.openSalvage();
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = await api.readExport(exportId);
    if (piece === null) return joinBytes(pieces);
    pieces.push(piece.slice());
  }
}

/** A new store with what an archive holds. */
async function restored(archive: Uint8Array) {
  const engine = await openTestEngine(createFaultyBackend(), createClock());
  const importId = await engine.api.openImport({});
  await engine.api.writeImport(importId, archive.slice());
  for (;;) {
    const { report } = await engine.api.continueImport(importId);
    if (report !== undefined) return { engine, report };
  }
}

async function filesOf(archive: Uint8Array): Promise<string[]> {
  const source = {
    size: archive.length,
    read: (into: Uint8Array, at: number) => {
      const bytes = archive.subarray(at, at + into.length);
      into.set(bytes);
      return bytes.length;
    },
  };
  const { manifest } = await openArchive(source, { maxTotalBytes: 1e9 });
  return manifest.files.map(({ name }) => name);
}

describe('what is salvaged', () => {
  it('is everything, of a store that is in order, open or not', async () => {
    const engine = await openTestEngine(full.disk('flushed'), createClock());
    const before = await takeSnapshot(engine);
    const ofOpen = await salvage(engine.api);
    await engine.close();
    const disk = full.disk('flushed');
    const rescue = await openTestRescue(disk);
    const ofFiles = await salvage(rescue.api);
    await rescue.close();
    for (const archive of [ofOpen, ofFiles]) {
      const { engine: made, report } = await restored(archive);
      expect(report).toMatchObject({ users: 2, sessions: 4, messages: 12, documents: 1 });
      expect(await takeSnapshot(made)).toEqual(before);
      expect(await made.api.listPanels()).toHaveLength(1);
      await made.close();
    }
  }, 30_000);

  it.each([
    ['no mark of its format', 'store.json', () => null],
    ['a mark of a newer format', 'store.json', newerFormat],
    ['no list of users', 'catalog.jsonl', () => null],
  ] as const)(
    'is everything of a store that has %s, and nothing is written',
    async (_, path, change) => {
      const disk = withFile(full, path, change);
      const content = contentOf(disk);
      const rescue = await openTestRescue(disk);
      const archive = await salvage(rescue.api);
      await rescue.close();
      expect(contentOf(disk)).toEqual(content);
      const { engine, report } = await restored(archive);
      expect(report).toMatchObject({ users: 2, sessions: 4, messages: 12, documents: 1 });
      await engine.close();
    },
  );

  it('leaves out what is damaged, and brings the damaged bytes along', async () => {
    const disk = withFile(full, LOG, damaging('alice says d'));
    const rescue = await openTestRescue(disk);
    const archive = await salvage(rescue.api);
    await rescue.close();
    const { engine, report } = await restored(archive);
    expect(report).toMatchObject({ users: 2, sessions: 4, messages: 11 });
    await engine.close();
    const names = await filesOf(archive);
    expect(names).toContain('salvage.json');
    expect(names.filter((name) => name.startsWith('quarantine/'))).toHaveLength(1);
  });

  it('goes on where the browser refuses to read a file', async () => {
    const disk = full.disk('flushed');
    // Each time that somebody tries.
    for (let n = 0; n < 20; n++) disk.failOnce('open', { path: LOG }, new Error('refused'));
    const rescue = await openTestRescue(disk);
    const archive = await salvage(rescue.api);
    await rescue.close();
    const { engine, report } = await restored(archive);
    expect(report).toMatchObject({ users: 2, sessions: 4, messages: 9 });
    await engine.close();
  });

  it('is nothing of a store that was never there', async () => {
    const rescue = await openTestRescue(createFaultyBackend());
    const { engine, report } = await restored(await salvage(rescue.api));
    expect(report).toMatchObject({ users: 0, sessions: 0, messages: 0 });
    await engine.close();
    await rescue.close();
  });
});

function newerFormat(bytes: Uint8Array): Uint8Array {
  const line = encodeRecord(2, 0, { type: 'slot', value: { format: 99 } } as RecordBody);
  bytes.set(line, 0);
  return bytes;
}

function contentOf(disk: FaultyBackend): Record<string, string> {
  return Object.fromEntries(
    disk.paths.map((path) => [path, Buffer.from(disk.bytesOf(path) ?? []).toString('base64')]),
  );
}
