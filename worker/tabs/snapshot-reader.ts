import type { EngineApi, EngineMethod } from '../../src/shared/contract.ts';
import type { Engine } from '../engine.ts';

/** What can be answered from what is on the disk. */
const READABLE: ReadonlySet<EngineMethod> = new Set([
  'userExists',
  'getUserProfile',
  'listUsers',
  'getSession',
  'listSessions',
  'getMessages',
  'getMessage',
  'readGrowth',
  'openStream',
  'readStream',
  'searchMessages',
  'searchSimilarMessages',
  'search',
  'getDocument',
  'getDocumentContent',
  'listDocuments',
  'searchDocuments',
  'getPersona',
  'listPersonas',
  'getPanel',
  'listPanels',
  'getPanelMessages',
  'extractSituationalContext',
  'getContext',
  'listContexts',
  'getUserStats',
  'getSessionStats',
  'getStorageStats',
  'getPerformanceMetrics',
  'listBackups',
  'getStorageFacts',
]);

export function isReadable(method: EngineMethod): boolean {
  return READABLE.has(method);
}

/**
 * Answers reads while the owner of the store does not: from an engine of its own on a snapshot, which is
 * opened when it is first needed. As nobody but the owner writes, the snapshot stays true until the
 * owner is back.
 */
export class SnapshotReader {
  readonly #open: () => Promise<Engine>;
  #opening: Promise<Engine> | undefined;

  constructor(open: () => Promise<Engine>) {
    this.#open = open;
  }

  /** Opens the snapshot; rejects where nothing can be read. */
  engine(): Promise<Engine> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /**
   * Answers a call.
   *
   * @returns `undefined` where the snapshot cannot be opened, so that only the owner can answer
   */
  async answer<M extends EngineMethod>(
    method: M,
    args: Parameters<EngineApi[M]>,
  ): Promise<{ readonly value: Awaited<ReturnType<EngineApi[M]>> } | undefined> {
    const engine = await this.engine().catch(() => undefined);
    if (engine === undefined) return undefined;
    return { value: await engine.call(method, args, { caller: 'snapshot' }) };
  }

  /** Lets go of the snapshot, when it has answered what it was asked. */
  async close(): Promise<void> {
    const engine = await this.#opening?.catch(() => undefined);
    await engine?.close();
  }
}
