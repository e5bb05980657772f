import type { FFPersonaDTO } from '../../src/shared/model/panel.ts';
import { SHARED_SPACE } from '../store/layout.ts';
import { unchanged, type Change } from '../store/change.ts';
import type { ServiceApi } from './call.ts';
import type { ServiceContext } from './context.ts';
import { checkOwner, panelsWith } from './ownership.ts';
import { markOf, wasDone } from './recall.ts';

export type PersonaService = Pick<
  ServiceApi,
  'createPersona' | 'getPersona' | 'listPersonas' | 'deletePersona'
>;

/** The panels of a persona that came or went; `null` when nothing was changed. */
type Affected = readonly string[] | null;

export function createPersonaService({ store, indexer, now }: ServiceContext): PersonaService {
  /** Who finds the messages of a panel depends on its personas. Gives whether anything was changed. */
  function tellIndexer(affected: Affected): boolean {
    for (const panelId of affected ?? []) indexer.panelChanged(panelId);
    return affected !== null;
  }

  return {
    createPersona: async (call, persona) => {
      const requireOwner = checkOwner(store, persona.ownerId);
      const affected = await store.write(SHARED_SPACE, async (): Promise<Change<Affected>> => {
        const catalog = await store.shared();
        if (wasDone(call, catalog)) return { value: [], durable: catalog.durable() };
        const id = persona.personaId;
        // The one that is there may still be on its way to the disk.
        if (catalog.entities.persona.get(id) !== undefined) {
          return { value: null, durable: catalog.durable() };
        }
        await requireOwner();
        const createdAt = new Date(now()).toISOString();
        const value: FFPersonaDTO = { ...persona, createdAt, updatedAt: createdAt };
        const mark = markOf(call, now);
        const durable = catalog.putEntity('persona', { id, value }, { mark });
        return { value: panelsWith(catalog, [id]), durable };
      });
      return tellIndexer(affected);
    },

    getPersona: (personaId) =>
      store.read(SHARED_SPACE, async () => {
        const catalog = await store.shared();
        return catalog.entities.persona.get(personaId)?.value ?? null;
      }),

    listPersonas: (ownerId) =>
      store.read(SHARED_SPACE, async () => {
        const catalog = await store.shared();
        return catalog.entities.persona
          .values()
          .map(({ value }) => value)
          .filter((persona) => persona.ownerId === undefined || persona.ownerId === ownerId);
      }),

    deletePersona: async (call, personaId) => {
      const affected = await store.write(SHARED_SPACE, async (): Promise<Change<Affected>> => {
        const catalog = await store.shared();
        if (wasDone(call, catalog)) return { value: [], durable: catalog.durable() };
        if (catalog.entities.persona.get(personaId) === undefined) return unchanged(null);
        const mark = markOf(call, now);
        const durable = catalog.dropEntities('persona', [personaId], { mark });
        return { value: panelsWith(catalog, [personaId]), durable };
      });
      return tellIndexer(affected);
    },
  };
}
