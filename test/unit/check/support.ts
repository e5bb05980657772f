import type {
  FFRepairReportDTO,
  FFVerifyReportDTO,
} from '../../../src/shared/model/reliability.ts';
import type { EngineApi } from '../../../src/shared/contract.ts';
import { createFaultyBackend, type FaultyBackend } from '../../support/faulty-backend.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';

/** A store with one of everything, closed; messages that were edited and deleted among them. */
export async function createFullStore(): Promise<FaultyBackend> {
  const disk = createFaultyBackend();
  const { api, close } = await openTestEngine(disk, createClock());
  for (const userId of ['alice', 'bob']) {
    await api.createUser(userId, { name: userId });
    for (const sessionId of [`${userId}-1`, `${userId}-2`]) {
      await api.createSession(userId, { sessionId, title: `title of ${sessionId}` });
      for (const messageId of ['a', 'b', 'c', 'd']) {
        const content = `${userId} says ${messageId}`;
        await api.addMessage(userId, sessionId, { messageId, role: 'user', content });
      }
      await api.updateMessage(userId, sessionId, 'b', { content: 'edited' });
      await api.deleteMessage(userId, sessionId, 'c');
    }
  }
  const text = new Blob(['Feed the starter. Wait for an hour.'], { type: 'text/plain' });
  await api.storeDocument(
    'alice',
    'alice-1',
    { documentId: 'doc', filename: 'n.txt', originalName: 'n.txt', mimeType: 'text/plain' },
    text,
  );
  await api.saveContext('alice', 'alice-1', {
    contextId: 'ctx',
    summary: 'About bread.',
    keyPoints: [],
    entities: {},
    confidence: 0.5,
  });
  await api.createPersona({ personaId: 'p', name: 'Baker' });
  await api.createPanel({ panelId: 'panel', type: 'brainstorm', personaIds: ['p'] });
  await api.addPanelMessage('panel', 'p', { messageId: 'x', role: 'assistant', content: 'Hm.' });
  await api.backupData('weekly', {});
  await api.whenIdle();
  await close();
  return disk.disk('flushed');
}

/** The same disk, with a file that is other than it was; `null`: gone. */
export function withFile(
  disk: FaultyBackend,
  path: string,
  change: (bytes: Uint8Array) => Uint8Array | null,
): FaultyBackend {
  const content = new Map<string, Uint8Array>();
  for (const name of disk.paths) content.set(name, disk.bytesOf(name) ?? new Uint8Array(0));
  const before = content.get(path);
  if (before === undefined) throw new Error(`There is no ${path} among ${disk.paths.join(', ')}`);
  const after = change(before.slice());
  if (after === null) content.delete(path);
  else content.set(path, after);
  return createFaultyBackend({}, content);
}

/** Changes the byte where a text begins. */
export function damaging(text: string): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => {
    const at = new TextDecoder('latin1').decode(bytes).indexOf(text);
    if (at === -1) throw new Error(`The file does not hold ${text}`);
    bytes[at] = 0x7e;
    return bytes;
  };
}

/** Changes one byte in the middle. */
export function damagingMiddle(bytes: Uint8Array): Uint8Array {
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 0x55;
  return bytes;
}

type CheckApi = Pick<EngineApi, 'openCheck' | 'continueCheck'>;

export async function verify(api: CheckApi): Promise<FFVerifyReportDTO> {
  const { verified } = await run(api, 'verify');
  if (verified === undefined) throw new Error('There is no report.');
  return verified;
}

export async function repair(api: CheckApi): Promise<FFRepairReportDTO> {
  const { repaired } = await run(api, 'repair');
  if (repaired === undefined) throw new Error('There is no report.');
  return repaired;
}

async function run(api: CheckApi, kind: 'verify' | 'repair') {
  const checkId = await api.openCheck(kind);
  for (;;) {
    const progress = await api.continueCheck(checkId);
    if (progress.verified !== undefined || progress.repaired !== undefined) return progress;
  }
}

/** What kinds of findings there are, and of which files. */
export function kindsOf({ findings }: Pick<FFVerifyReportDTO, 'findings'>): string[] {
  return findings.map(({ kind, path }) => `${kind} ${path}`).sort();
}
