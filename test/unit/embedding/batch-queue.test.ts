import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchQueue } from '../../../worker/embedding/batch-queue.ts';

/** A vector that says which text it belongs to. */
function vectorOf(text: string): number[] {
  return [text.length, text.codePointAt(0) ?? 0];
}

/** A queue whose batches are run one by one, when the test says so. */
function heldQueue(size: number) {
  const batches: { texts: readonly string[]; release: (error?: Error) => void }[] = [];
  const queue = new BatchQueue({
    dimensions: 2,
    size,
    run: (texts) =>
      new Promise((resolve, reject) => {
        const release = (error?: Error): void =>
          error === undefined ? resolve(Float32Array.from(texts.flatMap(vectorOf))) : reject(error);
        batches.push({ texts, release });
      }),
  });
  return { queue, batches };
}

describe('a batch queue', () => {
  it('gives each call its own vectors, in the order of its texts, whatever runs beside it', async () => {
    const calls = fc.array(fc.array(fc.string({ maxLength: 40 }), { maxLength: 30 }), {
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(calls, fc.integer({ min: 1, max: 9 }), async (texts, size) => {
        let running = 0;
        const queue = new BatchQueue({
          dimensions: 2,
          size,
          run: async (batch) => {
            running += 1;
            expect(running).toBe(1);
            expect(batch.length).toBeLessThanOrEqual(size);
            await Promise.resolve();
            running -= 1;
            return Float32Array.from(batch.flatMap(vectorOf));
          },
        });
        const answers = await Promise.all(texts.map((call) => queue.embed(call)));
        expect(answers.map((answer) => [...answer])).toEqual(
          texts.map((call) => call.flatMap(vectorOf)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('puts texts of like length into a batch', async () => {
    const { queue, batches } = heldQueue(2);
    const answer = queue.embed(['long text', 'b', 'long one', 'a']);
    expect(batches[0]?.texts).toEqual(['b', 'a']);
    batches[0]?.release();
    await expect.poll(() => batches[1]?.texts).toEqual(['long one', 'long text']);
    batches[1]?.release();
    expect([...(await answer)]).toEqual(['long text', 'b', 'long one', 'a'].flatMap(vectorOf));
  });

  it('serves a query between two batches of a longer call', async () => {
    const { queue, batches } = heldQueue(2);
    const messages = queue.embed(['a', 'b', 'c', 'd', 'e']);
    const query = queue.embed(['query']);
    batches[0]?.release();
    await expect.poll(() => batches[1]?.texts).toEqual(['query']);
    batches[1]?.release();
    expect([...(await query)]).toEqual(vectorOf('query'));
    for (const index of [2, 3]) {
      await expect.poll(() => batches[index]).toBeDefined();
      batches[index]?.release();
    }
    expect(await messages).toHaveLength(10);
  });

  it('fails the call whose batch fails, and goes on with the others', async () => {
    const { queue, batches } = heldQueue(2);
    const failing = queue.embed(['a', 'b']);
    const other = queue.embed(['c', 'd', 'e']);
    batches[0]?.release(new Error('out of memory'));
    await expect(failing).rejects.toThrow('out of memory');
    for (const index of [1, 2]) {
      await expect.poll(() => batches[index]).toBeDefined();
      batches[index]?.release();
    }
    expect([...(await other)]).toEqual(['c', 'd', 'e'].flatMap(vectorOf));
  });

  it('refuses an answer of the wrong size', async () => {
    const queue = new BatchQueue({ dimensions: 3, size: 2, run: async () => new Float32Array(3) });
    await expect(queue.embed(['a', 'b'])).rejects.toThrow(RangeError);
  });

  it('rejects what waits, and what comes, once it is closed', async () => {
    const { queue } = heldQueue(1);
    const waiting = queue.embed(['a']);
    queue.close();
    await expect(waiting).rejects.toMatchObject({ code: 'closed' });
    await expect(queue.embed(['b'])).rejects.toMatchObject({ code: 'closed' });
  });
});
