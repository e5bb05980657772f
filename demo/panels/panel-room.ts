import type { FFPanelDTO, FFPanelMessageDTO, FFPersonaDTO } from 'flatfile-chat';
import {
  EMPTY_WINDOW,
  loadAround,
  loadLatest,
  loadNewer,
  loadOlder,
  reload,
  type MessageWindow,
  type ReadMessages,
} from '../conversation/message-window.ts';
import type { ChatStore } from '../state/chat-store.ts';
import { createCoalesced } from '../state/coalesced.ts';
import { createObservable, type Observable } from '../state/observable.ts';
import { createQueue } from '../state/queue.ts';

export interface PanelRoomState {
  readonly panelId: string | null;
  /** `null` until it has been read. */
  readonly panel: FFPanelDTO | null;
  readonly window: MessageWindow<FFPanelMessageDTO>;
  /** A message to show and to point out. A new object for every time that it was asked for. */
  readonly target: { readonly messageId: string } | null;
  readonly sent: { readonly messageId: string } | null;
}

/** What became of {@link PanelRoom.open}. */
export type OpenPanelOutcome = 'opened' | 'no-panel' | 'no-message' | 'superseded';

/** The panel that is open, with the stretch of its messages that is on the page. */
export interface PanelRoom {
  readonly state: Observable<PanelRoomState>;
  open(panelId: string, messageId?: string): Promise<OpenPanelOutcome>;
  leave(): void;
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  showLatest(): Promise<void>;
  /** Resolves when it is stored and shown. */
  speak(persona: FFPersonaDTO, text: string, responseTo: string | undefined): Promise<void>;
}

const CLOSED: PanelRoomState = {
  panelId: null,
  panel: null,
  window: EMPTY_WINDOW,
  target: null,
  sent: null,
};

export interface PanelRoomListeners {
  onSent(panelId: string): void;
  onError(error: unknown): void;
}

export function createPanelRoom(
  store: ChatStore,
  { onSent, onError }: PanelRoomListeners,
): PanelRoom {
  const state = createObservable(CLOSED);
  /** Whatever replaces the window takes its turn, so that no page is based on an outdated one. */
  const inTurn = createQueue();

  /** A message whose write failed without saying whether it took place. */
  let unsent: { panelId: string; personaId: string; text: string; messageId: string } | undefined;

  const readerOf =
    (panelId: string): ReadMessages<FFPanelMessageDTO> =>
    (options) =>
      store.read((storage) => storage.getPanelMessages(panelId, options));

  const readPanel = (panelId: string): Promise<FFPanelDTO | null> =>
    store.read((storage) => storage.getPanel(panelId));

  /** Applies what was read, unless another panel has been opened meanwhile. */
  const change = (panelId: string, changes: Partial<PanelRoomState>): boolean => {
    if (state.value.panelId !== panelId) return false;
    state.update((current) => ({ ...current, ...changes }));
    return true;
  };

  const page = (
    load: (
      read: ReadMessages<FFPanelMessageDTO>,
      window: MessageWindow<FFPanelMessageDTO>,
    ) => Promise<MessageWindow<FFPanelMessageDTO>>,
  ): Promise<void> =>
    inTurn(async () => {
      const { panelId, panel, window } = state.value;
      if (panelId === null || panel === null) return;
      change(panelId, { window: await load(readerOf(panelId), window) });
    });

  const refresh = createCoalesced(() =>
    inTurn(async () => {
      const { panelId, panel, window } = state.value;
      if (panelId === null || panel === null) return;
      const now = await readPanel(panelId);
      if (now === null) return;
      const added = now.messageCount - panel.messageCount;
      change(panelId, { panel: now, window: await reload(readerOf(panelId), window, added) });
    }),
  );
  store.onChange(() => void refresh().catch(onError));

  const open = async (panelId: string, messageId?: string): Promise<OpenPanelOutcome> => {
    if (state.value.panelId !== panelId) return 'superseded';
    const panel = await readPanel(panelId);
    if (panel === null) return change(panelId, CLOSED) ? 'no-panel' : 'superseded';

    const { panel: shown, window } = state.value;
    const isOnPage = window.messages.some((message) => message.messageId === messageId);
    const around =
      messageId === undefined || isOnPage ? null : await loadAround(readerOf(panelId), messageId);
    const isFound = messageId !== undefined && (isOnPage || around !== null);

    const opened = change(panelId, {
      panel,
      window: around ?? (shown === null ? await loadLatest(readerOf(panelId)) : window),
      target: isFound ? { messageId } : null,
    });
    if (!opened) return 'superseded';
    return messageId === undefined || isFound ? 'opened' : 'no-message';
  };

  return {
    state,

    open(panelId, messageId) {
      if (state.value.panelId !== panelId) state.set({ ...CLOSED, panelId });
      return inTurn(() => open(panelId, messageId));
    },
    leave: () => state.set(CLOSED),

    loadOlder: () => page(loadOlder),
    loadNewer: () => page(loadNewer),
    showLatest: () => page((read) => loadLatest(read)),

    async speak({ personaId, name }, text, responseTo) {
      const { panelId } = state.value;
      if (panelId === null) return;
      const isSame =
        unsent?.panelId === panelId && unsent.personaId === personaId && unsent.text === text;
      // Sent again under the same id, a message that had arrived after all is not doubled.
      const messageId = (isSame ? unsent?.messageId : undefined) ?? crypto.randomUUID();
      unsent = { panelId, personaId, text, messageId };
      await store.write((storage) =>
        storage.addPanelMessage(panelId, personaId, {
          messageId,
          role: 'assistant',
          content: text,
          // Kept with the message, so that the name outlives its persona.
          name,
          responseTo,
        }),
      );
      unsent = undefined;
      await (state.value.window.newer > 0 ? page((read) => loadLatest(read)) : refresh());
      change(panelId, { sent: { messageId } });
      onSent(panelId);
    },
  };
}
