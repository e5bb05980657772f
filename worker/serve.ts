import * as Comlink from 'comlink';
import type { Host, Page } from '../src/shared/host.ts';
import { installErrorTransfer } from '../src/shared/wire.ts';
import { createHost } from './host.ts';

/** Serves a storage host over an endpoint: a worker's own scope, or one end of a channel. */
export function serveHost(endpoint?: Comlink.Endpoint): void {
  installErrorTransfer();
  const host = createHost();
  const call: Host['call'] = (method, args, timeoutMs) =>
    host.call(method, args, timeoutMs).then(handedOver);
  let page: (Page & Partial<Comlink.ProxyMethods>) | undefined;
  const open: Host['open'] = (request, given) => {
    page = given;
    return host.open(request, given);
  };
  const close: Host['close'] = async () => {
    await host.close();
    // In Node, where both sides are one thread, a channel that is open keeps the program running.
    page?.[Comlink.releaseProxy]?.();
    page = undefined;
  };
  Comlink.expose({ ...host, call, open, close }, endpoint);
}

/** Bytes go over to the caller: a copy of each piece of an archive would stay here as garbage. */
function handedOver<T>(answer: T): T {
  return answer instanceof Uint8Array ? Comlink.transfer(answer, [answer.buffer]) : answer;
}
