import type { NewPanelMessage } from '../../src/shared/contract.ts';
import { FFStorageError, FFValidationError } from '../../src/shared/errors.ts';
import type { FFPanelDTO, FFPanelMessageDTO, FFPersonaDTO } from '../../src/shared/model/panel.ts';
import { SHARED_SPACE } from '../store/layout.ts';
import type { MessageLog } from '../store/message-log.ts';
import { LOST_PANEL, type SessionEntry, type SessionInfo } from '../store/session-table.ts';
import { unchanged, type Change } from '../store/change.ts';
import type { UserCatalog } from '../store/user-catalog.ts';
import type { ServiceApi } from './call.ts';
import type { ServiceContext } from './context.ts';
import { appendPlanned, readPage } from './conversation.ts';
import { planAppend, type AppendPlan } from './message-plan.ts';
import { checkOwner } from './ownership.ts';
import { markOf, recordsOf, wasDone } from './recall.ts';

export type PanelService = Pick<
  ServiceApi,
  'createPanel' | 'getPanel' | 'listPanels' | 'deletePanel' | 'addPanelMessage' | 'getPanelMessages'
>;

/** What is left to do of a message that was said when the call was made for the first time. */
const SAID: AppendPlan = { added: [], deletedIds: new Set() };

export function createPanelService({ store, indexer, config, now }: ServiceContext): PanelService {
  /** The one user to whom all owned personas belong. */
  async function commonOwner(personas: readonly FFPersonaDTO[]): Promise<string | undefined> {
    const owners = personas.map(({ ownerId }) => ownerId).filter((id) => id !== undefined);
    const [owner] = owners;
    if (owner === undefined || owners.some((other) => other !== owner)) return undefined;
    return (await store.root()).has(owner) ? owner : undefined;
  }

  return {
    createPanel: (call, panel) => {
      const { panelId, type, personaIds, title = '', config: settings, metadata } = panel;
      const requireOwner = checkOwner(store, panel.ownerId);
      return store.write(SHARED_SPACE, async () => {
        const catalog = await store.shared();
        // The same call repeated, of which the first may still be on its way to the disk.
        if (wasDone(call, catalog) || catalog.session(panelId) !== undefined) {
          return { value: panelId, durable: catalog.durable() };
        }
        requireFewPersonas(personaIds, config.panel.maxPersonas);
        const personas = personaIds.map((id) => requirePersona(catalog, id));
        await requireOwner();
        const ownerId = panel.ownerId ?? (await commonOwner(personas));
        const at = now();
        const session: SessionInfo = {
          sessionId: panelId,
          title,
          createdAt: at,
          updatedAt: at,
          ...(metadata === undefined ? {} : { metadata }),
          panel: {
            type,
            personaIds,
            ...(ownerId === undefined ? {} : { ownerId }),
            ...(settings === undefined ? {} : { config: settings }),
          },
        };
        return { value: panelId, durable: catalog.putSession(session, markOf(call, now)) };
      });
    },

    getPanel: (panelId) =>
      store.read(SHARED_SPACE, async () => {
        const session = (await store.shared()).session(panelId);
        return session === undefined ? null : toPanelDto(session);
      }),

    listPanels: () =>
      store.read(SHARED_SPACE, async () => (await store.shared()).sessions().map(toPanelDto)),

    deletePanel: (call, panelId) =>
      store.write(SHARED_SPACE, async () => {
        const catalog = await store.shared();
        if (wasDone(call, catalog)) return { value: true, durable: catalog.durable() };
        if (catalog.session(panelId) === undefined) return unchanged(false);
        await store.deleteSession(SHARED_SPACE, panelId, catalog, markOf(call, now));
        indexer.forgetPanel(panelId);
        return unchanged(true);
      }),

    addPanelMessage: async (call, panelId, personaId, message) => {
      const plan = await store.write(SHARED_SPACE, async (): Promise<Change<AppendPlan>> => {
        const catalog = await store.shared();
        const session = catalog.session(panelId);
        if (session === undefined) throw panelNotFound(panelId);
        const log = await store.messages(SHARED_SPACE, panelId);
        // Before the persona is looked for: it may have been deleted since.
        if ((await recordsOf(call, log)) > 0) return { value: SAID, durable: log.durable() };
        const { name } = requirePersona(catalog, personaId);
        requireMember(session, personaId);
        const at = now();
        const said: NewPanelMessage & { readonly personaId: string } = {
          name,
          ...message,
          personaId,
        };
        const planned = await planAppend(log, [said], new Date(at).toISOString(), () => '');
        if (planned.added.length > 0) await requireResponded(log, message);
        return appendPlanned(store, SHARED_SPACE, panelId, log, planned, {
          at,
          op: call.operation?.id,
        });
      });
      if (plan.added.length > 0) indexer.panelChanged(panelId);
      return !plan.deletedIds.has(message.messageId);
    },

    getPanelMessages: (panelId, page) =>
      store.read(SHARED_SPACE, async () => {
        if ((await store.shared()).session(panelId) === undefined) return [];
        const log = await store.messages(SHARED_SPACE, panelId);
        // Nothing else is ever added to the log of a panel.
        return (await readPage(log, page)) as FFPanelMessageDTO[];
      }),
  };
}

function toPanelDto(session: SessionEntry): FFPanelDTO {
  const { sessionId, title, createdAt, updatedAt, messageCount, metadata, panel } = session;
  const { type, personaIds, ownerId, config } = panel ?? LOST_PANEL;
  return {
    panelId: sessionId,
    type,
    personaIds: [...personaIds],
    // A title that was lost with the panel's record has been made up.
    ...(title === '' || panel === undefined ? {} : { title }),
    ...(ownerId === undefined ? {} : { ownerId }),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
    messageCount,
    ...(config === undefined ? {} : { config }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Only here is it known which limit is in force: another tab may have changed it. */
function requireFewPersonas({ length }: readonly string[], maxPersonas: number): void {
  if (length <= maxPersonas) return;
  throw new FFValidationError(
    `personaIds: must name 1 to ${maxPersonas} personas (panel.maxPersonas); got ${length}`,
    { field: 'personaIds' },
  );
}

function requirePersona(catalog: UserCatalog, personaId: string): FFPersonaDTO {
  const persona = catalog.entities.persona.get(personaId)?.value;
  if (persona !== undefined) return persona;
  throw new FFStorageError(
    `There is no persona "${personaId}": it was never created, or it was deleted.`,
    { code: 'not-found' },
  );
}

function requireMember({ sessionId, panel = LOST_PANEL }: SessionEntry, personaId: string): void {
  if (panel.personaIds.includes(personaId)) return;
  throw new FFValidationError(
    `personaId: "${personaId}" does not belong to the panel "${sessionId}"`,
    { field: 'personaId' },
  );
}

async function requireResponded(log: MessageLog, { responseTo }: NewPanelMessage): Promise<void> {
  if (responseTo === undefined || (await log.has(responseTo))) return;
  throw new FFValidationError(`responseTo: there is no message "${responseTo}" in the panel`, {
    field: 'responseTo',
  });
}

function panelNotFound(panelId: string): FFStorageError {
  return new FFStorageError(
    `There is no panel "${panelId}": it was never created, or it was deleted.`,
    { code: 'not-found' },
  );
}
