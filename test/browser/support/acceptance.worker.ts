import * as Comlink from 'comlink';
import type { BackendKind } from 'flatfile-chat';
import { backendAcceptance } from 'flatfile-chat/testing';
import { openSnapshot, selectBackend } from '../../../worker/backend/select.ts';

/** Runs a case of the suite where backends live: access handles exist in workers only. */
async function runCase(
  kind: BackendKind,
  basePath: string,
  name: string,
  subject: 'backend' | 'snapshot' = 'backend',
): Promise<void> {
  const found = backendAcceptance.find((acceptanceCase) => acceptanceCase.name === name);
  if (found === undefined) throw new Error(`There is no case "${name}".`);
  if (subject === 'backend') {
    await found.run({ open: () => selectBackend(kind, basePath), persistent: kind !== 'memory' });
    return;
  }
  const owner = await selectBackend(kind, basePath);
  await found.run({ open: () => openSnapshot(kind, basePath), persistent: false });
  await owner.close();
}

export type RunCase = typeof runCase;

Comlink.expose(runCase);
