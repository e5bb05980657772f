import { FFStorageError } from '../../src/shared/errors.ts';
import type { FFDocumentDTO } from '../../src/shared/model/document.ts';
import type { ManifestUser } from '../archive/manifest.ts';
import {
  contextsFile,
  documentContentFile,
  documentsFile,
  messagesFile,
  panelMessagesFile,
  PANELS_FILE,
  PERSONAS_FILE,
  profileFile,
  sessionsFile,
} from '../archive/names.ts';
import { release } from '../archive/release.ts';
import type { ArchiveEntry } from '../archive/write.ts';
import { asEnded } from '../store/growth.ts';
import { documentFile, SHARED_SPACE } from '../store/layout.ts';
import { survivors } from '../store/message-slices.ts';
import { LOST_PANEL, type PanelInfo, type SessionEntry } from '../store/session-table.ts';
import type { Store } from '../store/store.ts';
import { messageLineOf } from './lines.ts';
import { panelLineOf, sessionLineOf } from './session-lines.ts';

/** Log bytes that are read before others get their turn in the lane. */
const SLICE_BYTES = 262_144;

const encoder = new TextEncoder();

type Panel = SessionEntry & { readonly panel: PanelInfo };

/** How many things of each kind have been collected. */
export interface Collected {
  readonly users: ManifestUser[];
  personas: number;
  panels: number;
  panelMessages: number;
  /** Told of what cannot be read, which is left out then; absent, it ends the export. */
  readonly onUnreadable?: (what: string, error: unknown) => void;
}

/**
 * Everything of a user, as files of an archive. It is read piece by piece, as the archive is written,
 * while the store goes on: each session is whole as of some moment, and one that is deleted meanwhile
 * is left out of the list of sessions, which is what counts.
 *
 * @returns whether there is such a user
 */
export async function* collectUser(
  store: Store,
  userId: string,
  collected: Collected,
): AsyncGenerator<ArchiveEntry, boolean> {
  const found = await store.read(userId, async () => {
    const catalog = await store.user(userId);
    if (catalog === null) return null;
    const { document, context } = catalog.entities;
    return {
      space: store.folderOf(userId),
      profile: catalog.profile,
      sessions: [...catalog.sessionTable.values()],
      documents: document.values().map(({ value }) => value),
      contexts: context.values().map(({ value }) => value),
    };
  });
  if (found === null) return false;
  const { space, profile, sessions, documents, contexts } = found;
  yield textFile(profileFile(userId), [JSON.stringify(profile)]);

  const kept: SessionEntry[] = [];
  let messages = 0;
  for (const session of sessions) {
    const copied = yield* collectMessages(
      store,
      { spaceId: userId, space },
      session.sessionId,
      messagesFile(userId, session.sessionId),
      collected.onUnreadable,
    );
    if (copied === null) continue;
    kept.push({ ...session, messageCount: copied });
    messages += copied;
  }
  const keptIds = new Set(kept.map(({ sessionId }) => sessionId));
  yield textFile(sessionsFile(userId), kept.map(sessionLineOf));

  const whole: FFDocumentDTO[] = [];
  for (const document of documents) {
    if (!keptIds.has(document.sessionId)) continue;
    const isWhole = yield* collectContent(
      store,
      { spaceId: userId, space },
      document,
      collected.onUnreadable,
    );
    if (isWhole) whole.push(document);
  }
  yield textFile(
    documentsFile(userId),
    // The text is extracted anew where the document comes back.
    whole.map(({ text: _, ...document }) => JSON.stringify(document)),
  );
  yield textFile(
    contextsFile(userId),
    contexts
      .filter(({ sessionId }) => sessionId !== undefined && keptIds.has(sessionId))
      .map((context) => JSON.stringify(context)),
  );
  collected.users.push({ userId, sessions: kept.length, messages, documents: whole.length });
  return true;
}

/** Personas and panels: all of them, or those that go with one user. */
export async function* collectShared(
  store: Store,
  userId: string | undefined,
  collected: Collected,
): AsyncGenerator<ArchiveEntry> {
  const { space, personas, panels } = await store.read(SHARED_SPACE, async () => {
    const catalog = await store.shared();
    return {
      space: store.folderOf(SHARED_SPACE),
      personas: catalog.entities.persona.values().map(({ value }) => value),
      panels: [...catalog.sessionTable.values()]
        .map((session): Panel => ({ ...session, panel: session.panel ?? LOST_PANEL }))
        .filter(({ panel }) => userId === undefined || panel.ownerId === userId),
    };
  });
  const speaking = new Set(panels.flatMap(({ panel }) => panel.personaIds));
  const wanted = personas.filter(
    ({ personaId, ownerId }) =>
      userId === undefined ||
      ownerId === userId ||
      (ownerId === undefined && speaking.has(personaId)),
  );
  if (wanted.length === 0 && panels.length === 0) return;

  const kept: Panel[] = [];
  for (const panel of panels) {
    const { sessionId } = panel;
    const file = panelMessagesFile(sessionId);
    const copied = yield* collectMessages(
      store,
      { spaceId: SHARED_SPACE, space },
      sessionId,
      file,
      collected.onUnreadable,
    );
    if (copied === null) continue;
    kept.push({ ...panel, messageCount: copied });
    collected.panelMessages += copied;
  }
  yield textFile(
    PERSONAS_FILE,
    wanted.map((persona) => JSON.stringify(persona)),
  );
  yield textFile(PANELS_FILE, kept.map(panelLineOf));
  collected.personas = wanted.length;
  collected.panels = kept.length;
}

/** A space, and the folder that it lay in when its catalog was read. */
interface Collecting {
  readonly spaceId: string;
  readonly space: string;
}

/** What is read of two different states of a space would not fit together. */
function requireSame(store: Store, { spaceId, space }: Collecting): void {
  if (store.folderOf(spaceId) === space) return;
  throw new FFStorageError('A backup was restored while this one was being made: begin it anew.', {
    code: 'aborted',
  });
}

/** Gives the number of live messages; `null` where the session was deleted before its end. */
async function* collectMessages(
  store: Store,
  collecting: Collecting,
  sessionId: string,
  name: string,
  onUnreadable: Collected['onUnreadable'],
): AsyncGenerator<ArchiveEntry, number | null> {
  const { spaceId } = collecting;
  let live = 0;
  let isThere = true;
  async function* content(): AsyncGenerator<Uint8Array> {
    // What is added from here on is left to the next backup: a busy session would have no end.
    let end = Infinity;
    for (let ordinal = 0; ordinal < end;) {
      const from = ordinal;
      const slice = await store.read(spaceId, async () => {
        const catalog = await store.user(spaceId);
        requireSame(store, collecting);
        if (catalog?.session(sessionId) === undefined) return null;
        const log = await store.messages(spaceId, sessionId);
        end = Math.min(end, log.ordinalCount);
        const { records, next } = await survivors(log, from, SLICE_BYTES);
        return { records: await Promise.all(records.map((record) => asEnded(log, record))), next };
      });
      if (slice === null) {
        isThere = false;
        return;
      }
      const { records, next } = slice;
      live += records.filter(({ type }) => type !== 'delete').length;
      if (records.length > 0) {
        const lines = encoder.encode(records.map(lineOf).join(''));
        yield lines;
        release(lines);
      }
      ordinal = next;
    }
  }
  yield { name, content: asFarAsReadable(content(), name, onUnreadable), compress: true };
  return isThere ? live : null;
}

/** Gives whether the document has come whole; one that is damaged or was deleted meanwhile has not. */
async function* collectContent(
  store: Store,
  collecting: Collecting,
  { sessionId, documentId, originalName, sha256 }: FFDocumentDTO,
  onUnreadable: Collected['onUnreadable'],
): AsyncGenerator<ArchiveEntry, boolean> {
  if (sha256 === undefined) return true;
  const { spaceId, space } = collecting;
  let isWhole = false;
  const name = documentContentFile(spaceId, sessionId, documentId, originalName);
  const content = store.documents.read(documentFile(space, sessionId, documentId));
  yield {
    name,
    content: asFarAsReadable(content, name, onUnreadable),
    compress: false,
    onArchived: (file) => (isWhole = file.sha256 === sha256),
  };
  requireSame(store, collecting);
  return isWhole;
}

/** The pieces up to the first that cannot be read. */
async function* asFarAsReadable(
  content: AsyncGenerator<Uint8Array, void>,
  name: string,
  onUnreadable: Collected['onUnreadable'],
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* content;
  } catch (error) {
    if (onUnreadable === undefined) throw error;
    onUnreadable(name, error);
  }
}

function lineOf(record: Parameters<typeof messageLineOf>[0]): string {
  return `${messageLineOf(record)}\n`;
}

export function textFile(name: string, lines: readonly string[]): ArchiveEntry {
  async function* content(): AsyncGenerator<Uint8Array> {
    // Some at a time, so that a long list is never held twice.
    for (let at = 0; at < lines.length; at += 1_000) {
      yield encoder.encode(`${lines.slice(at, at + 1_000).join('\n')}\n`);
    }
  }
  return { name, content: content(), compress: true };
}
