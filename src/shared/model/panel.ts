import type { FFJsonObject } from './json.ts';
import type { FFMessageDTO, FFMessageInput } from './message.ts';

/** A character that can speak in panels. */
export interface FFPersonaInput {
  /** Unique in the store. Made by the manager when not given. */
  readonly personaId?: string | undefined;
  readonly name: string;
  readonly description?: string | undefined;
  readonly traits?: readonly string[] | undefined;
  readonly expertise?: readonly string[] | undefined;
  readonly communicationStyle?: string | undefined;
  /** The user whom it belongs to; everybody's when absent. */
  readonly ownerId?: string | undefined;
  readonly metadata?: Readonly<FFJsonObject> | undefined;
}

/** A persona as it is stored. Times are ISO 8601 in UTC with milliseconds. */
export interface FFPersonaDTO {
  personaId: string;
  name: string;
  description?: string;
  traits?: string[];
  expertise?: string[];
  communicationStyle?: string;
  ownerId?: string;
  createdAt: string;
  updatedAt: string;
  metadata?: FFJsonObject;
}

/** What kind of round a panel is. */
export type FFPanelType = 'multi_persona' | 'focus_group' | 'expert_panel' | 'brainstorm';

/** A panel to create. */
export interface FFPanelInput {
  /** Unique in the store. Made by the manager when not given. */
  readonly panelId?: string | undefined;
  readonly type: FFPanelType;
  /** One to `panel.maxPersonas` personas, each once, all of which must exist. */
  readonly personaIds: readonly string[];
  readonly title?: string | undefined;
  /**
   * The user whom it belongs to, who finds its messages by search. Default: the one user to whom all
   * of its owned personas belong; nobody where there is no such user.
   */
  readonly ownerId?: string | undefined;
  /** Settings of the app's own. */
  readonly config?: Readonly<FFJsonObject> | undefined;
  readonly metadata?: Readonly<FFJsonObject> | undefined;
}

/** A panel as it is stored. Times are ISO 8601 in UTC with milliseconds. */
export interface FFPanelDTO {
  panelId: string;
  type: FFPanelType;
  personaIds: string[];
  title?: string;
  ownerId?: string;
  createdAt: string;
  /** The last time anything was written to the panel. */
  updatedAt: string;
  messageCount: number;
  config?: FFJsonObject;
  metadata?: FFJsonObject;
}

/** What a persona says in a panel. */
export interface FFPanelMessageInput extends FFMessageInput {
  /** The message of the panel that this one is about. */
  readonly responseTo?: string | undefined;
}

/** A message of a panel. */
export interface FFPanelMessageDTO extends FFMessageDTO {
  personaId: string;
  responseTo?: string;
}
