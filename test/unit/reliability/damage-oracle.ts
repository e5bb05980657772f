import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import { below, pick, type Random } from '../../support/crash/random.ts';

const NEWLINE = 0x0a;

export type Content = ReadonlyMap<string, Uint8Array>;

/** One change of one file. */
export interface Mutation {
  readonly path: string;
  readonly kind: 'flip' | 'truncate';
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Flips some bits of a byte of a file, or cuts the file off. */
function mutate(random: Random, content: Content, path: string): Mutation {
  const bytes = content.get(path)?.slice() ?? new Uint8Array(0);
  const at = below(random, bytes.length);
  if (random() < 0.25) return { path, kind: 'truncate', at, bytes: bytes.slice(0, at) };
  bytes[at] = (bytes[at] ?? 0) ^ (1 + below(random, 255));
  return { path, kind: 'flip', at, bytes };
}

/** So many changes, each of another file; the larger a file, the likelier it is hit. */
export function mutateSome(random: Random, content: Content, count: number): Mutation[] {
  const paths = [...content].filter(([, { length }]) => length > 0);
  const mutations = new Map<string, Mutation>();
  while (mutations.size < count) {
    // Half of the time any file, so that the small ones, which say what there is, are not left out.
    const path = random() < 0.5 ? pick(random, paths)[0] : bySize(random, paths);
    if (!mutations.has(path)) mutations.set(path, mutate(random, content, path));
  }
  return [...mutations.values()];
}

function bySize(random: Random, paths: readonly (readonly [string, Uint8Array])[]): string {
  let left = below(
    random,
    paths.reduce((sum, [, { length }]) => sum + length, 0),
  );
  const found = paths.find(([, { length }]) => (left -= length) < 0);
  return found?.[0] ?? pick(random, paths)[0];
}

/** A line of a log as it was stored. */
export interface StoredLine {
  readonly start: number;
  readonly end: number;
  readonly record: {
    readonly type: string;
    readonly more?: number;
    readonly message?: FFMessageDTO;
    readonly messageId?: string;
  };
}

export function linesOf(bytes: Uint8Array): StoredLine[] {
  const lines: StoredLine[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, start) + 1;
    const text = new TextDecoder().decode(bytes.subarray(start, end));
    lines.push({ start, end, record: JSON.parse(text) as StoredLine['record'] });
    start = end;
  }
  return lines;
}

/** What a change does to the lines of a log. */
export function effectOn(
  lines: readonly StoredLine[],
  mutation: Mutation | undefined,
): { readonly isGone: (line: StoredLine) => boolean; readonly damaged: number } {
  if (mutation === undefined) return { isGone: () => false, damaged: 0 };
  const { kind, at } = mutation;
  if (kind === 'flip') return { isGone: ({ start, end }) => start <= at && at < end, damaged: 1 };
  // With the end of a batch all of it goes, as it does when a crash cut it off.
  const whole = lines.filter(({ end }) => end <= at);
  const keptEnd = whole.findLast(({ record }) => (record.more ?? 0) === 0)?.end ?? 0;
  return { isGone: ({ end }) => end > keptEnd, damaged: 0 };
}
