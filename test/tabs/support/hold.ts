import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that answers when it is told to. */
export interface Hold {
  readonly url: string;
  /** Resolves when somebody waits for the answer. */
  readonly reached: Promise<void>;
  release(): void;
  close(): Promise<void>;
}

export async function startHold(): Promise<Hold> {
  const waiting: ServerResponse[] = [];
  let reach = (): void => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const server = createServer((_, response) => {
    waiting.push(response);
    reach();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const release = (): void => {
    for (const response of waiting.splice(0)) {
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.end();
    }
  };
  return {
    url: `http://127.0.0.1:${port}/`,
    reached,
    release,
    close: async () => {
      release();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
