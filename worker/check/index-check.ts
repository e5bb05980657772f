import type { BackendFile } from '../backend/backend.ts';
import { crc32c } from '../crc32c.ts';
import type { SegmentEntry } from '../search/index/manifest.ts';
import { CheckedFile, DamagedIndexError } from '../search/segments/checked-file.ts';
import {
  encodeFileHeader,
  readBlockHeads,
  strideOf,
  type VectorFormat,
} from '../search/vectors/vector-block.ts';
import { searchFolder } from '../store/layout.ts';
import { readLines } from '../store/log-scan.ts';
import { decodeRecord } from '../store/record.ts';
import type { Findings, NewFinding } from './findings.ts';
import { ownerOf, type CheckSource, type View } from './source.ts';

/** Bytes that are read before others get their turn. */
const SLICE_BYTES = 1_048_576;

/** How often an index is looked at anew that changes while it is being read. */
const ATTEMPTS = 3;

const MANIFEST = /^manifest-(\d+)\.jsonl$/;
const NEWLINE = 0x0a;

/** What a record of a manifest says of the files that count. */
interface CommitRecord {
  readonly whole?: unknown;
  readonly segments: readonly SegmentEntry[];
  readonly vectors?: VectorFormat;
}

interface Listing {
  /** Changes with every commit. */
  readonly stamp: string;
  readonly manifest: string;
  readonly bytes: number;
  readonly segments: readonly SegmentEntry[];
  readonly vectors?: VectorFormat;
  readonly isDamaged: boolean;
}

/**
 * Reads the files of a user's index against their checksums. Nothing of it is worth more than the
 * time to make it anew, so what has changed meanwhile is passed over in the end.
 */
export async function* checkIndex(
  source: CheckSource,
  spaceId: string,
  folder: string,
  findings: Findings,
): AsyncGenerator<number> {
  const inside = searchFolder(folder);
  const read = () => source.turn(spaceId, (view) => readManifest(view, inside));
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const listing = await read();
    if (listing === null) return;
    const damaged: NewFinding[] = [];
    const owner = ownerOf(spaceId);
    const indexDamage = (path: string, bytes: number): NewFinding => ({
      ...{ kind: 'damaged-index', path, ...owner, repairable: true, bytes },
      message: 'A file of the search index is missing or damaged.',
    });
    const { manifest } = listing;
    if (listing.isDamaged) damaged.push(indexDamage(`${inside}/${manifest}`, listing.bytes));
    let files = 1;
    let bytes = listing.bytes;
    for (const segment of listing.segments) {
      const path = `${inside}/${segment.number}.segment`;
      const found = yield* checkSegment(source, spaceId, path, segment);
      if (found.isDamaged) damaged.push(indexDamage(path, found.bytes));
      const vectors = `${inside}/${segment.number}.vectors`;
      const format = listing.vectors;
      const rows = await source.turn(spaceId, ({ files: open }) =>
        open.use(vectors, (file) => checkVectors(file, format)),
      );
      if (rows?.isDamaged === true) {
        const message = 'Vectors of the search index are damaged.';
        const lost = { kind: 'damaged-vectors', path: vectors, ...owner, message } as const;
        damaged.push({ ...lost, repairable: true, bytes: rows.bytes });
      }
      yield rows?.bytes ?? 0;
      files += rows === null ? 1 : 2;
      bytes += found.bytes + (rows?.bytes ?? 0);
    }
    const hasChanged = damaged.length > 0 && (await read())?.stamp !== listing.stamp;
    if (hasChanged && attempt < ATTEMPTS) continue;
    findings.totals.files += files;
    findings.totals.bytes += bytes;
    for (const finding of damaged) findings.add(finding);
    return;
  }
}

/** The newest manifest that can be read; `null` where there is no index. */
async function readManifest({ backend, files }: View, folder: string): Promise<Listing | null> {
  const numbers = (await backend.list(folder))
    .map(({ name }) => Number(MANIFEST.exec(name)?.[1] ?? -1))
    .filter((number) => number >= 0)
    .sort((a, b) => b - a);
  let newest: Listing | null = null;
  for (const number of numbers) {
    const name = `manifest-${number}.jsonl`;
    const listing = await files.use(`${folder}/${name}`, (file) => readCommits(file, name));
    if (listing === null) continue;
    newest ??= listing;
    if (listing.segments.length > 0 || !listing.isDamaged) return listing;
  }
  return newest;
}

function readCommits(file: BackendFile, manifest: string): Listing {
  let last: CommitRecord | undefined;
  let vectors: VectorFormat | undefined;
  let isDamaged = false;
  const bytes = file.size();
  for (const { line } of readLines(file, 0, bytes)) {
    const record = decodeRecord(line) as (CommitRecord & { type: string }) | undefined;
    if (record?.type !== 'commit' || (last === undefined && record.whole === undefined)) {
      // A line without an end was cut short by a crash, and says nothing.
      isDamaged = line.at(-1) === NEWLINE;
      break;
    }
    last = record;
    vectors = record.vectors ?? vectors;
  }
  return {
    stamp: `${manifest} ${bytes}`,
    manifest,
    bytes,
    segments: last?.segments ?? [],
    ...(vectors === undefined ? {} : { vectors }),
    isDamaged,
  };
}

async function* checkSegment(
  source: CheckSource,
  spaceId: string,
  path: string,
  { checksum }: SegmentEntry,
): AsyncGenerator<number, { readonly isDamaged: boolean; readonly bytes: number }> {
  let at = 0;
  let bytes = 0;
  let checked: CheckedFile | undefined;
  do {
    const from = at;
    const size = await source.turn(spaceId, ({ files }) =>
      files.use(path, (file) => {
        bytes = file.size();
        try {
          checked ??= openSegment(file, checksum);
          checked.read(file, from, Math.min(from + SLICE_BYTES, checked.size));
          return checked.size;
        } catch (error) {
          if (error instanceof DamagedIndexError) return null;
          throw error;
        }
      }),
    );
    if (size === null) return { isDamaged: true, bytes };
    yield Math.min(SLICE_BYTES, size - from);
    at = from + SLICE_BYTES;
    if (at >= size) return { isDamaged: false, bytes };
  } while (true);
}

function openSegment(file: BackendFile, checksum: number): CheckedFile {
  const checked = CheckedFile.open(file);
  const end = new Uint8Array(4);
  file.read(end, file.size() - end.length);
  if (new DataView(end.buffer).getUint32(0, true) === checksum) return checked;
  throw new DamagedIndexError('It is another file than it was.');
}

/** Vectors of another model are no damage: they are made anew when that model is used. */
function checkVectors(
  file: BackendFile,
  format: VectorFormat | undefined,
): { readonly isDamaged: boolean; readonly bytes: number } {
  const bytes = file.size();
  if (format === undefined) return { isDamaged: false, bytes };
  const header = encodeFileHeader(format);
  const found = new Uint8Array(header.length);
  file.read(found, 0);
  if (!header.every((byte, index) => byte === found[index])) return { isDamaged: false, bytes };
  let at = header.length;
  for (const { head, length } of readBlockHeads(file, at, format, crc32c(header))) {
    const rows = new Uint8Array(head.documents.length * strideOf(format));
    file.read(rows, at + head.headBytes);
    if (crc32c(rows) !== head.rowsCrc) return { isDamaged: true, bytes };
    at += length;
  }
  return { isDamaged: hasWholeBlockAt(file, at, format), bytes };
}

/** A block that is longer than what is left of the file was cut short by a crash, which is no damage. */
function hasWholeBlockAt(file: BackendFile, at: number, format: VectorFormat): boolean {
  const header = new Uint8Array(32);
  if (file.read(header, at) < header.length) return false;
  const rows = new DataView(header.buffer).getUint32(8, true);
  return at + header.length + rows * strideOf(format) <= file.size();
}
