import type { FFPanelDTO, FFPersonaDTO } from '../../src/shared/model/panel.ts';
import { panelMessagesFile, PANELS_FILE, PERSONAS_FILE } from '../archive/names.ts';
import { copyOperations } from '../store/compaction.ts';
import { SHARED_SPACE } from '../store/layout.ts';
import { survivors } from '../store/message-slices.ts';
import { OPERATIONS_KEPT_MS, operationsRecords } from '../store/operations.ts';
import { StagedSpace } from '../store/staged-space.ts';
import { countedRecord, type CatalogRecord } from '../store/user-catalog.ts';
import { MAX_LINE_BYTES, parsePanel, parsePersona } from './lines.ts';
import type { Restoring } from './restore.ts';
import { stageMessages, twice } from './restore-user.ts';
import { toPanel } from './session-lines.ts';

/** Log bytes of a panel that stays that are copied at once. */
const SLICE_BYTES = 262_144;

interface Shared {
  readonly personas: readonly FFPersonaDTO[];
  readonly panels: readonly FFPanelDTO[];
}

/**
 * Makes the shared space anew: what the archive has, and what there is of others. Personas and panels
 * of the users that are restored are replaced, whole, like everything of theirs; those without an owner
 * by the ones of the same id. Only while nothing else happens in the store.
 *
 * @param isPartial whether only what goes with the restored users is wanted
 * @returns whether there is anything to show
 */
export async function mergeShared(restoring: Restoring, isPartial: boolean): Promise<boolean> {
  const { store, userIds, at, staged, records } = restoring;
  const catalog = await store.shared();
  const archived = await readShared(restoring, isPartial);
  const isReplaced = (owner: string | undefined): boolean =>
    owner !== undefined && userIds.has(owner);
  const owns = catalog.entities.persona.values().some(({ value }) => isReplaced(value.ownerId));
  const ownsPanels = catalog.sessions().some(({ panel }) => isReplaced(panel?.ownerId));
  const isNothing = archived.personas.length + archived.panels.length === 0;
  if (isNothing && !owns && !ownsPanels) return false;

  const space = await StagedSpace.begin(store, SHARED_SPACE);
  staged.push(space);
  const made: CatalogRecord[] = [];

  const personaById = new Map(
    catalog.entities.persona
      .values()
      .filter(({ value }) => !isReplaced(value.ownerId))
      .map(({ value }) => [value.personaId, value]),
  );
  for (const persona of archived.personas) {
    const { personaId } = persona;
    if (isTaken(restoring, 'persona', personaId, personaById.get(personaId)?.ownerId)) continue;
    personaById.set(personaId, persona);
  }
  for (const [id, value] of personaById) made.push({ type: 'put', kind: 'persona', id, value });

  const archivedIds = new Set<string>();
  for (const panel of archived.panels) {
    const { panelId } = panel;
    const known = catalog.session(panelId)?.panel?.ownerId;
    if (!isReplaced(known) && isTaken(restoring, 'panel', panelId, known)) continue;
    archivedIds.add(panelId);
    made.push({ type: 'session', session: toPanel(panel) });
    const messages = stageMessages(restoring, space, panelId, panelMessagesFile(panelId));
    let step = await messages.next();
    while (step.done !== true) step = await messages.next();
    if (step.value !== null) made.push(countedRecord(step.value.count(panelId)));
  }
  for (const entry of catalog.sessionTable.values()) {
    const { sessionId: panelId, panel } = entry;
    if (archivedIds.has(panelId) || isReplaced(panel?.ownerId)) continue;
    const { messageCount: _m, stats: _s, bytes: _b, ...session } = entry;
    made.push({ type: 'session', session });
    const count = await copyPanel(restoring, space, panelId);
    if (count !== null) made.push(countedRecord(count));
  }
  const done = catalog.operations.since(at - OPERATIONS_KEPT_MS);
  records.push(...(await space.finish([...made, ...operationsRecords(done)], at)));
  return true;
}

async function readShared(
  { store, archive, userIds, report }: Restoring,
  isPartial: boolean,
): Promise<Shared> {
  const { personas: personaCount, panels: panelCount } = archive.manifest.counts;
  const personas: FFPersonaDTO[] = [];
  const panels: FFPanelDTO[] = [];
  if (personaCount + panelCount === 0) return { personas, panels };
  const panelIds = new Set<string>();
  const personaIds = new Set<string>();
  const root = await store.root();
  const exists = (owner: string): boolean => userIds.has(owner) || root.has(owner);
  for await (const line of archive.lines(PANELS_FILE, MAX_LINE_BYTES)) {
    const panel = parsePanel(line, PANELS_FILE);
    const { panelId, ownerId } = panel;
    if (panelIds.has(panelId)) throw twice(PANELS_FILE, panelId);
    panelIds.add(panelId);
    if (isPartial && (ownerId === undefined || !userIds.has(ownerId))) continue;
    if (ownerId === undefined || exists(ownerId)) panels.push(panel);
    else report.warnings.push(`The panel "${panelId}" was left out: its owner does not exist.`);
  }
  const speaking = new Set(panels.flatMap(({ personaIds }) => personaIds));
  for await (const line of archive.lines(PERSONAS_FILE, MAX_LINE_BYTES)) {
    const persona = parsePersona(line, PERSONAS_FILE);
    const { personaId, ownerId } = persona;
    if (personaIds.has(personaId)) throw twice(PERSONAS_FILE, personaId);
    personaIds.add(personaId);
    const isWanted = ownerId === undefined ? speaking.has(personaId) : userIds.has(ownerId);
    if (isPartial && !isWanted) continue;
    if (ownerId === undefined || exists(ownerId)) personas.push(persona);
    else report.warnings.push(`The persona "${personaId}" was left out: its owner does not exist.`);
  }
  return { personas, panels };
}

/** Whether an id belongs to a user who is not restored: what is theirs stays. */
function isTaken(
  { userIds, report }: Restoring,
  kind: 'persona' | 'panel',
  id: string,
  owner: string | undefined,
): boolean {
  if (owner === undefined || userIds.has(owner)) return false;
  report.warnings.push(`The ${kind} "${id}" was left out: the id is taken by one of "${owner}".`);
  return true;
}

async function copyPanel({ store, at }: Restoring, space: StagedSpace, panelId: string) {
  const log = await store.messages(SHARED_SPACE, panelId);
  if (log.ordinalCount === 0) return null;
  const writer = await space.messages(panelId);
  for (let ordinal = 0; ordinal < log.ordinalCount;) {
    const { records, next } = await survivors(log, ordinal, SLICE_BYTES);
    await writer.add(records);
    ordinal = next;
  }
  await copyOperations(log, at - OPERATIONS_KEPT_MS, writer);
  await writer.commit();
  return writer.count(panelId);
}
