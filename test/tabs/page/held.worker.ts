import { serveHost } from '../../../worker/serve.ts';

/**
 * The packaged worker, which a test can stop in its tracks, as a browser stops the threads of a page
 * that it freezes: it waits, synchronously, for a server's answer.
 */
serveHost();

const orders = new BroadcastChannel(self.name);
orders.onmessage = ({ data: url }: MessageEvent<string>) => {
  const request = new XMLHttpRequest();
  request.open('GET', url, false);
  request.send();
};
