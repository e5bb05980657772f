import { MemoryBytes } from '../../../worker/backend/memory.ts';
import { below, type Random } from './random.ts';

/** A change of what is on a disk, as it was asked for. */
export type DiskEvent =
  | { readonly kind: 'create' | 'flush' | 'remove'; readonly path: string }
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly at: number;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'truncate'; readonly path: string; readonly size: number };

/**
 * What a power cut does to what was not flushed. Each of it is kept or lost for itself, so what came
 * later may be there without what came before, in one file and among several.
 *
 * - `drop`: a write is there whole or not at all.
 * - `short`: of a write a beginning is there, down to the byte.
 * - `sector512`, `sector4096`: of a write any sectors are there; one that is lost reads as it was
 *   before, or as zeros.
 */
export const LOSSES = ['drop', 'short', 'sector512', 'sector4096'] as const;

export type Loss = (typeof LOSSES)[number];

/** What of a disk survives: everything `written`, only what was `flushed`, or what luck decides. */
export type Kept =
  | 'written'
  | 'flushed'
  | {
      readonly loss: Loss;
      readonly random: Random;
    };

type PendingChange = Extract<DiskEvent, { kind: 'write' | 'truncate' }>;

/** A file, whatever its name leads to by now. */
interface FileNode {
  readonly written: MemoryBytes;
  durable: Uint8Array<ArrayBuffer>;
  /** Since the last flush, in order. */
  pending: PendingChange[];
}

/**
 * The files of a disk, and of each how much is sure to survive a power cut: its durable frontier.
 *
 * That a file was removed is sure once any file is flushed after it, as on file systems that keep a
 * journal; until then a removed file may be back, and what has its name instead may be gone.
 */
export class Frontier {
  readonly #nodes = new Map<string, FileNode>();
  /** Where a removed file may come back. */
  readonly #removed = new Map<string, FileNode>();

  constructor(content: ReadonlyMap<string, Uint8Array> = new Map()) {
    for (const [path, bytes] of content) this.#nodes.set(path, nodeOf(bytes));
  }

  get paths(): IterableIterator<string> {
    return this.#nodes.keys();
  }

  /** All that was written to a file; `undefined` when there is none. */
  bytesOf(path: string): MemoryBytes | undefined {
    return this.#nodes.get(path)?.written;
  }

  /** Another one, which changes for itself. */
  fork(): Frontier {
    const fork = new Frontier();
    for (const [path, node] of this.#nodes) fork.#nodes.set(path, forkOf(node));
    for (const [path, node] of this.#removed) fork.#removed.set(path, node);
    return fork;
  }

  apply(event: DiskEvent): void {
    if (event.kind === 'remove') return this.#remove(event.path);
    let node = this.#nodes.get(event.path);
    if (node === undefined) {
      node = nodeOf(new Uint8Array(0));
      this.#nodes.set(event.path, node);
    }
    if (event.kind === 'flush') {
      node.durable = copyOf(node.written);
      node.pending = [];
      this.#removed.clear();
    } else if (event.kind === 'write' || event.kind === 'truncate') {
      change(node.written, event);
      node.pending.push(event);
    }
  }

  #remove(path: string): void {
    for (const [key, node] of this.#nodes) {
      if (key !== path && !key.startsWith(`${path}/`)) continue;
      this.#nodes.delete(key);
      if (!this.#removed.has(key)) this.#removed.set(key, node);
    }
  }

  /** What is on the disk afterwards. Nothing here changes. */
  survivors(kept: Kept): Map<string, Uint8Array> {
    const content = new Map<string, Uint8Array>();
    for (const [path, node] of this.#nodes) {
      const bytes =
        kept === 'written'
          ? copyOf(node.written)
          : kept === 'flushed'
            ? node.durable.slice()
            : whatIsLeft(node, kept.loss, kept.random);
      if (bytes !== null) content.set(path, bytes);
    }
    if (typeof kept !== 'object') return content;
    for (const [path, node] of this.#removed) {
      if (kept.random() < 0.5) content.set(path, node.durable.slice());
    }
    return content;
  }
}

function nodeOf(bytes: Uint8Array): FileNode {
  return { written: new MemoryBytes(bytes.slice()), durable: bytes.slice(), pending: [] };
}

function forkOf({ written, durable, pending }: FileNode): FileNode {
  return { written: new MemoryBytes(copyOf(written)), durable, pending: [...pending] };
}

function copyOf(bytes: MemoryBytes): Uint8Array<ArrayBuffer> {
  return bytes.view(0, bytes.size).slice();
}

function change(bytes: MemoryBytes, event: PendingChange): void {
  if (event.kind === 'write') bytes.write(event.bytes, event.at);
  else bytes.truncate(event.size);
}

/** `null` for a file that is not there, which only one can be that never was flushed. */
function whatIsLeft(node: FileNode, loss: Loss, random: Random): Uint8Array | null {
  const { pending, durable } = node;
  if (pending.length === 0) return durable.length === 0 && random() < 0.5 ? null : durable.slice();
  const left = new MemoryBytes(durable.slice());
  for (const event of pending) {
    if (event.kind === 'truncate') {
      if (random() < 0.5) left.truncate(event.size);
    } else {
      for (const part of partsOf(event, loss, random)) left.write(part.bytes, part.at);
    }
  }
  // A file system may have made room before it wrote.
  const grows = loss.startsWith('sector') && left.size < node.written.size && random() < 0.5;
  if (grows) left.truncate(node.written.size);
  return copyOf(left);
}

function partsOf(
  { at, bytes }: { readonly at: number; readonly bytes: Uint8Array },
  loss: Loss,
  random: Random,
): { readonly at: number; readonly bytes: Uint8Array }[] {
  switch (loss) {
    case 'drop':
      return random() < 0.5 ? [{ at, bytes }] : [];
    case 'short':
      return [{ at, bytes: bytes.subarray(0, below(random, bytes.length + 1)) }];
    default: {
      const sector = loss === 'sector512' ? 512 : 4_096;
      const parts: { at: number; bytes: Uint8Array }[] = [];
      for (let start = at; start < at + bytes.length;) {
        const end = Math.min(start - (start % sector) + sector, at + bytes.length);
        if (random() < 0.5) parts.push({ at: start, bytes: bytes.subarray(start - at, end - at) });
        start = end;
      }
      return parts;
    }
  }
}
