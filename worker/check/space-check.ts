import { messagesFile, sessionFolder, SHARED_SPACE } from '../store/layout.ts';
import { checkDocuments } from './document-check.ts';
import { Findings, type NewFinding } from './findings.ts';
import { checkMessageLog } from './message-log-check.ts';
import { ownerOf, type CheckSource, type View } from './source.ts';
import { readListing, type Doubtful, type SpaceListing } from './space-listing.ts';

/**
 * Compares the list of a space with its files, and reads all of them.
 *
 * @returns a generator of bytes read, which ends with the list; `null` where the space was replaced
 *   or removed meanwhile, so that nothing can be said
 */
export async function* checkSpace(
  source: CheckSource,
  spaceId: string,
  folderOf: (view: View) => Promise<string | null>,
  findings: Findings,
): AsyncGenerator<number, SpaceListing | null> {
  const read = (view: View) => readListing(view, spaceId, folderOf);
  const listing = await source.turn(spaceId, read);
  if (listing === null) return null;
  const { folder, path } = listing;
  // Of its own: what was read in vain does not count.
  const found = new Findings();
  yield listing.bytes;
  found.read(listing.bytes);
  const doubtful: Doubtful[] = [...checkListing(spaceId, listing)];

  for (const sessionId of new Set([...listing.sessions.keys(), ...listing.folderIds])) {
    // What is deleted is about to go.
    if (listing.unswept.has(sessionId)) continue;
    const log = yield* checkMessageLog(source, spaceId, folder, sessionId);
    const entry = listing.sessions.get(sessionId);
    const owner = ownerOf(spaceId, sessionId);
    const isListed = (now: SpaceListing) => now.sessions.has(sessionId);
    if (log !== null) {
      found.read(log.bytes);
      if (log.offsets.bytes > 0) found.read(log.offsets.bytes);
      found.totals.messages += log.live;
      for (const range of log.damaged)
        doubtful.push([damagedRecords(log.path, range, owner), isListed]);
      if (log.leftover !== undefined) {
        const message = 'What a rewriting left; the next opening removes it.';
        const left = { kind: 'leftover', path: log.leftover, ...owner, message } as const;
        doubtful.push([{ ...left, repairable: true }, isListed]);
      }
      if (log.offsets.isWrong) doubtful.push([wrongOffsets(log.offsets, owner), isListed]);
    }
    const live = log?.live ?? 0;
    if (entry === undefined) {
      // A folder without messages is what a crash leaves of a session.
      if (log === null || log.bytes === 0) continue;
      doubtful.push([
        {
          kind: 'unlisted-session',
          path: sessionFolder(folder, sessionId),
          ...owner,
          message: `${live} messages belong to a session that the list does not have.`,
          repairable: true,
          bytes: log.bytes,
        },
        (now) => !isListed(now) && !now.unswept.has(sessionId),
      ]);
      continue;
    }
    const isCounted = !listing.writing.has(sessionId);
    if (!isCounted || entry.messageCount === live) continue;
    const isSame = (now: SpaceListing) =>
      !now.writing.has(sessionId) &&
      now.sessions.get(sessionId)?.messageCount === entry.messageCount;
    if (log === null) {
      doubtful.push([
        {
          kind: 'missing-messages',
          path: messagesFile(folder, sessionId),
          ...owner,
          message: `The session should have ${entry.messageCount} messages, and their file is gone.`,
          bytes: entry.bytes.messages,
          repairable: true,
        },
        isSame,
      ]);
    } else {
      const message = `The session is listed with ${entry.messageCount} messages and has ${live}.`;
      doubtful.push([{ kind: 'wrong-count', path, ...owner, message, repairable: true }, isSame]);
    }
  }
  for await (const step of checkDocuments(source, spaceId, listing, found)) {
    if (typeof step === 'number') yield step;
    else doubtful.push(step);
  }
  const now = await source.turn(spaceId, read);
  if (now === null || now.folder !== folder) return null;
  for (const [finding, holds] of doubtful) {
    if (now.stamp === listing.stamp || holds(now)) found.add(finding);
  }
  if (spaceId === SHARED_SPACE) found.totals.panels += listing.sessions.size;
  else found.totals.sessions += listing.sessions.size;
  found.totals.documents += listing.documents.size;
  findings.merge(found);
  return listing;
}

function* checkListing(spaceId: string, listing: SpaceListing): Generator<Doubtful> {
  const { path, isBlank, damagedRanges, folderIds, sessionIdsNeeded, sessions } = listing;
  const owner = ownerOf(spaceId);
  const always = () => true;
  for (const range of damagedRanges) yield [damagedRecords(path, range, owner), always];
  if (isBlank && (spaceId !== SHARED_SPACE || folderIds.length > 0)) {
    const message =
      'The list of sessions is gone, with their titles, the profile and what is known of documents.';
    yield [
      { kind: 'missing-catalog', path, ...owner, message, repairable: true },
      (now) => now.isBlank,
    ];
  }
  for (const sessionId of sessionIdsNeeded) {
    if (sessions.has(sessionId)) continue;
    yield [
      {
        kind: 'lost-reference',
        path,
        ...ownerOf(spaceId, sessionId),
        message: 'Documents or contexts belong to a session that is not listed.',
        repairable: true,
      },
      (now) => now.sessionIdsNeeded.has(sessionId) && !now.sessions.has(sessionId),
    ];
  }
}

/** Damage in a log, which recovery passes over. */
export function damagedRecords(
  path: string,
  { offset, length }: { readonly offset: number; readonly length: number },
  owner: Partial<NewFinding> = {},
): NewFinding {
  return {
    kind: 'damaged-records',
    path,
    ...owner,
    message: `${length} bytes at ${offset} are no records any more; what they said is lost.`,
    repairable: true,
    offset,
    bytes: length,
  };
}

function wrongOffsets(
  { path, bytes }: { readonly path: string; readonly bytes: number },
  owner: Partial<NewFinding>,
): NewFinding {
  const message = 'The table of where messages lie does not fit them.';
  return { kind: 'damaged-offsets', path, ...owner, message, repairable: true, bytes };
}
