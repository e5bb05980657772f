import type { FFSearchConfig } from '../../src/shared/config.ts';
import { matchesType } from '../../src/shared/mime-types.ts';
import type { FFSearchMode } from '../../src/shared/model/search.ts';
import type { BackendFile } from '../backend/backend.ts';
import type { ParsedQuery } from './analysis/query.ts';
import type { Backlog } from './backlog/backlog.ts';
import { ENTRY_TYPES, type EntryType } from './entry.ts';
import type { EntryIndex } from './index/entry-index.ts';
import { vectorsFile, type SegmentVectors } from './index/segment-vectors.ts';
import { splitDocumentKey } from './keys.ts';
import { queryOrama } from './orama-query.ts';
import { findCandidates } from './ranking/fusion.ts';
import { rankCosines } from './ranking/cosine-ranking.ts';
import { rankText } from './ranking/text-ranking.ts';
import type { RankedPart } from './ranking/types.ts';
import { rankVectors } from './ranking/vector-ranking.ts';
import { DamagedIndexError } from './segments/checked-file.ts';
import type { ReadableSegment } from './segments/readable-segment.ts';
import { scoreVectors } from './vectors/scan.ts';
import type { VectorMemory } from './vectors/vector-memory.ts';

/** Which entries may be hits; all where a filter is absent. */
export interface EntryFilter {
  readonly types?: readonly EntryType[];
  /** Of panels as well as of sessions. */
  readonly sessionKeys?: readonly string[];
  /** Indexes in `ROLES`; documents have none. */
  readonly roles?: readonly number[];
  /** Milliseconds since 1970: from `after` on, and earlier than `before`. */
  readonly after?: number;
  readonly before?: number;
  /** MIME types, parameters aside, or groups of them: `image/*`. Messages have none. */
  readonly mimeTypes?: readonly string[];
}

/** What vectors are compared with. */
export interface VectorQuery {
  readonly value: Float32Array;
  readonly vectors: SegmentVectors;
  readonly memory: VectorMemory;
  /** The least cosine of a hit's own vector, where its words are no reason. */
  readonly minCosine: number;
  /** Whether a message counts by its own vector alone, whatever is said around it. */
  readonly byItself: boolean;
}

/** What to look for. */
export interface IndexQuery {
  readonly mode: FFSearchMode;
  readonly text: string;
  readonly parsed: ParsedQuery;
  readonly filter: EntryFilter;
  /** For the modes that compare vectors. */
  readonly vector?: VectorQuery;
  /** What is not in the index yet. */
  readonly backlog?: Backlog;
  readonly limit: number;
}

/** An entry that was found; scores compare within one query only. */
export interface IndexHit {
  readonly type: EntryType;
  /** Of the session or panel, or of the document. */
  readonly key: string;
  /** The message's ordinal, or the chunk's index. */
  readonly number: number;
  readonly score: number;
  /** Of its own vector with the query's; absent where it has none. */
  readonly cosine?: number;
}

/** A segment that is asked, with where its vectors are. */
interface Part extends RankedPart {
  readonly cosines: Float32Array;
}

/** Where a segment lies; in memory when it has no files. */
interface Source {
  readonly type: EntryType;
  readonly files: readonly string[];
  open(files: readonly BackendFile[]): { segment: ReadableSegment; cosines: Float32Array };
  isLive(document: number): boolean;
  /** Whether it is a part of the index still. */
  isCurrent(): boolean;
}

/**
 * Asks an index.
 *
 * @returns the best hits, best first; `null` when the index was written to files, or merged, while
 *   they were being opened: ask again
 * @throws DamagedIndexError when a file cannot be read
 */
export async function queryIndex(
  entries: EntryIndex,
  query: IndexQuery,
  config: FFSearchConfig,
): Promise<IndexHit[] | null> {
  if (query.limit === 0) return [];
  const { backlog } = query;
  const types = query.filter.types ?? ENTRY_TYPES;
  const sources = ENTRY_TYPES.filter((type) => types.includes(type)).flatMap((type) =>
    sourcesOf(entries, type, query.vector),
  );
  const names = sources.flatMap(({ files }) => files);
  const isCurrent = () => sources.every((source) => source.isCurrent());
  const hits = await entries.files.useAll(names, (files) => {
    // What dies from then on is not marked in what is not current any more.
    if (!isCurrent() || backlog?.fits(entries) === false) return null;
    let at = 0;
    const parts = sources.map((source): Part => {
      const own = files.slice(at, (at += source.files.length));
      const opened = source.open(own);
      const hidden = backlog?.hiddenDocuments(source.type, opened.segment, entries);
      return {
        ...opened,
        type: source.type,
        isLive: (document) => source.isLive(document) && hidden?.has(document) !== true,
        accepts: createFilter(opened.segment, source.type, query.filter),
      };
    });
    return askParts([...parts, ...backlogParts(entries, query)], query, config);
  });
  if (hits === null && isCurrent() && backlog?.fits(entries) !== false) {
    throw new DamagedIndexError(`One of ${names.join(', ')} is missing.`);
  }
  return hits;
}

/** What is not in the index, as parts like those that are. */
function backlogParts(entries: EntryIndex, { backlog, filter }: IndexQuery): Part[] {
  if (backlog === undefined) return [];
  const types = filter.types ?? ENTRY_TYPES;
  return ENTRY_TYPES.filter((type) => types.includes(type)).map((type) => {
    const segment = backlog.segment(type);
    const live = backlog.liveDocuments(type, entries);
    return {
      type,
      segment,
      cosines: new Float32Array(segment.documentCount).fill(NaN),
      isLive: (document) => live.has(document),
      accepts: createFilter(segment, type, filter),
    };
  });
}

function sourcesOf(
  entries: EntryIndex,
  type: EntryType,
  vector: VectorQuery | undefined,
): Source[] {
  const set = entries.sets[type];
  const { memory, segments } = set;
  const stored = segments.map((segment): Source => {
    const vectors = vector?.vectors.of(segment);
    return {
      type,
      files: [segment.fileName, ...(vectors === undefined ? [] : [vectorsFile(segment)])],
      open: ([file, vectorFile]) => {
        if (file === undefined) throw new TypeError('A segment has a file.');
        const cosines = new Float32Array(segment.documentCount).fill(NaN);
        if (vectors !== undefined && vector !== undefined && vectorFile !== undefined) {
          scoreVectors({ vectors, file: vectorFile }, vector.value, vector.memory, cosines);
        }
        return { segment: segment.segment.reader(file), cosines };
      },
      isLive: (document) => segment.isLive(document),
      isCurrent: () => set.segments === segments && vector?.vectors.of(segment) === vectors,
    };
  });
  const inMemory: Source = {
    type,
    files: [],
    open: () => ({
      segment: memory,
      cosines: new Float32Array(memory.documentCount).fill(NaN),
    }),
    isLive: (document) => set.isLiveInMemory(document),
    isCurrent: () => set.memory === memory,
  };
  return [...stored, inMemory];
}

async function askParts(
  parts: readonly Part[],
  { mode, text, parsed, vector, limit }: IndexQuery,
  { prefix, typoTolerance }: FFSearchConfig,
): Promise<IndexHit[]> {
  const cosines = parts.map((part) => part.cosines);
  const options = { prefix, typoTolerance, limit, minCosine: vector?.minCosine ?? -1 };
  const candidates =
    mode === 'hybrid' ? findCandidates(parts, parsed, cosines, options) : undefined;
  const found = await queryOrama({
    mode,
    text,
    limit,
    vector: vector?.value,
    rankText: () => candidates?.text ?? rankText(parts, parsed, options),
    rankVectors: () =>
      candidates?.vector ??
      (vector?.byItself === true ? rankCosines : rankVectors)(parts, parsed, cosines, options),
  });
  return found.flatMap(({ part, document, score }): IndexHit[] => {
    const from = parts[part];
    const key = from?.segment.owners[from.segment.ownerOf(document)]?.key;
    if (from === undefined || key === undefined) return [];
    const hit = { type: from.type, key, number: from.segment.numberOf(document), score };
    const cosine = from.cosines[document] ?? Number.NaN;
    return [Number.isNaN(cosine) ? hit : { ...hit, cosine }];
  });
}

/** What of a segment passes a filter. */
function createFilter(
  segment: ReadableSegment,
  type: EntryType,
  { sessionKeys, mimeTypes, roles, after = -Infinity, before = Infinity }: EntryFilter,
): (document: number) => boolean {
  if (type === 'document' && roles !== undefined) return () => false;
  const sessions = sessionKeys === undefined ? undefined : new Set(sessionKeys);
  const acceptOwner = (owner: number): boolean => {
    const { key = '', mimeType = '' } = segment.owners[owner] ?? {};
    const sessionKey = type === 'message' ? key : splitDocumentKey(key).sessionId;
    if (sessions !== undefined && !sessions.has(sessionKey)) return false;
    return (
      mimeTypes === undefined ||
      (mimeType !== '' && mimeTypes.some((pattern) => matchesType(mimeType, pattern)))
    );
  };
  const needsOwner = sessions !== undefined || mimeTypes !== undefined;
  const accepted = new Map<number, boolean>();
  return (document) => {
    if (needsOwner) {
      const owner = segment.ownerOf(document);
      let isAccepted = accepted.get(owner);
      if (isAccepted === undefined) accepted.set(owner, (isAccepted = acceptOwner(owner)));
      if (!isAccepted) return false;
    }
    if (roles !== undefined && !roles.includes(segment.roleOf(document))) return false;
    if (after === -Infinity && before === Infinity) return true;
    const time = segment.timeOf(document);
    return time >= after && time < before;
  };
}
