import type { FFConfigurationManagerConfigDTO } from '../../src/shared/config.ts';
import type { BackendKind, EngineMethod } from '../../src/shared/contract.ts';
import { FFStorageError } from '../../src/shared/errors.ts';
import type { OpenReply } from '../../src/shared/host.ts';
import { selectBackend } from '../backend/select.ts';
import { openRescue, type Rescue } from '../rescue.ts';
import type { StoreAccess } from './access.ts';
import { storeName } from './names.ts';
import { acquireOwnership, type Ownership } from './ownership.ts';

/**
 * The files of a store without the store, for what must work whatever has become of it. Nobody else may
 * have them open meanwhile, so it asks for the right that owners have; it never follows one, which would
 * have opened the store.
 */
export class FilesAccess implements StoreAccess {
  readonly #kind: BackendKind;
  readonly #config: FFConfigurationManagerConfigDTO;
  #ownership: Ownership | undefined;
  #rescue: Rescue | undefined;

  constructor(kind: BackendKind, config: FFConfigurationManagerConfigDTO) {
    this.#kind = kind;
    this.#config = config;
  }

  /** @throws FFStorageError `timeout` when another tab has the files for too long */
  async open(): Promise<OpenReply> {
    const kind = this.#kind;
    const config = this.#config;
    this.#ownership = kind === 'memory' ? undefined : await this.#acquire();
    try {
      const { basePath } = config.storage;
      const backend = await selectBackend(kind, basePath, this.#ownership?.fence);
      this.#rescue = await openRescue({ backend, config });
    } catch (error) {
      await this.close();
      throw error;
    }
    void this.#ownership?.lost.then(() => this.close());
    return { backend: kind, savedConfig: this.#rescue.savedConfig, role: 'owner' };
  }

  async #acquire(): Promise<Ownership> {
    const { basePath } = this.#config.storage;
    const { callTimeoutMs } = this.#config.runtime;
    const signal = AbortSignal.timeout(callTimeoutMs);
    try {
      return await acquireOwnership(storeName(this.#kind, basePath), basePath, signal);
    } catch (cause) {
      if (!signal.aborted) throw cause;
      throw new FFStorageError(
        `The store "${basePath}" is open in another tab, which has not let go of its files within ${callTimeoutMs} ms (runtime.callTimeoutMs). Close it there, or open it here with initialize() first.`,
        { code: 'timeout', cause },
      );
    }
  }

  async call(method: EngineMethod, args: readonly unknown[]): Promise<unknown> {
    const api = this.#rescue?.api;
    if (api === undefined) {
      throw new FFStorageError(`${method}: the files are not open.`, { code: 'closed' });
    }
    if (!Object.hasOwn(api, method)) {
      throw new FFStorageError(`${method}: the files alone have no such method.`, {
        code: 'version',
      });
    }
    // The page has tied the arguments to the method, see `Host.call`.
    return (api[method as keyof typeof api] as (...args: readonly unknown[]) => unknown)(...args);
  }

  // It is there for one task, and its page is not put aside before that has ended.
  setVisible(): void {}
  async suspend(): Promise<void> {}
  async resume(): Promise<void> {}

  async close(): Promise<void> {
    const rescue = this.#rescue;
    const ownership = this.#ownership;
    this.#rescue = undefined;
    this.#ownership = undefined;
    try {
      await rescue?.close();
    } finally {
      await ownership?.release();
    }
  }
}
