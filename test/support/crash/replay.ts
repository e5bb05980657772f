import type { FaultyBackend } from '../faulty-backend.ts';
import { Frontier, LOSSES, type DiskEvent, type Kept } from './frontier.ts';
import { below, createRandom } from './random.ts';

/** A disk after a crash, and where that was. */
export interface CrashedDisk {
  /** How many changes were done before the one that was under way. */
  readonly step: number;
  readonly ending: Ending;
  /** How the process ended, and what of the changes is left; for a message. */
  readonly how: string;
  readonly content: ReadonlyMap<string, Uint8Array>;
}

/** What is left after a crash, by how it came. */
export const ENDINGS = ['process', 'flushed', ...LOSSES] as const;

export type Ending = (typeof ENDINGS)[number];

/**
 * The disks that a crash at each change of a recorded run could leave. The run is not repeated: what is
 * on a disk follows from what was asked of it.
 *
 * - `process`: the process ends, with any beginning of a write that is under way.
 * - `flushed`: a power cut, and nothing is kept that was not flushed.
 * - any {@link Loss}: a power cut, and of what was not flushed luck keeps some.
 *
 * @param endingsOf which of them to try at a step; default: all
 */
export function* crashEverywhere(
  content: ReadonlyMap<string, Uint8Array>,
  events: readonly DiskEvent[],
  seed: number,
  endingsOf: (step: number) => readonly Ending[] = () => ENDINGS,
): Generator<CrashedDisk> {
  const disk = new Frontier(content);
  const random = createRandom(seed);
  for (const [step, event] of events.entries()) {
    for (const ending of endingsOf(step)) {
      const during = underWay(disk, event, ending === 'process' ? random : undefined);
      const kept: Kept =
        ending === 'process'
          ? 'written'
          : ending === 'flushed'
            ? 'flushed'
            : { loss: ending, random };
      const how = `${ending} at ${event.kind} ${event.path}`;
      yield { step, ending, how, content: during.survivors(kept) };
    }
    disk.apply(event);
  }
}

/** The disk in the middle of a change: none of it, all of it, or of a write a beginning is there. */
function underWay(disk: Frontier, event: DiskEvent, random?: () => number): Frontier {
  // A flush that did not end has promised nothing.
  if (event.kind === 'flush') return disk;
  const during = disk.fork();
  if (random === undefined) during.apply(event);
  else if (event.kind !== 'write') {
    if (random() < 0.5) during.apply(event);
  } else {
    const count = below(random, event.bytes.length + 1);
    during.apply({ ...event, bytes: event.bytes.subarray(0, count) });
  }
  return during;
}

/** So many of the endings, others at each step, so that all of them come up as often. */
export function endingsAt(step: number, count: number): Ending[] {
  return Array.from(
    { length: count },
    (_, index) => ENDINGS[(step * count + index) % ENDINGS.length] ?? 'process',
  );
}

/** What is on a disk. */
export function contentOf(disk: FaultyBackend): Map<string, Uint8Array> {
  return new Map(disk.paths.map((path) => [path, disk.bytesOf(path) ?? new Uint8Array(0)]));
}
