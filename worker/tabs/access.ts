import type { EngineMethod } from '../../src/shared/contract.ts';
import type { OpenReply } from '../../src/shared/host.ts';
import type { Backend } from '../backend/backend.ts';
import type { Engine, EngineOptions } from '../engine.ts';

/** How a worker reaches its store, alone or together with other tabs. */
export interface StoreAccess {
  open(): Promise<OpenReply>;
  /** @param timeoutMs `null`: the caller waits for as long as it takes */
  call(method: EngineMethod, args: readonly unknown[], timeoutMs: number | null): Promise<unknown>;
  setVisible(isVisible: boolean): void;
  /** Lets go of what others wait for; calls wait until {@link resume}. */
  suspend(): Promise<void>;
  /** @param caller the lock that this thread holds from now on */
  resume(caller: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens an engine that is configured as the page wants it. */
export type CreateEngine = (
  backend: Backend,
  options: Pick<EngineOptions, 'onEvent' | 'presence'>,
) => Promise<Engine>;
