import { Bitmap } from '../segments/bitmap.ts';
import type { Segment } from '../segments/segment.ts';
import type { EntryType } from '../entry.ts';
import type { SegmentEntry } from './manifest.ts';
import type { MergeCandidate } from './merge-policy.ts';

/** What has become of a segment that was merged. */
interface Successor {
  readonly segment: StoredSegment;
  /** By the number of the document here; -1 for one that was dead already. */
  readonly documents: Int32Array;
}

/** A segment in a file, and which of its documents still count. */
export class StoredSegment implements MergeCandidate {
  readonly number: number;
  readonly type: EntryType;
  readonly segment: Segment;
  readonly #dead: Bitmap;
  #successor: Successor | undefined;

  constructor(number: number, type: EntryType, segment: Segment, dead = new Bitmap()) {
    this.number = number;
    this.type = type;
    this.segment = segment;
    this.#dead = dead;
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
    if (this.#dead.count === 0) return { number, type };
    const bytes = Array.from(this.#dead.toBytes(), (byte) => String.fromCharCode(byte));
    return { number, type, dead: btoa(bytes.join('')) };
  }
}

export function segmentFile(number: number): string {
  return `${number}.segment`;
}

/** The bitmap that {@link StoredSegment.toEntry} has written. */
export function readDead({ dead = '' }: SegmentEntry): Bitmap {
  return dead === ''
    ? new Bitmap()
    : Bitmap.fromBytes(Uint8Array.from(atob(dead), (char) => char.charCodeAt(0)));
}
