import type { BackendFile } from '../backend/backend.ts';
import type { Location } from './offset-table.ts';

/** Places that lie close together are read with one read of up to this many bytes. */
const READ_BYTES = 1_048_576;

/** Reading over a gap this long costs less than a second read. */
const GAP_BYTES = 4_096;

interface Run {
  readonly start: number;
  end: number;
  /** Indexes of the places in the run. */
  readonly members: number[];
}

/**
 * Reads many places of a file with as few reads as possible, and gives the bytes of each to
 * `onPlace`: a view that is only good during the call.
 */
export function readPlaces(
  file: BackendFile,
  places: readonly Location[],
  onPlace: (index: number, bytes: Uint8Array) => void,
): void {
  for (const { start, end, members } of joinNeighbours(places)) {
    const bytes = scratchOf(end - start);
    // What is cut off reads as zeros, not as what was read before.
    bytes.fill(0, file.read(bytes, start));
    for (const index of members) {
      const { offset, length } = placeAt(places, index);
      onPlace(index, bytes.subarray(offset - start, offset - start + length));
    }
  }
}

/** Grows with what was read at once; a new one for each read would be garbage of the size of a log. */
let scratch = new Uint8Array(0);

function scratchOf(length: number): Uint8Array {
  if (length > READ_BYTES) return new Uint8Array(length);
  if (scratch.length < length) scratch = new Uint8Array(length);
  return scratch.subarray(0, length);
}

function joinNeighbours(places: readonly Location[]): Run[] {
  const byOffset = places.map((_, index) => index);
  byOffset.sort((a, b) => placeAt(places, a).offset - placeAt(places, b).offset);
  const runs: Run[] = [];
  for (const index of byOffset) {
    const { offset, length } = placeAt(places, index);
    const run = runs.at(-1);
    if (
      run !== undefined &&
      offset - run.end <= GAP_BYTES &&
      offset + length - run.start <= READ_BYTES
    ) {
      run.end = Math.max(run.end, offset + length);
      run.members.push(index);
    } else {
      runs.push({ start: offset, end: offset + length, members: [index] });
    }
  }
  return runs;
}

function placeAt(places: readonly Location[], index: number): Location {
  return places[index] ?? { offset: 0, length: 0 };
}
