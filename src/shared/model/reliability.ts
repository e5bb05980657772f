/**
 * What can be wrong with a store.
 *
 * | kind | meaning |
 * |---|---|
 * | `format-marker` | what says of which format the store is, is missing or damaged |
 * | `damaged-records` | bytes of a log that are no records any more |
 * | `missing-catalog` | the list of a user's sessions, or of the panels, is gone |
 * | `unlisted-user`, `unlisted-session`, `unlisted-document`, `unlisted-backup` | files that are there, and that the list to which they belong does not have |
 * | `missing-messages` | a session has messages according to the list, and no file |
 * | `missing-document`, `damaged-document` | a document's bytes are gone, or not those that were stored |
 * | `missing-backup`, `damaged-backup` | the same of a backup |
 * | `lost-reference` | something belongs to a session that is not there |
 * | `wrong-count` | a number that is kept is not what counting gives |
 * | `damaged-offsets`, `damaged-text`, `damaged-index`, `damaged-vectors` | something that is made from the rest, and can be made anew |
 * | `leftover` | a file that nobody needs, and that is in nobody's way |
 * | `unreadable` | the browser refuses to read a file |
 * | `set-aside` | damaged bytes that were found earlier and are kept in `quarantine/` |
 */
export type FFFindingKind =
  | 'format-marker'
  | 'damaged-records'
  | 'missing-catalog'
  | 'unlisted-user'
  | 'unlisted-session'
  | 'unlisted-document'
  | 'unlisted-backup'
  | 'missing-messages'
  | 'missing-document'
  | 'damaged-document'
  | 'missing-backup'
  | 'damaged-backup'
  | 'lost-reference'
  | 'wrong-count'
  | 'damaged-offsets'
  | 'damaged-text'
  | 'damaged-index'
  | 'damaged-vectors'
  | 'leftover'
  | 'unreadable'
  | 'set-aside';

/** One thing that `verify()` found. */
export interface FFFindingDTO {
  kind: FFFindingKind;
  /** The file, or folder, below `storage.basePath`. */
  path: string;
  /** Whose it is, as far as is known. */
  userId?: string;
  sessionId?: string;
  panelId?: string;
  documentId?: string;
  /** The name of a backup. */
  backupPath?: string;
  /** What it means, in a sentence. */
  message: string;
  /** Whether `repair()` puts it in order. What was lost does not come back by that. */
  repairable: boolean;
  /** Where in the file the damage begins; absent where it is the file as a whole. */
  offset?: number;
  /** Bytes that are concerned; 0 where there are none. */
  bytes: number;
}

/** What `verify()` looked at. */
export interface FFVerifyTotalsDTO {
  /** Files that were read, and their bytes. */
  files: number;
  bytes: number;
  users: number;
  sessions: number;
  panels: number;
  /** Messages that are there, those of panels too. */
  messages: number;
  documents: number;
  backups: number;
}

/** What `verify()` found. */
export interface FFVerifyReportDTO {
  /** Whether there is no finding. */
  ok: boolean;
  /** In the order in which the store was read. */
  findings: FFFindingDTO[];
  totals: FFVerifyTotalsDTO;
  /** Bytes of all findings but those that were set aside earlier. */
  damagedBytes: number;
  /** Bytes in `quarantine/`. */
  quarantinedBytes: number;
}

/** A finding, and what `repair()` did about it. */
export interface FFRepairedDTO extends FFFindingDTO {
  /** What was done, in a sentence. */
  action: string;
}

/** What `repair()` did. */
export interface FFRepairReportDTO {
  /** What was put in order. */
  repaired: FFRepairedDTO[];
  /** What a look at the store found afterwards: whatever nothing can put in order. */
  remaining: FFVerifyReportDTO;
}

/** How likely a browser is to delete the store on its own account, and why. */
export type FFEvictionReason =
  /** The origin's data may be deleted when the disk is short of space: ask with `requestPersistence()`. */
  | 'not-persisted'
  /** Little is left of the quota, or of the disk. */
  | 'nearly-full'
  /** Safari deletes what a site has stored when the user has not used the site for seven days. */
  | 'seven-days'
  /** A private window: everything goes with it. */
  | 'private-window'
  /** The `memory` backend: everything goes with the page. */
  | 'memory-backend';

/** What an app can tell its users about how safe their data is here. Sizes are bytes. */
export interface FFStorageHealthDTO {
  backend: 'opfs' | 'indexeddb' | 'memory';
  /** Whether the browser has promised not to evict the origin's data. */
  persisted: boolean;
  /** What the browser grants the origin; absent where it does not say. */
  quotaBytes?: number;
  /** What the origin uses of it, other stores included; absent where the browser does not say. */
  usageBytes?: number;
  /** What is left of the quota; the disk may have less. Absent where the browser does not say. */
  headroomBytes?: number;
  /** `true` where the browser behaves as in a private window; absent where that cannot be known. */
  privateMode?: true;
  /** `none`: the browser keeps it. `low`: only when the disk runs short. `high`: expect it. */
  evictionRisk: 'none' | 'low' | 'high';
  /** Why `evictionRisk` is not `none`. */
  evictionReasons: FFEvictionReason[];
  /** When the newest backup in the store's own area was made; ISO 8601 in UTC with milliseconds. */
  lastBackupAt?: string;
  /** When the last export of the whole store was read to its end; the same. */
  lastExportAt?: string;
  /** Damaged places found since the store was opened. */
  damagedRecords: number;
  /** Damaged bytes that are kept in `quarantine/`. */
  quarantinedBytes: number;
  /** Bytes that are held back so that deletions succeed on a full disk, see `storage.reserveBytes`. */
  reservedBytes: number;
}
