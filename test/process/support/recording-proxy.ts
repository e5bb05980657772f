import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy through which a browser reaches one origin, and that hears of whatever else it asks for. */
export interface RecordingProxy {
  readonly url: string;
  /** Paths that the origin was asked for. */
  readonly own: string[];
  /** What was asked of anybody else, all of it in vain. */
  readonly foreign: string[];
  close(): Promise<void>;
}

/** Starts one. Unlike an interception in the page it misses no worker, however deep it is nested. */
export async function startProxy(origin: string): Promise<RecordingProxy> {
  const own: string[] = [];
  const foreign: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://proxy.invalid');
    if (url.origin === origin) {
      own.push(url.pathname);
      forward(incoming, outgoing, url);
    } else {
      foreign.push(url.href);
      outgoing.writeHead(403).end();
    }
  });
  // HTTPS, and WebSockets: with one of these a development server tells its page of changed files.
  server.on('connect', ({ url = '' }, socket) => {
    if (url !== new URL(origin).host) foreign.push(url);
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    own,
    foreign,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, url: URL): void {
  const { method = 'GET', headers } = incoming;
  const forwarded = request(url, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  forwarded.on('error', () => outgoing.destroy());
  incoming.pipe(forwarded);
}
