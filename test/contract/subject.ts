import {
  FFStorageManager,
  type BackendKind,
  type FFConfigInput,
  type FFStorageManagerOptions,
} from 'flatfile-chat';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

/** What the contract is tried on: one backend, reached the way an app reaches it. */
export interface Subject {
  readonly backend: BackendKind;
  /** Whether a closed store can be opened again with what was in it. */
  readonly persistent: boolean;
  /**
   * A manager that is not open yet, on a store of its own unless the configuration names one. It is
   * closed, and its store removed, when the test is over.
   */
  create(config?: FFConfigInput, options?: SubjectOptions): FFStorageManager;
  /** The same, open. */
  open(config?: FFConfigInput, options?: SubjectOptions): Promise<FFStorageManager>;
  /** The same, without the cleaning up. */
  make(
    config?: FFConfigInput,
    options?: SubjectOptions,
  ): { storage: FFStorageManager; cleanUp: () => Promise<void> };
}

/** What a manager gets besides its backend. */
export type SubjectOptions = Pick<FFStorageManagerOptions, 'embedder' | 'onRoleChange'>;

interface Surroundings {
  readonly backend: BackendKind;
  readonly persistent: boolean;
  /** Removes what a store left behind; called when its managers are closed. */
  readonly removeStore?: (basePath: string) => Promise<void>;
  /** Makes the managers. Default: the constructor does. */
  readonly create?: (config: FFConfigInput, options: FFStorageManagerOptions) => FFStorageManager;
}

export function createSubject({
  backend,
  persistent,
  removeStore,
  create: createManager = (config, options) => new FFStorageManager(config, options),
}: Surroundings): Subject {
  const make: Subject['make'] = (config = {}, options = {}) => {
    const basePath = config.storage?.basePath ?? `contract-${crypto.randomUUID()}`;
    const storage = createManager(
      { ...config, storage: { ...config.storage, basePath } },
      { ...options, backend },
    );
    const cleanUp = async () => {
      await storage.close();
      await removeStore?.(basePath);
    };
    return { storage, cleanUp };
  };
  const create: Subject['create'] = (config, options) => {
    const { storage, cleanUp } = make(config, options);
    onTestFinished(cleanUp);
    return storage;
  };
  return {
    backend,
    persistent,
    make,
    create,
    open: async (config, options) => {
      const storage = create(config, options);
      await storage.initialize();
      return storage;
    },
  };
}

/** A store with the user `alice`, who has one empty session. */
export interface StoreWithSession {
  readonly storage: FFStorageManager;
  readonly sessionId: string;
}

/** A store of its own, for a test that closes it or configures it. */
export async function openWithSession(
  { open }: Subject,
  config?: FFConfigInput,
  options?: SubjectOptions,
): Promise<StoreWithSession> {
  const storage = await open(config, options);
  return { storage, sessionId: await addSession(storage) };
}

/**
 * The store that the tests of a suite have one after another. Starting a worker for each of them
 * would take longer than all of them do.
 */
export interface SharedStore {
  /** The store as it is. */
  current(): StoreWithSession;
  /** The store without any user. */
  empty(): Promise<FFStorageManager>;
  /** The store with nothing but alice and her session. */
  withSession(): Promise<StoreWithSession>;
}

/** Shares a store, which has alice and her session at first, among the tests of the enclosing suite. */
export function shareStore({ make }: Subject): SharedStore {
  let shared: StoreWithSession;
  let cleanUp: () => Promise<void>;
  beforeAll(async () => {
    const made = make();
    cleanUp = made.cleanUp;
    await made.storage.initialize();
    shared = { storage: made.storage, sessionId: await addSession(made.storage) };
  });
  afterAll(() => cleanUp());

  const empty = async (): Promise<FFStorageManager> => {
    const { storage } = shared;
    for (const userId of await storage.listUsers())
      await storage.deleteUser(userId, { force: true });
    return storage;
  };
  return {
    current: () => shared,
    empty,
    withSession: async () => {
      const storage = await empty();
      return { storage, sessionId: await addSession(storage) };
    },
  };
}

async function addSession(storage: FFStorageManager): Promise<string> {
  await storage.createUser('alice');
  return storage.createSession('alice', 'A talk');
}

/** Closes a store and gives a new manager that has opened it again. */
export async function reopen(
  { open }: Subject,
  storage: FFStorageManager,
): Promise<FFStorageManager> {
  await storage.close();
  return open(storage.getConfiguration());
}
