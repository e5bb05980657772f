import type { FFDocumentDTO } from '../../src/shared/model/document.ts';
import type { Entity } from '../store/entity-table.ts';
import { catalogFile, sessionsFolder } from '../store/layout.ts';
import { listIds } from '../store/recovery.ts';
import type { SessionEntry } from '../store/session-table.ts';
import { totalsOf, type SpaceTotals } from '../store/space-totals.ts';
import { UserCatalog } from '../store/user-catalog.ts';
import type { NewFinding } from './findings.ts';
import type { View } from './source.ts';

/** What the list of a space says, and which folders of sessions there are. */
export interface SpaceListing {
  readonly path: string;
  readonly folder: string;
  /** Changes with the list. */
  readonly stamp: string;
  readonly isBlank: boolean;
  readonly isDamaged: boolean;
  readonly damagedRanges: readonly { readonly offset: number; readonly length: number }[];
  readonly bytes: number;
  readonly sessions: ReadonlyMap<string, SessionEntry>;
  readonly documents: ReadonlyMap<string, Entity<FFDocumentDTO>>;
  /** Of everything that is kept with a session: documents and contexts. */
  readonly sessionIdsNeeded: ReadonlySet<string>;
  /** Sessions the count of which is out of date. */
  readonly writing: ReadonlySet<string>;
  readonly unswept: ReadonlySet<string>;
  readonly folderIds: readonly string[];
  readonly totals: SpaceTotals;
}

/** A finding, and whether it still holds by what the list of the space says later. */
export type Doubtful = readonly [finding: NewFinding, holds: (now: SpaceListing) => boolean];

/** @param folderOf where the space lies; `null` when it is there no more */
export async function readListing(
  view: View,
  spaceId: string,
  folderOf: (view: View) => Promise<string | null>,
): Promise<SpaceListing | null> {
  const folder = await folderOf(view);
  if (folder === null) return null;
  const catalog = await UserCatalog.open(spaceId, catalogFile(folder), view.context);
  const { path, epoch } = catalog.file;
  const { document, context } = catalog.entities;
  return {
    path,
    folder,
    stamp: `${path} ${epoch} ${catalog.bytes}`,
    isBlank: catalog.isBlank,
    isDamaged: catalog.isDamaged,
    damagedRanges: view.damaged.get(path) ?? [],
    bytes: catalog.bytes,
    sessions: new Map(catalog.sessions().map((entry) => [entry.sessionId, entry])),
    documents: new Map(document.values().map((entity) => [entity.id, entity])),
    sessionIdsNeeded: new Set(
      [...document.values(), ...context.values()].flatMap(({ sessionId }) => sessionId ?? []),
    ),
    writing: new Set(catalog.writingSessionIds),
    unswept: new Set(catalog.unsweptSessionIds),
    folderIds: (await listIds(view.backend, sessionsFolder(folder))).map(({ id }) => id),
    totals: totalsOf(catalog),
  };
}
