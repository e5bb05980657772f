import { onTestFinished } from 'vitest';
import type { EngineMethod } from '../../../src/shared/contract.ts';
import { FFStorageError } from '../../../src/shared/errors.ts';
import type { StoreEvent } from '../../../src/shared/events.ts';
import type { Engine } from '../../../worker/engine.ts';
import type { CallContext } from '../../../worker/services/call.ts';
import { Desk } from '../../../worker/tabs/desk.ts';
import type { Welcome } from '../../../worker/tabs/messages.ts';
import { PendingCalls } from '../../../worker/tabs/pending-calls.ts';
import { createPresence } from '../../../worker/tabs/presence.ts';
import { Remote } from '../../../worker/tabs/remote.ts';

/** A call as an engine got it. */
export interface Carried {
  readonly method: EngineMethod;
  readonly args: readonly unknown[];
  readonly context: CallContext;
}

/** An engine that only answers what it is told to. */
export function scriptedEngine(answer: (call: Carried) => Promise<unknown>): {
  readonly engine: Engine;
  readonly carried: Carried[];
  readonly interrupted: string[];
} {
  const carried: Carried[] = [];
  const interrupted: string[] = [];
  const engine = {
    call: (method: EngineMethod, args: readonly unknown[], context: CallContext) => {
      const call = { method, args, context };
      carried.push(call);
      return answer(call);
    },
    interrupt: async (caller: string) => void interrupted.push(caller),
    savedConfig: {},
    isIdle: true,
  };
  return { engine: engine as unknown as Engine, carried, interrupted };
}

/** A store's name that no other test uses. */
export function uniqueStore(): string {
  return `test:${crypto.randomUUID()}`;
}

/** The desk of an owner; closed when the test is over. */
export function openDesk(store: string, self: string, epoch: number): Desk {
  const presence = createPresence(self);
  const desk = new Desk(store, self, epoch, presence);
  onTestFinished(() => {
    desk.close();
    presence.close();
  });
  return desk;
}

export function serve(desk: Desk, engine: Engine): void {
  desk.serve({ engine, backend: 'indexeddb', savedConfig: () => ({}) });
}

/** What a tab that is not the owner has heard. */
export class TestMember {
  readonly pending: PendingCalls;
  readonly remote: Remote;
  readonly welcomes: Welcome[] = [];
  readonly refusals: FFStorageError[] = [];
  readonly events: StoreEvent[] = [];
  readonly silences: boolean[] = [];
  readonly handovers: string[] = [];
  isVisible = false;

  constructor(store: string, self: string) {
    this.pending = new PendingCalls(self, ({ method }) => {
      return new FFStorageError(`${method} was not answered`, { code: 'timeout' });
    });
    this.remote = new Remote(
      store,
      self,
      this.pending,
      () => ({ caller: self, isVisible: this.isVisible }),
      {
        onWelcome: (welcome) => this.welcomes.push(welcome),
        onRefused: (error) => this.refusals.push(error),
        onEvent: (event) => this.events.push(event),
        onSilence: (isSilent) => this.silences.push(isSilent),
        onHandover: (to) => this.handovers.push(to),
      },
    );
    this.remote.start();
    onTestFinished(() => this.remote.stop());
  }

  call(method: EngineMethod, args: readonly unknown[], timeoutMs: number | null = 10_000) {
    const { call, answer } = this.pending.add(method, args, timeoutMs);
    this.remote.send(call);
    return answer;
  }
}
