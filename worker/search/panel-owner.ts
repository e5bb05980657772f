import type { PanelInfo } from '../store/session-table.ts';
import type { UserCatalog } from '../store/user-catalog.ts';

/**
 * The user to whom what a persona says in a panel belongs: the panel's owner, else the persona's,
 * else nobody.
 *
 * @param shared the catalog of the shared space
 */
export function ownerOfSpeech(
  shared: UserCatalog,
  panel: PanelInfo,
  personaId: string,
): string | undefined {
  return panel.ownerId ?? shared.entities.persona.get(personaId)?.value.ownerId;
}

/** The personas of a panel whose messages belong to a user. */
export function voicesOf(shared: UserCatalog, panel: PanelInfo, userId: string): string[] {
  return panel.personaIds.filter((id) => ownerOfSpeech(shared, panel, id) === userId);
}
