import type { FFFindingDTO } from '../../src/shared/model/reliability.ts';
import { DEFAULT_SESSION_TITLE } from '../../src/shared/model/session.ts';
import type { ArchiveFiles } from '../backup/archive-files.ts';
import { describeFoundArchives } from '../backup/found-archives.ts';
import { unchanged } from '../store/change.ts';
import { compactCatalog, compactRoot } from '../store/compaction.ts';
import { FORMAT_VERSION } from '../store/format.ts';
import { BACKUPS_FOLDER, INCOMING_FOLDER, SHARED_SPACE, STORE_FILE } from '../store/layout.ts';
import { removeOrphanedDocuments } from '../store/orphans.ts';
import { recoverDocuments } from '../store/recovered-files.ts';
import { recoverRoot, recoverSessions } from '../store/recovery.ts';
import { SlotFile } from '../store/slot-file.ts';
import type { UserCatalog } from '../store/user-catalog.ts';
import type { ServiceContext } from './context.ts';
import type { DocumentTexts } from './document-texts.ts';
import { keepNote } from './evidence.ts';
import { countAnew, remakeOffsets, rewriteMessages } from './repair-session.ts';

/**
 * Puts in order what `verify()` has found, one finding after another. Whatever is removed from where it
 * lies is kept aside first. What one mending has done for several findings is not done twice.
 */
export class Repairer {
  readonly #context: ServiceContext;
  readonly #texts: DocumentTexts;
  readonly #archives: ArchiveFiles;
  readonly #findings: readonly FFFindingDTO[];
  readonly #done = new Map<string, string>();

  constructor(
    context: ServiceContext,
    texts: DocumentTexts,
    archives: ArchiveFiles,
    findings: readonly FFFindingDTO[],
  ) {
    this.#findings = findings;
    this.#context = context;
    this.#texts = texts;
    this.#archives = archives;
  }

  /** Gives what was done, in a sentence; `null` where nothing could be. */
  async mend(finding: FFFindingDTO): Promise<string | null> {
    if (!finding.repairable) return null;
    const key = keyOf(finding);
    const action = this.#done.get(key) ?? (await this.#mend(finding));
    if (action !== null) this.#done.set(key, action);
    return action;
  }

  async #mend(finding: FFFindingDTO): Promise<string | null> {
    const { store } = this.#context;
    const spaceId = finding.userId ?? SHARED_SPACE;
    const sessionId = finding.sessionId ?? finding.panelId;
    switch (finding.kind) {
      case 'format-marker':
        await (await SlotFile.open(STORE_FILE, store.files)).write({ format: FORMAT_VERSION });
        return 'The mark was written anew.';
      case 'unlisted-user':
      case 'unlisted-backup':
        return this.#rewriteRoot();
      case 'damaged-records':
        if (isRootFile(finding.path)) return this.#rewriteRoot();
        if (sessionId === undefined) return this.#rewriteCatalog(spaceId);
        return rewriteMessages(
          this.#context,
          spaceId,
          sessionId,
          finding.path,
          this.#findings.filter(({ kind, path }) => kind === finding.kind && path === finding.path),
        );
      case 'missing-catalog':
        return this.#rewriteCatalog(spaceId, finding);
      case 'unlisted-session':
      case 'unlisted-document':
      case 'lost-reference':
        return this.#rewriteCatalog(spaceId);
      case 'missing-messages':
        await keepNote(store, finding, this.#context.now());
        return countAnew(this.#context, spaceId, sessionId);
      case 'wrong-count':
        if (!isRootFile(finding.path)) return countAnew(this.#context, spaceId, sessionId);
        return this.#saveTotals(spaceId);
      case 'damaged-offsets':
        return remakeOffsets(this.#context, spaceId, sessionId);
      case 'damaged-text':
        return this.#extractAnew(spaceId, finding.documentId);
      case 'damaged-index':
      case 'damaged-vectors':
        return this.#remakeIndex(spaceId);
      case 'missing-backup':
        return this.#dropBackup(finding);
      case 'leftover':
        return this.#removeLeftover(finding, spaceId, sessionId);
      case 'missing-document':
      case 'damaged-document':
      case 'damaged-backup':
      case 'unreadable':
      case 'set-aside':
        return null;
    }
  }

  /** What memory holds of the list is right, or was completed from the files when it was opened. */
  async #rewriteRoot(): Promise<string> {
    const { store, logger, now } = this.#context;
    await store.alone(async () => {
      const root = await store.root();
      await recoverRoot(root, store.backend, store.logContext, logger);
      await store.damage.secure(root.file.path);
    });
    await compactRoot(store, now());
    await describeFoundArchives(store);
    return 'The list of users and backups was completed from the files and written anew.';
  }

  async #rewriteCatalog(spaceId: string, lost?: FFFindingDTO): Promise<string | null> {
    const { store, now } = this.#context;
    if (lost !== undefined) await keepNote(store, lost, now());
    const exists = await store.write(spaceId, async () => {
      const catalog = await store.user(spaceId);
      if (catalog === null) return unchanged(false);
      await this.#completeCatalog(spaceId, catalog);
      await store.damage.secure(catalog.file.path);
      return unchanged(true);
    });
    if (!exists) return null;
    await compactCatalog(store, spaceId);
    await store.read(spaceId, () => store.user(spaceId));
    this.#texts.userOpened(spaceId);
    return 'The list was completed from the files and written anew.';
  }

  async #completeCatalog(spaceId: string, catalog: UserCatalog): Promise<void> {
    const { store, logger } = this.#context;
    const { backend, logContext } = store;
    const folder = store.folderOf(spaceId);
    const args = [backend, logContext, logger, spaceId, folder, catalog] as const;
    await recoverSessions(...args);
    await recreateSessions(catalog);
    await recoverDocuments(...args);
    if (catalog.isBlank && spaceId !== SHARED_SPACE) await catalog.setProfile(catalog.profile);
    for (const sessionId of catalog.writingSessionIds) await store.messages(spaceId, sessionId);
    await store.saveCounts(spaceId, catalog);
  }

  async #saveTotals(spaceId: string): Promise<string> {
    const { store } = this.#context;
    await store.read(spaceId, async () => {
      const catalog = await store.user(spaceId);
      if (catalog !== null) await store.spaces.saveTotals([[spaceId, catalog]]);
    });
    return 'It was counted anew.';
  }

  async #extractAnew(userId: string, documentId: string | undefined): Promise<string | null> {
    const { store } = this.#context;
    if (documentId === undefined) return null;
    const isPending = await store.write(userId, async () => {
      const catalog = await store.user(userId);
      const entity = catalog?.entities.document.get(documentId);
      if (catalog === null || entity === undefined) return unchanged(false);
      const value = { ...entity.value, text: { status: 'pending' as const } };
      return { value: true, durable: catalog.putEntity('document', { ...entity, value }) };
    });
    if (!isPending) return null;
    this.#texts.documentStored(userId, documentId);
    await this.#texts.whenIdle();
    return 'The text was extracted anew.';
  }

  async #remakeIndex(userId: string): Promise<string> {
    const { store, indexer } = this.#context;
    await store.read(userId, () => store.user(userId));
    await indexer.rebuild(userId);
    return 'The index was made anew from the messages and documents.';
  }

  async #dropBackup(finding: FFFindingDTO): Promise<string | null> {
    const { store, now } = this.#context;
    const { backupPath } = finding;
    if (backupPath === undefined) return null;
    await keepNote(store, finding, now());
    await store.alone(async () => {
      await (await store.root()).append([{ type: 'drop', kind: 'backup', id: backupPath }]);
    });
    return 'The backup is not listed any more.';
  }

  async #removeLeftover(
    { path }: FFFindingDTO,
    spaceId: string,
    sessionId: string | undefined,
  ): Promise<string | null> {
    const { store } = this.#context;
    if (path.startsWith(`${BACKUPS_FOLDER}/`) || path.startsWith(`${INCOMING_FOLDER}/`)) {
      if (this.#archives.isInUse(path)) return null;
      await store.files.remove(path);
    } else if (sessionId === undefined) return null;
    else if (path.includes('/documents/')) await removeOrphanedDocuments(store, spaceId, sessionId);
    // Opening a log removes what is left of a rewriting.
    else await remakeOffsets(this.#context, spaceId, sessionId);
    return 'It was removed.';
  }
}

/** Sessions of which nothing is known but that something belongs to them. */
async function recreateSessions(catalog: UserCatalog): Promise<void> {
  const { document, context } = catalog.entities;
  for (const { sessionId, value } of [...document.values(), ...context.values()]) {
    if (sessionId === undefined || catalog.session(sessionId) !== undefined) continue;
    const at = Date.parse('uploadedAt' in value ? value.uploadedAt : value.timestamp);
    await catalog.putSession({
      sessionId,
      title: DEFAULT_SESSION_TITLE,
      createdAt: at,
      updatedAt: at,
    });
    await catalog.markWriting(sessionId);
  }
}

function isRootFile(path: string): boolean {
  return !path.includes('/');
}

/** Findings that are mended together have the same. */
function keyOf({ kind, path, userId, sessionId, panelId, documentId }: FFFindingDTO): string {
  if (kind === 'damaged-index' || kind === 'damaged-vectors') return `index ${userId}`;
  return [kind, path, userId, sessionId, panelId, documentId].join(' ');
}
