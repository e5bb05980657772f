/** Comlink has types for it under a name that its file does not lead to. */
declare module 'comlink/dist/esm/node-adapter.mjs' {
  const nodeEndpoint: (
    port: import('node:worker_threads').Worker | import('node:worker_threads').MessagePort,
  ) => import('comlink').Endpoint;
  export { nodeEndpoint as default };
}
