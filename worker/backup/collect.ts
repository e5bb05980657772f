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
import type { ArchiveEntry } from '../archive/write.ts';
import { documentFile, SHARED_SPACE } from '../store/layout.ts';
import type { PanelInfo, SessionEntry } from '../store/session-table.ts';
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
}

/**
 * Everything of a user, as files of an archive. It is read piece by piece, as the archive is written,
 * while the store goes on: each session is whole as of some moment, and one that is deleted meanwhile
 * is left out of the list of sessions, which is what counts.
 */
export async function* collectUser(
  store: Store,
  userId: string,
  collected: Collected,
): AsyncGenerator<ArchiveEntry> {
  const found = await store.read(userId, async () => {
    const catalog = await store.user(userId);
    if (catalog === null) return null;
    const { document, context } = catalog.entities;
    return {
      profile: catalog.profile,
      sessions: [...catalog.sessionTable.values()],
      documents: document.values().map(({ value }) => value),
      contexts: context.values().map(({ value }) => value),
    };
  });
  if (found === null) return;
  const { profile, sessions, documents, contexts } = found;
  yield textFile(profileFile(userId), [JSON.stringify(profile)]);

  const kept: SessionEntry[] = [];
  let messages = 0;
  for (const session of sessions) {
    const copied = yield* collectMessages(
      store,
      userId,
      session.sessionId,
      messagesFile(userId, session.sessionId),
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
    const isWhole = yield* collectContent(store, userId, document);
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
}

/** Personas and panels: all of them, or those that go with one user. */
export async function* collectShared(
  store: Store,
  userId: string | undefined,
  collected: Collected,
): AsyncGenerator<ArchiveEntry> {
  const { personas, panels } = await store.read(SHARED_SPACE, async () => {
    const catalog = await store.shared();
    return {
      personas: catalog.entities.persona.values().map(({ value }) => value),
      panels: [...catalog.sessionTable.values()].filter(
        (session): session is Panel =>
          session.panel !== undefined && (userId === undefined || session.panel.ownerId === userId),
      ),
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
    const copied = yield* collectMessages(store, SHARED_SPACE, sessionId, file);
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

/** Gives the number of live messages; `null` where the session was deleted before its end. */
async function* collectMessages(
  store: Store,
  spaceId: string,
  sessionId: string,
  name: string,
): AsyncGenerator<ArchiveEntry, number | null> {
  let live = 0;
  let isThere = true;
  async function* content(): AsyncGenerator<Uint8Array> {
    // What is added from here on is left to the next backup: a busy session would have no end.
    let end = Infinity;
    for (let ordinal = 0; ordinal < end;) {
      const from = ordinal;
      const slice = await store.read(spaceId, async () => {
        const catalog = await store.user(spaceId);
        if (catalog?.session(sessionId) === undefined) return null;
        const log = await store.messages(spaceId, sessionId);
        end = Math.min(end, log.ordinalCount);
        return log.survivors(from, SLICE_BYTES);
      });
      if (slice === null) {
        isThere = false;
        return;
      }
      const { records, next } = slice;
      live += records.filter(({ type }) => type !== 'delete').length;
      if (records.length > 0) yield encoder.encode(records.map(lineOf).join(''));
      ordinal = next;
    }
  }
  yield { name, content: content(), compress: true };
  return isThere ? live : null;
}

/** Gives whether the document has come whole; one that was deleted meanwhile has not. */
async function* collectContent(
  store: Store,
  userId: string,
  { sessionId, documentId, originalName, sha256, size }: FFDocumentDTO,
): AsyncGenerator<ArchiveEntry, boolean> {
  if (sha256 === undefined) return true;
  let read = 0;
  async function* content(): AsyncGenerator<Uint8Array> {
    const path = documentFile(store.folderOf(userId), sessionId, documentId);
    for await (const piece of store.documents.read(path)) {
      read += piece.length;
      yield piece;
    }
  }
  const name = documentContentFile(userId, sessionId, documentId, originalName);
  yield { name, content: content(), compress: false };
  return read === size;
}

function lineOf(record: Parameters<typeof messageLineOf>[0]): string {
  return `${messageLineOf(record)}\n`;
}

function textFile(name: string, lines: readonly string[]): ArchiveEntry {
  async function* content(): AsyncGenerator<Uint8Array> {
    // Some at a time, so that a long list is never held twice.
    for (let at = 0; at < lines.length; at += 1_000) {
      yield encoder.encode(`${lines.slice(at, at + 1_000).join('\n')}\n`);
    }
  }
  return { name, content: content(), compress: true };
}
