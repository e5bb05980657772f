import type { EngineApi } from '../../src/shared/contract.ts';
import {
  CALLED_HERE,
  CHANGING_METHODS,
  type CallContext,
  type ServiceApi,
} from '../../worker/services/call.ts';

/** Methods of services as the engine has them for its own thread: without saying who calls. */
export function calledHere<Services extends Partial<ServiceApi>>(
  services: Services,
): Pick<EngineApi, keyof Services & keyof EngineApi> {
  const changing: readonly string[] = CHANGING_METHODS;
  const call: CallContext = { caller: CALLED_HERE };
  const methods = Object.entries(services).map(([name, method]) => {
    const run = method as (...args: unknown[]) => Promise<unknown>;
    return [name, changing.includes(name) ? (...args: unknown[]) => run(call, ...args) : run];
  });
  return Object.fromEntries(methods) as Pick<EngineApi, keyof Services & keyof EngineApi>;
}
