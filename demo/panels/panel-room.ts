import type { FFPanelDTO, FFPanelMessageDTO, FFPersonaDTO } from 'flatfile-chat';
import { createThread, type Thread, type ThreadListeners } from '../conversation/thread.ts';
import type { ChatStore } from '../state/chat-store.ts';

/** The panel that is open. */
export interface PanelRoom extends Thread<FFPanelDTO, FFPanelMessageDTO> {
  /** Resolves when it is stored and shown. */
  speak(persona: FFPersonaDTO, text: string, responseTo: string | undefined): Promise<void>;
}

export function createPanelRoom(store: ChatStore, listeners: ThreadListeners): PanelRoom {
  const thread = createThread<FFPanelDTO, FFPanelMessageDTO>(
    store,
    {
      read: (panelId) => store.read((storage) => storage.getPanel(panelId)),
      readerOf: (panelId) => (options) =>
        store.read((storage) => storage.getPanelMessages(panelId, options)),
    },
    listeners,
  );

  return {
    ...thread,

    async speak({ personaId, name }, text, responseTo) {
      const { id } = thread.state.value;
      if (id === null) return;
      const said = JSON.stringify([personaId, text]);
      await thread.send(id, said, (messageId) =>
        store.write((storage) =>
          storage.addPanelMessage(id, personaId, {
            messageId,
            role: 'assistant',
            content: text,
            // Kept with the message, so that the name outlives its persona.
            name,
            responseTo,
          }),
        ),
      );
    },
  };
}
