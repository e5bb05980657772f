import type { EntryType } from '../entry.ts';
import type { EntryIndex } from '../index/entry-index.ts';
import type { TokenizedEntry } from '../index/entry-set.ts';
import { Bitmap } from '../segments/bitmap.ts';
import type { ReadableSegment } from '../segments/readable-segment.ts';
import { ScannedSegment } from './scanned-segment.ts';

/** What a log says behind the place up to which it is indexed. */
interface ScannedLog {
  /** From where it was read, and of which file. */
  readonly start: number;
  epoch: number;
  /** By ordinal: where the last record about a message lies, and its document here or -1. */
  readonly last: Map<number, { readonly offset: number; readonly document: number }>;
}

/**
 * What was found in logs and documents that are not indexed yet, as one more segment of each type for
 * a query. It stands for what the index lacks at the time of the query: what the index has taken in
 * since the scan does not count here, and what it still has of an edited or deleted message does not
 * count there.
 */
export class Backlog {
  readonly #segments: Record<EntryType, ScannedSegment> = {
    message: new ScannedSegment(),
    document: new ScannedSegment(),
  };
  readonly #logs = new Map<string, ScannedLog>();
  /** Logs and documents that are gone, whatever the index has of them. */
  readonly #gone = new Set<string>();
  /** Documents that were read, by what tells their text from another one. */
  readonly #documents = new Map<string, string>();

  segment(type: EntryType): ReadableSegment {
    return this.#segments[type];
  }

  beginLog(key: string, start: number): void {
    this.#logs.set(key, { start, epoch: 0, last: new Map() });
  }

  /** Takes note of a record that lies at `offset`; `null`: the message is gone. */
  addRecord(
    key: string,
    { ordinal, offset, epoch }: { ordinal: number; offset: number; epoch: number },
    entry: TokenizedEntry | null,
  ): void {
    const log = this.#logs.get(key);
    if (log === undefined) return;
    const document = entry === null ? -1 : this.#segments.message.add(entry);
    log.last.set(ordinal, { offset, document });
    log.epoch = epoch;
  }

  /** A log, or a document, is not there any more. */
  addGone(key: string): void {
    this.#gone.add(key);
  }

  /** @param entries those of its chunks that may matter */
  addDocument(key: string, stamp: string, entries: readonly TokenizedEntry[]): void {
    this.#documents.set(key, stamp);
    for (const entry of entries) this.#segments.document.add(entry);
  }

  /** Takes note of how many entries of a type were passed over, see {@link ScannedSegment.passOver}. */
  addSkipped(type: EntryType, count: number, share: number): void {
    this.#segments[type].passOver(count, share);
  }

  /** Whether the index has only gone on since the scan; if not, another scan is needed. */
  fits({ places }: EntryIndex): boolean {
    for (const [key, { start, epoch, last }] of this.#logs) {
      const { offset = 0, epoch: indexed = epoch } = places.get(key) ?? {};
      if (offset < start || (offset > 0 && last.size > 0 && indexed !== epoch)) return false;
    }
    return true;
  }

  /** Which documents of the segment of a type count, now. */
  liveDocuments(type: EntryType, { places, documents }: EntryIndex): Bitmap {
    const live = new Bitmap();
    if (type === 'message') {
      for (const [key, { last }] of this.#logs) {
        const indexed = places.get(key)?.offset ?? 0;
        for (const { offset, document } of last.values()) {
          if (document !== -1 && offset >= indexed) live.add(document);
        }
      }
      return live;
    }
    for (const [key, stamp] of this.#documents) {
      if (documents.get(key) === stamp) continue;
      for (const document of this.#segments.document.documentsOf(key)) live.add(document);
    }
    return live;
  }

  /** Which documents of a segment of the index do not count, now. */
  hiddenDocuments(
    type: EntryType,
    segment: ReadableSegment,
    { places, documents }: EntryIndex,
  ): Bitmap {
    const hidden = new Bitmap();
    const hideAll = (key: string): void => {
      for (const document of segment.documentsOf(key)) hidden.add(document);
    };
    for (const key of this.#gone) hideAll(key);
    if (type === 'document') {
      for (const [key, stamp] of this.#documents) if (documents.get(key) !== stamp) hideAll(key);
      return hidden;
    }
    for (const [key, { last }] of this.#logs) {
      const indexed = places.get(key)?.offset ?? 0;
      for (const [ordinal, { offset }] of last) {
        const document = offset >= indexed ? segment.find(key, ordinal) : -1;
        if (document !== -1) hidden.add(document);
      }
    }
    return hidden;
  }
}
