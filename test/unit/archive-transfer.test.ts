import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportArchive, importArchive } from '../../src/archive-transfer.ts';
import type { EngineCall } from '../../src/connection.ts';
import { FFStorageError, FFValidationError } from '../../src/shared/errors.ts';
import type { FFImportReportDTO, FFProgress } from '../../src/shared/model/backup.ts';

const REPORT: FFImportReportDTO = {
  users: 1,
  sessions: 0,
  messages: 0,
  documents: 0,
  skipped: 0,
  warnings: [],
};

/** An engine that has one archive to give, takes one, and remembers what it was asked. */
function createEngine(archive: readonly Uint8Array[] = [], steps = 3) {
  const calls: string[] = [];
  const received: Uint8Array[] = [];
  const pieces = [...archive];
  let step = 0;
  const answers: Record<string, (...args: never[]) => unknown> = {
    openExport: () => ({ exportId: 'e', estimatedBytes: 1 }),
    readExport: () => pieces.shift() ?? null,
    cancelExport: () => undefined,
    openImport: () => 'i',
    writeImport: (_id: string, bytes: Uint8Array) => void received.push(bytes),
    continueImport: () => {
      step += 1;
      const progress = { doneBytes: step * 10, totalBytes: steps * 10 };
      return step < steps ? progress : { ...progress, report: REPORT };
    },
    cancelImport: () => undefined,
  };
  // As a manager does, it throws at once what its answers throw.
  const call = ((method: string, ...args: never[]) => {
    calls.push(method);
    return Promise.resolve(answers[method]?.(...args));
  }) as unknown as EngineCall;
  return { call, calls, received, answers };
}

async function codeOf(outcome: Promise<unknown>): Promise<string> {
  const error: unknown = await outcome.then(
    () => new Error('It succeeded.'),
    (reason: unknown) => reason,
  );
  if (error instanceof FFStorageError) return error.code;
  throw error;
}

const join = (pieces: readonly Uint8Array[]) => pieces.flatMap((piece) => [...piece]);

describe('an export', () => {
  const pieces = [Uint8Array.of(1, 2), Uint8Array.of(3), Uint8Array.of(4, 5, 6)];

  it('gives what the engine gives, and tells how much so far', async () => {
    const { call, calls } = createEngine(pieces);
    const progress: FFProgress[] = [];
    const stream = await exportArchive(call, {}, { onProgress: (next) => progress.push(next) });
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    expect([...bytes]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(progress).toEqual([{ doneBytes: 2 }, { doneBytes: 3 }, { doneBytes: 6 }]);
    expect(calls).toEqual(['openExport', ...Array<string>(4).fill('readExport')]);
  });

  it('asks for nothing ahead of its reader', async () => {
    const { call, calls } = createEngine(pieces);
    const reader = (await exportArchive(call, {}, {})).getReader();
    expect(calls).toEqual(['openExport']);
    await reader.read();
    expect(calls).toEqual(['openExport', 'readExport']);
  });

  it('ends in the engine too when it is cancelled', async () => {
    const { call, calls } = createEngine(pieces);
    const reader = (await exportArchive(call, {}, {})).getReader();
    await reader.read();
    await reader.cancel();
    expect(calls.at(-1)).toBe('cancelExport');
  });

  it('fails with aborted when its signal fires, read or not', async () => {
    const { call, calls } = createEngine(pieces);
    const controller = new AbortController();
    const stream = await exportArchive(call, {}, { signal: controller.signal });
    const reader = stream.getReader();
    await reader.read();
    controller.abort('enough');
    expect(await codeOf(reader.read())).toBe('aborted');
    expect(calls.filter((method) => method === 'cancelExport')).toHaveLength(1);
  });

  it('does not begin when its signal has fired, and ends when it fires at the beginning', async () => {
    const { call, calls, answers } = createEngine(pieces);
    expect(await codeOf(exportArchive(call, {}, { signal: AbortSignal.abort() }))).toBe('aborted');
    expect(calls).toEqual([]);

    const controller = new AbortController();
    answers['openExport'] = () => {
      controller.abort();
      return { exportId: 'e', estimatedBytes: 1 };
    };
    const { signal } = controller;
    expect(await codeOf(exportArchive(call, {}, { signal }))).toBe('aborted');
    expect(calls).toEqual(['openExport', 'cancelExport']);
  });

  it('fails as the engine fails', async () => {
    const { call, calls, answers } = createEngine(pieces);
    answers['readExport'] = () => {
      throw new FFStorageError('damaged', { code: 'corrupt' });
    };
    const stream = await exportArchive(call, {}, {});
    expect(await codeOf(stream.getReader().read())).toBe('corrupt');
    expect(calls.at(-1)).toBe('cancelExport');
  });
});

describe('an import', () => {
  it('sends a blob whole and in order, in pieces that are not too long', async () => {
    const { call, received } = createEngine();
    const bytes = Uint8Array.from({ length: 700_000 }, (_, index) => index % 251);
    expect(await importArchive(call, new Blob([bytes]), {}, {})).toBe(REPORT);
    expect(Buffer.concat(received).equals(bytes)).toBe(true);
    expect(Math.max(...received.map(({ length }) => length))).toBeLessThanOrEqual(262_144);
  });

  it('sends of a large buffer only the part that was meant', async () => {
    const { call, received } = createEngine();
    const buffer = new Uint8Array(1_000_000).fill(7);
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(buffer.subarray(10, 400_010));
        controller.close();
      },
    });
    await importArchive(call, stream, {}, {});
    expect(received.map(({ buffer: { byteLength } }) => byteLength)).toEqual([262_144, 137_856]);
  });

  it('tells how far it is: never less than before, and all of it at the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (chunks, steps, asBlob) => {
          const { call, received } = createEngine([], steps);
          const progress: FFProgress[] = [];
          const blob = new Blob(chunks as Uint8Array<ArrayBuffer>[]);
          const onProgress = (next: FFProgress) => void progress.push(next);
          await importArchive(call, asBlob ? blob : blob.stream(), {}, { onProgress });
          expect(join(received)).toEqual(join(chunks));
          const done = progress.map(({ doneBytes }) => doneBytes);
          expect(done).toEqual([...done].sort((a, b) => a - b));
          expect(progress.at(-1)).toEqual({ doneBytes: blob.size, totalBytes: blob.size });
          // How long a stream is, is known when it has been read.
          const known = asBlob ? [blob.size] : [undefined, blob.size];
          for (const { totalBytes } of progress) expect(known).toContain(totalBytes);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('does not begin when its signal has fired, and lets go of its source', async () => {
    const { call, calls } = createEngine();
    let cancelled = false;
    const stream = new ReadableStream({ cancel: () => void (cancelled = true) });
    const imported = importArchive(call, stream, {}, { signal: AbortSignal.abort() });
    expect(await codeOf(imported)).toBe('aborted');
    expect(calls).toEqual([]);
    expect(cancelled).toBe(true);
  });

  it('ends when its signal fires while its source is silent', async () => {
    const { call, calls } = createEngine();
    const controller = new AbortController();
    const stream = new ReadableStream({ pull: () => controller.abort() }, { highWaterMark: 0 });
    const imported = importArchive(call, stream, {}, { signal: controller.signal });
    expect(await codeOf(imported)).toBe('aborted');
    expect(calls).toEqual(['openImport', 'cancelImport']);
  });

  /** Imports while the signal fires during the given one of three steps. */
  function abortInStep(step: number) {
    const { call, calls, answers } = createEngine([], 3);
    const controller = new AbortController();
    const next = answers['continueImport'];
    let count = 0;
    answers['continueImport'] = () => {
      count += 1;
      if (count === step) controller.abort();
      return next?.();
    };
    const { signal } = controller;
    return { calls, imported: importArchive(call, new Blob(['zip']), {}, { signal }) };
  }

  it('ends when its signal fires before the last step', async () => {
    const { calls, imported } = abortInStep(2);
    expect(await codeOf(imported)).toBe('aborted');
    expect(calls.at(-1)).toBe('cancelImport');
  });

  it('is done when its signal fires in the last step', async () => {
    const { calls, imported } = abortInStep(3);
    expect(await imported).toBe(REPORT);
    expect(calls).not.toContain('cancelImport');
  });

  it('ends both sides when the engine refuses a piece', async () => {
    const { call, calls, answers } = createEngine();
    answers['writeImport'] = () => {
      throw new FFStorageError('full', { code: 'quota' });
    };
    let cancelled = false;
    const stream = new ReadableStream(
      {
        pull: (controller) => controller.enqueue(Uint8Array.of(1)),
        cancel: () => void (cancelled = true),
      },
      { highWaterMark: 0 },
    );
    expect(await codeOf(importArchive(call, stream, {}, {}))).toBe('quota');
    expect(cancelled).toBe(true);
    expect(calls.at(-1)).toBe('cancelImport');
  });

  it('says so when its source fails, or gives what is no bytes', async () => {
    const { call, calls } = createEngine();
    const failing = new ReadableStream({ start: (controller) => controller.error(new Error('x')) });
    expect(await codeOf(importArchive(call, failing, {}, {}))).toBe('io');
    const texts = new ReadableStream({ start: (controller) => controller.enqueue('zip') });
    await expect(importArchive(call, texts, {}, {})).rejects.toThrow(FFValidationError);
    expect(calls.filter((method) => method === 'cancelImport')).toHaveLength(2);
  });

  it('fails as the engine fails, also where it cannot even be cancelled', async () => {
    const closed = () => {
      throw new FFStorageError('closed', { code: 'closed' });
    };
    const { call, answers } = createEngine();
    answers['writeImport'] = () => {
      answers['cancelImport'] = closed;
      throw new FFStorageError('gone', { code: 'worker-lost' });
    };
    expect(await codeOf(importArchive(call, new Blob(['zip']), {}, {}))).toBe('worker-lost');
    // A manager that is closed throws before there is a promise.
    const refuse = closed as unknown as EngineCall;
    expect(await codeOf(importArchive(refuse, new Blob(['zip']), {}, {}))).toBe('closed');
    expect(await codeOf(exportArchive(refuse, {}, {}))).toBe('closed');
  });

  it('ends when whoever follows it throws', async () => {
    const { call, calls } = createEngine();
    const onProgress = () => {
      throw new RangeError('no more');
    };
    const imported = importArchive(call, new Blob(['zip']), {}, { onProgress });
    await expect(imported).rejects.toThrow(RangeError);
    expect(calls.at(-1)).toBe('cancelImport');
  });
});
