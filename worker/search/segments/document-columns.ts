import { codeToLength, lengthToCode } from './document-length.ts';

/** What is known of a document besides its terms. */
export interface DocumentRow {
  /** Index of its owner. */
  readonly owner: number;
  readonly number: number;
  readonly time: number;
  readonly role: number;
  /** In tokens; long ones are rounded. */
  readonly length: number;
}

/** Rows by document, in memory. */
export class DocumentColumns {
  #count = 0;
  #totalLength = 0;
  #owners = new Uint32Array(64);
  #numbers = new Uint32Array(64);
  #times = new Float64Array(64);
  #roles = new Uint8Array(64);
  #lengths = new Uint8Array(64);

  get count(): number {
    return this.#count;
  }

  /** The sum of the lengths, as rounded. */
  get totalLength(): number {
    return this.#totalLength;
  }

  get bytes(): number {
    return this.#numbers.length * 18;
  }

  /** Adds the row of the next document. */
  add({ owner, number, time, role, length }: DocumentRow): void {
    if (this.#count === this.#numbers.length) this.#grow(this.#count * 2);
    const document = this.#count++;
    this.#owners[document] = owner;
    this.#numbers[document] = number;
    this.#times[document] = time;
    this.#roles[document] = role;
    this.#lengths[document] = lengthToCode(length);
    this.#totalLength += this.lengthOf(document);
  }

  ownerOf(document: number): number {
    return this.#owners[document] ?? 0;
  }

  numberOf(document: number): number {
    return this.#numbers[document] ?? 0;
  }

  timeOf(document: number): number {
    return this.#times[document] ?? 0;
  }

  roleOf(document: number): number {
    return this.#roles[document] ?? 0;
  }

  lengthOf(document: number): number {
    return codeToLength(this.#lengths[document] ?? 0);
  }

  #grow(capacity: number): void {
    const grow = <T extends Uint8Array | Uint32Array | Float64Array>(column: T, grown: T): T => {
      grown.set(column);
      return grown;
    };
    this.#owners = grow(this.#owners, new Uint32Array(capacity));
    this.#numbers = grow(this.#numbers, new Uint32Array(capacity));
    this.#times = grow(this.#times, new Float64Array(capacity));
    this.#roles = grow(this.#roles, new Uint8Array(capacity));
    this.#lengths = grow(this.#lengths, new Uint8Array(capacity));
  }
}
