import type { BackendFile } from '../../backend/backend.ts';
import type { EntryType } from '../entry.ts';
import { Bitmap } from '../segments/bitmap.ts';
import { DamagedIndexError } from '../segments/checked-file.ts';
import { Segment } from '../segments/segment.ts';
import type { SegmentEntry } from './manifest.ts';
import type { MergeCandidate } from './merge-policy.ts';

/** What has become of a segment that was merged. */
interface Successor {
  readonly segment: StoredSegment;
  /** By the number of the document here; -1 for one that was dead already. */
  readonly documents: Int32Array;
}

/** A segment's file ends with the checksum of what its pages are checked by. */
const CHECKSUM_BYTES = 4;

/** A segment in a file, and which of its documents still count. */
export class StoredSegment implements MergeCandidate {
  readonly number: number;
  readonly type: EntryType;
  readonly segment: Segment;
  readonly #checksum: number;
  readonly #dead: Bitmap;
  #successor: Successor | undefined;

  private constructor(
    number: number,
    type: EntryType,
    segment: Segment,
    checksum: number,
    dead: Bitmap,
  ) {
    this.number = number;
    this.type = type;
    this.segment = segment;
    this.#checksum = checksum;
    this.#dead = dead;
  }

  /** Takes a file that was just written. */
  static ofNew(number: number, type: EntryType, file: BackendFile): StoredSegment {
    return new StoredSegment(number, type, Segment.open(file), checksumOf(file), new Bitmap());
  }

  /** @throws DamagedIndexError when the file is damaged, or another one than {@link toEntry} was of */
  static open(entry: SegmentEntry, file: BackendFile): StoredSegment {
    const { number, type, checksum } = entry;
    const segment = Segment.open(file);
    if (checksumOf(file) !== checksum) {
      throw new DamagedIndexError(`${segmentFile(number)} is another file than it was.`);
    }
    return new StoredSegment(number, type, segment, checksum, readDead(entry));
  }

  get fileName(): string {
    return segmentFile(this.number);
  }

  get documentCount(): number {
    return this.segment.documentCount;
  }

  get liveCount(): number {
    return this.documentCount - this.#dead.count;
  }

  isLive(document: number): boolean {
    return !this.#dead.has(document);
  }

  /** Takes a document out, also of the segment that this one was merged into meanwhile. */
  kill(document: number): void {
    this.#dead.add(document);
    const successor = this.#successor?.documents[document] ?? -1;
    if (successor !== -1) this.#successor?.segment.kill(successor);
  }

  /** From now on another segment holds what was live here when it was made. */
  replaceBy(segment: StoredSegment, documents: Int32Array): void {
    this.#successor = { segment, documents };
    for (const [document, successor] of documents.entries()) {
      // It died while the other one was being written.
      if (successor !== -1 && !this.isLive(document)) segment.kill(successor);
    }
  }

  toEntry(): SegmentEntry {
    const { number, type } = this;
    const checksum = this.#checksum;
    if (this.#dead.count === 0) return { number, type, checksum };
    const bytes = Array.from(this.#dead.toBytes(), (byte) => String.fromCharCode(byte));
    return { number, type, checksum, dead: btoa(bytes.join('')) };
  }
}

export function segmentFile(number: number): string {
  return `${number}.segment`;
}

function checksumOf(file: BackendFile): number {
  const bytes = new Uint8Array(CHECKSUM_BYTES);
  file.read(bytes, file.size() - CHECKSUM_BYTES);
  return new DataView(bytes.buffer).getUint32(0, true);
}

/** The bitmap that {@link StoredSegment.toEntry} has written. */
function readDead({ dead = '' }: SegmentEntry): Bitmap {
  return dead === ''
    ? new Bitmap()
    : Bitmap.fromBytes(Uint8Array.from(atob(dead), (char) => char.charCodeAt(0)));
}
