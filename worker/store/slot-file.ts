import type { BackendFile } from '../backend/backend.ts';
import type { HandleCache } from './handle-cache.ts';
import { decodeRecord, encodeRecord, type LogRecord, type RecordBody } from './record.ts';

/** Bytes of a slot, and so the most that the value's line may take. */
export const SLOT_BYTES = 16_384;

const NEWLINE = 0x0a;

interface SlotRecord extends LogRecord, RecordBody {
  readonly value: unknown;
}

/**
 * A small value that is replaced whole or not at all. The file has two slots; a write goes to the one
 * that does not hold the current value, so that a crash in its middle leaves that value readable.
 * Each slot is a record whose sequence number is the generation; the higher valid one counts.
 *
 * Renaming a new file over the old would be the usual way, but OPFS has no rename that works
 * everywhere and while a handle is open.
 */
export class SlotFile<T> {
  readonly #path: string;
  readonly #files: HandleCache;
  #generation: number;
  #value: T | undefined;
  #state: 'missing' | 'unreadable' | 'ok';
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, files: HandleCache, found: SlotRecord | 'missing' | undefined) {
    this.#path = path;
    this.#files = files;
    const record = found === 'missing' ? undefined : found;
    this.#generation = record?.seq ?? 0;
    this.#value = record?.value as T | undefined;
    this.#state = record !== undefined ? 'ok' : found === 'missing' ? 'missing' : 'unreadable';
  }

  static async open<T>(path: string, files: HandleCache): Promise<SlotFile<T>> {
    const found = await files.use(path, (file) =>
      // The very first write may have been cut short: an empty file holds no value yet.
      file.size() === 0 ? ('missing' as const) : newest(file),
    );
    return new SlotFile(path, files, found === null ? 'missing' : found);
  }

  /** `unreadable`: both slots are damaged, or the very first write was cut short. */
  get state(): 'missing' | 'unreadable' | 'ok' {
    return this.#state;
  }

  /** The current value; `undefined` unless {@link state} is `ok`. */
  get value(): T | undefined {
    return this.#value;
  }

  /** Replaces the value; durable when it resolves. Writes happen in the order of the calls. */
  async write(value: T): Promise<void> {
    const write = this.#writing.then(() => this.#writeNext(value));
    this.#writing = write.catch(() => undefined);
    return write;
  }

  async #writeNext(value: T): Promise<void> {
    const generation = this.#generation + 1;
    const body: RecordBody & { readonly value: T } = { type: 'slot', value };
    const line = encodeRecord(generation, 0, body);
    if (line.length > SLOT_BYTES) {
      throw new RangeError(
        `${this.#path}: ${line.length} bytes do not fit a slot of ${SLOT_BYTES}`,
      );
    }
    await this.#files.useCreating(this.#path, async (file) => {
      file.write(line, slotOffset(generation));
      await file.flush();
    });
    this.#generation = generation;
    this.#value = value;
    this.#state = 'ok';
  }
}

/** Neighbouring generations take turns. */
function slotOffset(generation: number): number {
  return (generation % 2) * SLOT_BYTES;
}

function newest(file: BackendFile): SlotRecord | undefined {
  const records = [0, 1].map((parity) => readSlot(file, slotOffset(parity)));
  return records.reduce((best, record) =>
    record !== undefined && record.seq > (best?.seq ?? 0) ? record : best,
  );
}

function readSlot(file: BackendFile, offset: number): SlotRecord | undefined {
  const slot = new Uint8Array(SLOT_BYTES);
  const bytes = slot.subarray(0, file.read(slot, offset));
  // What stands behind the line feed is the rest of a longer value of an earlier generation.
  const end = bytes.indexOf(NEWLINE) + 1;
  const record = decodeRecord(bytes.subarray(0, end));
  return record?.type === 'slot' ? (record as SlotRecord) : undefined;
}
