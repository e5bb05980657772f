import type { FFPanelDTO } from '../../src/shared/model/panel.ts';
import type { FFSessionDTO } from '../../src/shared/model/session.ts';
import type { PanelInfo, SessionEntry, SessionInfo } from '../store/session-table.ts';

/** A session as it stands in an archive. */
export type ArchivedSession = Omit<FFSessionDTO, 'userId'>;

export function sessionLineOf(entry: SessionEntry): string {
  const { sessionId, title, messageCount, metadata } = entry;
  const line: ArchivedSession = {
    sessionId,
    title,
    ...timesOf(entry),
    messageCount,
    ...(metadata === undefined ? {} : { metadata }),
  };
  return JSON.stringify(line);
}

export function toSession(line: ArchivedSession): SessionInfo {
  const { sessionId, title, createdAt, updatedAt, metadata } = line;
  return {
    sessionId,
    title,
    createdAt: Date.parse(createdAt),
    updatedAt: Date.parse(updatedAt),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

export function panelLineOf(entry: SessionEntry & { readonly panel: PanelInfo }): string {
  const { sessionId, title, messageCount, metadata, panel } = entry;
  const { type, personaIds, ownerId, config } = panel;
  const line: FFPanelDTO = {
    panelId: sessionId,
    type,
    personaIds: [...personaIds],
    ...(title === '' ? {} : { title }),
    ...(ownerId === undefined ? {} : { ownerId }),
    ...timesOf(entry),
    messageCount,
    ...(config === undefined ? {} : { config }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  return JSON.stringify(line);
}

export function toPanel(line: FFPanelDTO): SessionInfo & { readonly panel: PanelInfo } {
  const { panelId, type, personaIds, title = '', ownerId, config, ...rest } = line;
  return {
    ...toSession({ ...rest, sessionId: panelId, title }),
    panel: {
      type,
      personaIds,
      ...(ownerId === undefined ? {} : { ownerId }),
      ...(config === undefined ? {} : { config }),
    },
  };
}

function timesOf({ createdAt, updatedAt }: SessionEntry) {
  return {
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
