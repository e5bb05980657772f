import * as Comlink from 'comlink';
import { installErrorTransfer } from '../src/shared/wire.ts';
import { createHost } from './host.ts';

/** Serves a storage host over an endpoint: a worker's own scope, or one end of a channel. */
export function serveHost(endpoint?: Comlink.Endpoint): void {
  installErrorTransfer();
  Comlink.expose(createHost(), endpoint);
}
