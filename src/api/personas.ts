import type {
  FFPanelDTO,
  FFPanelInput,
  FFPanelMessageDTO,
  FFPanelMessageInput,
  FFPersonaDTO,
  FFPersonaInput,
} from '../shared/model/panel.ts';
import type { GetMessagesOptions } from './messages.ts';

/** Which personas {@link PersonaMethods.listPersonas} gives. */
export interface ListPersonasOptions {
  /** This user's, besides the global ones. */
  readonly ownerId?: string | undefined;
}

/** Personas: the characters that speak in panels. One without an owner is global: everybody's. */
export interface PersonaMethods {
  /**
   * Creates a persona; `false`, and nothing changed, when its id is taken.
   *
   * @throws FFUserNotFoundError when it has an `ownerId` that is no user.
   */
  createPersona(persona: FFPersonaInput): Promise<boolean>;

  /** The persona, or `null`. */
  getPersona(personaId: string): Promise<FFPersonaDTO | null>;

  /**
   * The global personas and, when there is an `ownerId`, that user's, in the order in which they
   * were created.
   */
  listPersonas(options?: ListPersonasOptions): Promise<FFPersonaDTO[]>;

  /**
   * Deletes a persona; `false` when there is none. Panels go on listing it and what it has said
   * stays; but it can no longer speak, and no new panel can have it. Deleting a user deletes the
   * personas and the panels that they own.
   */
  deletePersona(personaId: string): Promise<boolean>;
}

/** Panels: conversations among personas. */
export interface PanelMethods {
  /**
   * Creates a panel and gives its id. Where there is a panel of that id already, it is left as it
   * is, so that a call can be repeated.
   *
   * @throws FFValidationError field `personaIds` when there are none, more than `panel.maxPersonas`,
   *   or one of them twice.
   * @throws FFStorageError `not-found` when a persona does not exist.
   * @throws FFUserNotFoundError when the panel has an `ownerId` that is no user.
   */
  createPanel(panel: FFPanelInput): Promise<string>;

  /** The panel, or `null`. */
  getPanel(panelId: string): Promise<FFPanelDTO | null>;

  /** All panels of the store, the one with the newest activity first. */
  listPanels(): Promise<FFPanelDTO[]>;

  /** Deletes a panel with its messages and their index entries; `false` when there is none. */
  deletePanel(panelId: string): Promise<boolean>;

  /**
   * Appends what a persona says and resolves once it is durable. `true` also when a message with
   * this `messageId` is already there, which changes nothing; `false` when that id was deleted.
   * A message without a `name` gets the persona's.
   *
   * The messages of a panel are found by searches of its owner, else of the speaking persona's
   * owner. In such a hit both `sessionId` and `panelId` are the panel's id.
   *
   * @throws FFStorageError `not-found` when there is no such panel or no such persona.
   * @throws FFValidationError field `personaId` when the persona does not belong to the panel, field
   *   `responseTo` when that is no message of the panel.
   */
  addPanelMessage(
    panelId: string,
    personaId: string,
    message: FFPanelMessageInput,
  ): Promise<boolean>;

  /** The messages of a panel, in the order in which they were added; none when there is no panel. */
  getPanelMessages(panelId: string, options?: GetMessagesOptions): Promise<FFPanelMessageDTO[]>;
}
