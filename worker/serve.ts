import * as Comlink from 'comlink';
import type { Host } from '../src/shared/contract.ts';
import { installErrorTransfer } from '../src/shared/wire.ts';
import { createHost } from './host.ts';

/** Serves a storage host over an endpoint: a worker's own scope, or one end of a channel. */
export function serveHost(endpoint?: Comlink.Endpoint): void {
  installErrorTransfer();
  const host = createHost();
  const call: Host['call'] = (method, args) => host.call(method, args).then(handedOver);
  Comlink.expose({ ...host, call }, endpoint);
}

/** Bytes go over to the caller: a copy of each piece of an archive would stay here as garbage. */
function handedOver<T>(answer: T): T {
  return answer instanceof Uint8Array ? Comlink.transfer(answer, [answer.buffer]) : answer;
}
