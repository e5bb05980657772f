import type { BackupScope } from '../../../src/shared/contract.ts';
import type { FFImportReportDTO } from '../../../src/shared/model/backup.ts';
import type { Engine } from '../../../worker/engine.ts';
import { sha256Of } from '../archive/support.ts';
import { takeSnapshot } from '../../support/snapshot.ts';

/** All that an app can read of a store, in one thread and without what changes by itself. */
export async function takeFullSnapshot(engine: Engine) {
  const { api } = engine;
  const { users } = await takeSnapshot(engine);
  const owned = await Promise.all(
    users.map(async ({ profile }) => {
      const userId = profile?.userId ?? '';
      const documents = await api.listDocuments(userId, {});
      return {
        documents: await Promise.all(
          documents.map(async ({ text: _, ...document }) => {
            const { sessionId, documentId } = document;
            const content = await api.getDocumentContent(userId, sessionId, documentId);
            const bytes = await content?.arrayBuffer();
            return { ...document, content: bytes && sha256Of(new Uint8Array(bytes)) };
          }),
        ),
        contexts: await api.listContexts(userId),
        personas: await api.listPersonas(userId),
      };
    }),
  );
  const panels = await Promise.all(
    (await api.listPanels()).map(async (panel) => {
      const page = { offset: 0, reverse: false };
      return { panel, messages: await api.getPanelMessages(panel.panelId, page) };
    }),
  );
  return { users, owned, personas: await api.listPersonas(), panels };
}

export type FullSnapshot = Awaited<ReturnType<typeof takeFullSnapshot>>;

/** An archive, whole. */
export async function exportBytes({ api }: Engine, scope: BackupScope = {}): Promise<Uint8Array> {
  const { exportId } = await api.openExport(scope);
  const pieces: Uint8Array[] = [];
  for (;;) {
    const piece = await api.readExport(exportId);
    if (piece === null) return Buffer.concat(pieces);
    pieces.push(piece);
  }
}

/** Sends an archive; gives the id under which its import is to be continued. */
export async function sendBytes(
  { api }: Engine,
  archive: Uint8Array,
  scope: BackupScope = {},
): Promise<string> {
  const importId = await api.openImport(scope);
  for (let at = 0; at < archive.length; at += 65_536) {
    await api.writeImport(importId, archive.slice(at, at + 65_536));
  }
  return importId;
}

export async function importBytes(
  engine: Engine,
  archive: Uint8Array,
  scope: BackupScope = {},
): Promise<FFImportReportDTO> {
  const importId = await sendBytes(engine, archive, scope);
  for (;;) {
    const { report } = await engine.api.continueImport(importId);
    if (report !== undefined) return report;
  }
}
