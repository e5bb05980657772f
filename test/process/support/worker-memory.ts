import type { Page } from 'playwright';

/** What a piece of work came to. */
export interface Measured<T> {
  readonly value: T;
  /** The most that the worker's memory was above what it was before, of all samples. */
  readonly growthBytes: number;
  readonly samples: number;
  readonly seconds: number;
}

/** Samples the memory of the page's newest dedicated worker. */
export interface WorkerMemory {
  during<T>(work: () => Promise<T>): Promise<Measured<T>>;
}

const SAMPLE_MS = 25;

interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize?: number;
  readonly backingStorageSize?: number;
}

/** Begins to follow a page's workers; call it before they start. */
export async function watchWorkerMemory(page: Page): Promise<WorkerMemory> {
  const session = await page.context().newCDPSession(page);
  const waiting = new Map<number, (message: { result: unknown }) => void>();
  let worker: string | undefined;
  let lastId = 0;

  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') worker = sessionId;
  });
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const parsed = JSON.parse(message) as { id: number; result: unknown };
    waiting.get(parsed.id)?.(parsed);
  });
  // Not flattened: a session of Playwright's cannot speak for another one.
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });

  async function ask(method: string): Promise<unknown> {
    if (worker === undefined) throw new Error('The page has no worker.');
    const id = ++lastId;
    const answer = new Promise<{ result: unknown }>((resolve) => waiting.set(id, resolve));
    const message = JSON.stringify({ id, method });
    await session.send('Target.sendMessageToTarget', { sessionId: worker, message });
    const { result } = await answer;
    waiting.delete(id);
    return result;
  }

  /** The heap with what it refers to outside: the buffers that bytes are in. */
  async function sample(): Promise<number> {
    const usage = (await ask('Runtime.getHeapUsage')) as HeapUsage;
    return usage.usedSize + (usage.embedderHeapUsedSize ?? 0) + (usage.backingStorageSize ?? 0);
  }

  return {
    during: async (work) => {
      await ask('HeapProfiler.enable');
      await ask('HeapProfiler.collectGarbage');
      const baseline = await sample();
      const start = performance.now();
      let peak = baseline;
      let samples = 0;
      let isDone = false;
      const sampling = (async () => {
        while (!isDone) {
          peak = Math.max(peak, await sample());
          samples++;
          await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
        }
      })();
      try {
        const value = await work();
        const seconds = (performance.now() - start) / 1_000;
        return { value, growthBytes: peak - baseline, samples, seconds };
      } finally {
        isDone = true;
        await sampling;
      }
    },
  };
}
