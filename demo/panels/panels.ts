import type { FFPanelDTO, FFPanelType, FFPersonaDTO } from 'flatfile-chat';
import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import { createCoalesced } from '../state/coalesced.ts';
import { createObservable, type Observable } from '../state/observable.ts';
import { nextHue } from './persona-colour.ts';

export interface PanelsState {
  /** Newest activity first. */
  readonly panels: readonly FFPanelDTO[];
  /** In the order in which they were created. */
  readonly personas: readonly FFPersonaDTO[];
  readonly known: boolean;
}

/** What the form for a persona asks for. */
export interface PersonaDraft {
  readonly name: string;
  readonly description: string;
  readonly traits: readonly string[];
  readonly expertise: readonly string[];
}

export interface PanelDraft {
  readonly title: string;
  readonly type: FFPanelType;
  readonly personaIds: readonly string[];
}

export interface Panels {
  readonly state: Observable<PanelsState>;
  refresh(): Promise<void>;
  createPersona(draft: PersonaDraft): Promise<void>;
  deletePersona(personaId: string): Promise<void>;
  /** Gives the id of the new panel. */
  createPanel(draft: PanelDraft): Promise<string>;
  deletePanel(panelId: string): Promise<void>;
}

export const PANEL_TYPES: Readonly<Record<FFPanelType, string>> = {
  multi_persona: 'Conversation',
  focus_group: 'Focus group',
  expert_panel: 'Expert panel',
  brainstorm: 'Brainstorm',
};

export function createPanels(store: ChatStore): Panels {
  const state = createObservable<PanelsState>({ panels: [], personas: [], known: false });

  const refresh = createCoalesced(async () => {
    const [panels, personas] = await store.read((storage) =>
      Promise.all([storage.listPanels(), storage.listPersonas({ ownerId: USER_ID })]),
    );
    state.set({ panels, personas, known: true });
  });

  // A failed read has already moved the store to its failed phase, or will be repeated by the next
  // change.
  store.onChange(() => void refresh().catch(() => undefined));

  return {
    state,
    refresh,

    async createPersona({ name, description, traits, expertise }) {
      await store.write((storage) =>
        storage.createPersona({
          name,
          traits,
          expertise,
          ownerId: USER_ID,
          metadata: { hue: nextHue(state.value.personas) },
          ...(description === '' ? {} : { description }),
        }),
      );
      await refresh();
    },

    async deletePersona(personaId) {
      await store.write((storage) => storage.deletePersona(personaId));
      await refresh();
    },

    async createPanel({ title, type, personaIds }) {
      const panelId = await store.write((storage) =>
        // Only what belongs to the user is found by the user's searches.
        storage.createPanel({ type, personaIds, title, ownerId: USER_ID }),
      );
      await refresh();
      return panelId;
    },

    async deletePanel(panelId) {
      await store.write((storage) => storage.deletePanel(panelId));
      await refresh();
    },
  };
}
