/**
 * The memory of a page's workers, and of theirs.
 *
 * @typedef {object} WorkerMemory
 * @property {() => Promise<number>} measure bytes that are in use after a garbage collection: the
 *   heaps with what they refer to outside, which is buffers and the memory of WebAssembly
 */

/**
 * Begins to follow a page's workers; call it before they start. They start later for it, so that
 * this is no page to measure times on.
 *
 * @param {import('playwright').Page} page
 * @returns {Promise<WorkerMemory>}
 */
export async function watchWorkerMemory(page) {
  const session = await page.context().newCDPSession(page);
  /** @type {Set<WorkerTarget>} */
  const workers = new Set();
  const root = new TargetTree(
    (sessionId, message) =>
      session.send('Target.sendMessageToTarget', { sessionId, message }).then(() => undefined),
    workers,
  );
  session.on('Target.attachedToTarget', (params) => root.attached(params));
  session.on('Target.detachedFromTarget', (params) => root.detached(params));
  session.on('Target.receivedMessageFromTarget', (params) => root.received(params));
  await session.send('Target.setAutoAttach', AUTO_ATTACH);
  return {
    measure: async () => {
      let bytes = 0;
      for (const worker of workers) bytes += await worker.usedBytes();
      return bytes;
    },
  };
}

// Workers wait until they are followed. Not flattened: a session of Playwright's cannot speak for
// another one.
const AUTO_ATTACH = { autoAttach: true, waitForDebuggerOnStart: true, flatten: false };

/** Runs before a worker's own code, and remembers the memories that modules make or export. */
const FOLLOW_WASM = `{
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

/** The targets that belong to a page or a worker. */
class TargetTree {
  #send;
  #workers;
  /** @type {Map<string, WorkerTarget>} */
  #targetById = new Map();

  /**
   * @param {(sessionId: string, message: string) => Promise<void>} send
   * @param {Set<WorkerTarget>} workers
   */
  constructor(send, workers) {
    this.#send = send;
    this.#workers = workers;
  }

  /** @param {{ sessionId: string, targetInfo: { type: string } }} params */
  attached({ sessionId, targetInfo }) {
    if (targetInfo.type !== 'worker') return;
    const target = new WorkerTarget(
      (message) => this.#send(sessionId, JSON.stringify(message)),
      this.#workers,
    );
    this.#targetById.set(sessionId, target);
    this.#workers.add(target);
    // It may end before it has answered.
    target.start().catch(() => undefined);
  }

  /** @param {{ sessionId: string }} params */
  detached({ sessionId }) {
    const target = this.#targetById.get(sessionId);
    if (target !== undefined) {
      this.#workers.delete(target);
      target.end();
    }
    this.#targetById.delete(sessionId);
  }

  /** @param {{ sessionId: string, message: string }} params */
  received({ sessionId, message }) {
    this.#targetById.get(sessionId)?.receive(JSON.parse(message));
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
  #children;
  #lastId = 0;
  /** @type {Map<number, { resolve: (result: unknown) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();

  /**
   * @param {(message: object) => Promise<void>} send
   * @param {Set<WorkerTarget>} workers
   */
  constructor(send, workers) {
    this.#send = send;
    this.#children = new TargetTree(async (sessionId, message) => {
      await this.#ask('Target.sendMessageToTarget', { sessionId, message });
    }, workers);
  }

  /** Lets it begin, followed together with the workers that it will start. */
  async start() {
    await Promise.all([
      this.#ask('Runtime.evaluate', { expression: FOLLOW_WASM }),
      this.#ask('Target.setAutoAttach', AUTO_ATTACH),
      this.#ask('Runtime.runIfWaitingForDebugger'),
    ]);
  }

  /** Whoever waits for an answer would wait for ever. */
  end() {
    for (const { reject } of this.#waiting.values()) reject(new Error('The worker has ended.'));
    this.#waiting.clear();
  }

  async usedBytes() {
    await this.#ask('HeapProfiler.enable');
    await this.#ask('HeapProfiler.collectGarbage');
    const usage = /** @type {HeapUsage} */ (await this.#ask('Runtime.getHeapUsage'));
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = usage;
    return usedSize + embedderHeapUsedSize + backingStorageSize + (await this.#wasmBytes());
  }

  /** What no figure of the heap includes. */
  async #wasmBytes() {
    const expression = 'benchmarkWasmBytes()';
    const { result } = /** @type {{ result: { value: number } }} */ (
      await this.#ask('Runtime.evaluate', { expression })
    );
    return result.value;
  }

  /** @param {{ id?: number, result?: unknown, method?: string, params?: never }} message */
  receive({ id, result, method, params }) {
    if (id !== undefined) {
      this.#waiting.get(id)?.resolve(result);
      this.#waiting.delete(id);
    } else if (params !== undefined) {
      if (method === 'Target.attachedToTarget') this.#children.attached(params);
      if (method === 'Target.detachedFromTarget') this.#children.detached(params);
      if (method === 'Target.receivedMessageFromTarget') this.#children.received(params);
    }
  }

  /**
   * @param {string} method
   * @param {object} [params]
   */
  async #ask(method, params = {}) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params }).catch(reject);
    });
  }
}
