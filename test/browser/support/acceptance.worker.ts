import * as Comlink from 'comlink';
import type { BackendKind } from 'flatfile-chat';
import { backendAcceptance } from 'flatfile-chat/testing';
import { selectBackend } from '../../../worker/backend/select.ts';

/** Runs a case of the suite where backends live: access handles exist in workers only. */
async function runCase(kind: BackendKind, basePath: string, name: string): Promise<void> {
  const found = backendAcceptance.find((acceptanceCase) => acceptanceCase.name === name);
  if (found === undefined) throw new Error(`There is no case "${name}".`);
  await found.run({ open: () => selectBackend(kind, basePath), persistent: kind !== 'memory' });
}

export type RunCase = typeof runCase;

Comlink.expose(runCase);
