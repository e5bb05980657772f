/** Runs before the code of every worker, and remembers the memories that modules make or export. */
export const FOLLOW_WASM = `if (!('benchmarkWasmBytes' in globalThis)) {
  const memories = new Set();
  const { Memory, Instance, instantiate, instantiateStreaming } = WebAssembly;
  const exported = (instance) => {
    for (const value of Object.values(instance.exports)) {
      if (value instanceof Memory) memories.add(new WeakRef(value));
    }
    return instance;
  };
  const resolved = async (promise) => {
    const result = await promise;
    exported(result.instance ?? result);
    return result;
  };
  WebAssembly.Memory = new Proxy(Memory, {
    construct: (target, args) => {
      const memory = new target(...args);
      memories.add(new WeakRef(memory));
      return memory;
    },
  });
  WebAssembly.Instance = new Proxy(Instance, {
    construct: (target, args) => exported(new target(...args)),
  });
  WebAssembly.instantiate = (...args) => resolved(instantiate(...args));
  WebAssembly.instantiateStreaming = (...args) => resolved(instantiateStreaming(...args));
  globalThis.benchmarkWasmBytes = () => {
    const alive = [...memories].flatMap((reference) => reference.deref() ?? []);
    return [...new Set(alive)].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  };
}`;

// Not flattened: a session of Playwright's cannot speak for another one.
const AUTO_ATTACH = { autoAttach: true, waitForDebuggerOnStart: false, flatten: false };

/**
 * The bytes that a page's workers, and theirs, have in use after a garbage collection: their heaps
 * with the buffers that these refer to, and the memory of WebAssembly. The workers must have been
 * built with {@link FOLLOW_WASM}: no figure of a heap includes it, and asking a worker for its
 * objects crashes Chromium 156.
 *
 * @param {import('playwright').Page} page
 */
export async function measureWorkerMemory(page) {
  const session = await page.context().newCDPSession(page);
  const target = new Target((method, params) =>
    // Playwright's types list each method with its parameters.
    session.send(/** @type {'Target.setAutoAttach'} */ (method), /** @type {never} */ (params)),
  );
  session.on('Target.attachedToTarget', (params) => target.attached(params));
  session.on('Target.receivedMessageFromTarget', (params) => target.received(params));
  try {
    return await target.workersBytes();
  } finally {
    await session.detach();
  }
}

/** A page or a worker, as the parent of workers. */
class Target {
  #ask;
  /** @type {Map<string, WorkerTarget>} */
  #workerById = new Map();

  /** @param {(method: string, params: object) => Promise<unknown>} ask */
  constructor(ask) {
    this.#ask = ask;
  }

  /** @returns {Promise<number>} of the workers below it */
  async workersBytes() {
    // It answers when everything that is there has been attached.
    await this.#ask('Target.setAutoAttach', AUTO_ATTACH);
    let bytes = 0;
    for (const worker of this.#workerById.values()) bytes += await worker.bytes();
    return bytes;
  }

  /** @param {{ sessionId: string, targetInfo: { type: string } }} params */
  attached({ sessionId, targetInfo }) {
    if (targetInfo.type !== 'worker') return;
    const worker = new WorkerTarget(async (message) => {
      await this.#ask('Target.sendMessageToTarget', { sessionId, message });
    });
    this.#workerById.set(sessionId, worker);
  }

  /** @param {{ sessionId: string, message: string }} params */
  received({ sessionId, message }) {
    this.#workerById.get(sessionId)?.receive(JSON.parse(message));
  }
}

/**
 * @typedef {object} HeapUsage
 * @property {number} usedSize
 * @property {number} [embedderHeapUsedSize]
 * @property {number} [backingStorageSize]
 */

class WorkerTarget {
  #send;
  #target = new Target((method, params) => this.#ask(method, params));
  #lastId = 0;
  /** @type {Map<number, (result: unknown) => void>} */
  #waiting = new Map();

  /** @param {(message: string) => Promise<void>} send */
  constructor(send) {
    this.#send = send;
  }

  /** @returns {Promise<number>} its own, and those of the workers below it */
  async bytes() {
    await this.#ask('HeapProfiler.enable');
    await this.#ask('HeapProfiler.collectGarbage');
    await this.#ask('HeapProfiler.disable');
    const usage = /** @type {HeapUsage} */ (await this.#ask('Runtime.getHeapUsage'));
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = usage;
    const evaluated = /** @type {{ result: { value: number } }} */ (
      await this.#ask('Runtime.evaluate', { expression: 'benchmarkWasmBytes()' })
    );
    const own = usedSize + embedderHeapUsedSize + backingStorageSize + evaluated.result.value;
    return own + (await this.#target.workersBytes());
  }

  /** @param {{ id?: number, result?: unknown, method?: string, params?: never }} message */
  receive({ id, result, method, params }) {
    if (id !== undefined) {
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    } else if (params !== undefined) {
      if (method === 'Target.attachedToTarget') this.#target.attached(params);
      if (method === 'Target.receivedMessageFromTarget') this.#target.received(params);
    }
  }

  /**
   * @param {string} method
   * @param {object} [params]
   */
  async #ask(method, params = {}) {
    const id = ++this.#lastId;
    const answer = new Promise((resolve) => this.#waiting.set(id, resolve));
    await this.#send(JSON.stringify({ id, method, params }));
    return answer;
  }
}
