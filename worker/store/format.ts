import { FFStorageError } from '../../src/shared/errors.ts';
import type { Backend } from '../backend/backend.ts';
import type { HandleCache } from './handle-cache.ts';
import { STORE_FILE } from './layout.ts';
import { SlotFile } from './slot-file.ts';

/** Raised whenever older code would misread what newer code writes. */
export const FORMAT_VERSION = 1;

/** What `store.json` says. */
export interface FormatMarker {
  readonly format: number;
  /** The folder in which the files lie, see `upgrade.ts`. Default: beside the mark. */
  readonly folder?: string;
}

/**
 * Makes sure that the files are ones that this code understands, and marks a new store as such.
 *
 * A store is new only where there is nothing: data without a readable marker may be of a version that
 * must not be touched, and writing over it is how histories get lost.
 */
export async function openFormat(backend: Backend, files: HandleCache): Promise<void> {
  const slot = await SlotFile.open<FormatMarker>(STORE_FILE, files);
  if (slot.state === 'ok') {
    const format = slot.value?.format;
    if (format === FORMAT_VERSION) return;
    throw new FFStorageError(
      `The store has format ${format} and this release reads format ${FORMAT_VERSION}: a newer release wrote it. Update flatfile-chat; nothing was changed.`,
      { code: 'version' },
    );
  }
  const others = (await backend.list('')).filter(({ name }) => name !== STORE_FILE);
  if (others.length > 0) {
    throw new FFStorageError(
      `${STORE_FILE}, which says what format the store has, is ${slot.state}, but there is data beside it (${others.map(({ name }) => name).join(', ')}). Nothing was changed.`,
      { code: 'corrupt' },
    );
  }
  await slot.write({ format: FORMAT_VERSION });
}
