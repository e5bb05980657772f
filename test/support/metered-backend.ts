import type { Backend, BackendFile } from '../../worker/backend/backend.ts';

/** What was asked of a backend. */
export interface Meter {
  opens: number;
  closes: number;
  reads: number;
  bytesRead: number;
  writes: number;
  bytesWritten: number;
  flushes: number;
}

/** A backend that counts what is asked of it, file by file. */
export interface MeteredBackend extends Backend {
  /** The sum over the files whose path ends so; over all files by default. */
  meter(pathEnd?: string): Meter;
  /** Files that are open. */
  readonly openCount: number;
  /** Starts to count anew. */
  reset(): void;
}

/** Wraps a backend, which the result owns. */
export function createMeteredBackend(backend: Backend): MeteredBackend {
  const meterByPath = new Map<string, Meter>();
  let openCount = 0;

  const meterOf = (path: string): Meter => {
    let meter = meterByPath.get(path);
    if (meter === undefined) meterByPath.set(path, (meter = createMeter()));
    return meter;
  };

  const meterFile = (path: string, file: BackendFile): BackendFile => {
    let open = true;
    meterOf(path).opens++;
    openCount++;
    return {
      size: () => file.size(),
      read: (into, at) => {
        const read = file.read(into, at);
        const meter = meterOf(path);
        meter.reads++;
        meter.bytesRead += read;
        return read;
      },
      write: (bytes, at) => {
        const meter = meterOf(path);
        meter.writes++;
        meter.bytesWritten += bytes.length;
        file.write(bytes, at);
      },
      truncate: (size) => file.truncate(size),
      flush: () => {
        meterOf(path).flushes++;
        return file.flush();
      },
      close: async () => {
        if (open) {
          open = false;
          meterOf(path).closes++;
          openCount--;
        }
        await file.close();
      },
    };
  };

  return {
    kind: backend.kind,
    keepsUnflushedWrites: backend.keepsUnflushedWrites,
    open: async (path, options) => {
      const file = await backend.open(path, options);
      return file === null ? null : meterFile(path, file);
    },
    remove: (path) => backend.remove(path),
    list: (path) => backend.list(path),
    close: () => backend.close(),

    meter: (pathEnd = '') => {
      const sum = createMeter();
      for (const [path, meter] of meterByPath) {
        if (!path.endsWith(pathEnd)) continue;
        for (const key of METER_KEYS) sum[key] += meter[key];
      }
      return sum;
    },
    get openCount() {
      return openCount;
    },
    reset: () => meterByPath.clear(),
  };
}

function createMeter(): Meter {
  return {
    opens: 0,
    closes: 0,
    reads: 0,
    bytesRead: 0,
    writes: 0,
    bytesWritten: 0,
    flushes: 0,
  };
}

const METER_KEYS = Object.keys(createMeter()) as (keyof Meter)[];
