import type { FFFindingDTO } from '../../src/shared/model/reliability.ts';
import { lossNoteFile } from '../store/layout.ts';
import type { Store } from '../store/store.ts';

const encoder = new TextEncoder();

/**
 * Writes down what was lost before the store forgets that it ever had it; it stays among what is set
 * aside. Rejects where that cannot be done.
 */
export async function keepNote(store: Store, finding: FFFindingDTO, at: number): Promise<void> {
  const note = { foundAt: new Date(at).toISOString(), ...finding };
  const bytes = encoder.encode(`${JSON.stringify(note)}\n`);
  await store.files.useCreating(lossNoteFile(finding.path), async (file) => {
    // Earlier losses in the same place stay known.
    file.write(bytes, file.size());
    await file.flush();
  });
}
