import type { BackendKind } from 'flatfile-chat';
import { createBackups, type Backups } from '../backups/backups.ts';
import { createConversation, type Conversation } from '../conversation/conversation.ts';
import { spoken } from '../conversation/spoken.ts';
import { createDocuments, type Documents } from '../documents/documents.ts';
import { createPanelRoom, type PanelRoom } from '../panels/panel-room.ts';
import { createPanels, type Panels } from '../panels/panels.ts';
import { createSearchProgress, isSettled, type SearchProgress } from '../search/search-progress.ts';
import { createSearch, type Search } from '../search/search.ts';
import { createSessionList, type SessionList } from '../sessions/session-list.ts';
import { createChatStore, type ChatStore } from '../state/chat-store.ts';
import { createObservable, type MutableObservable } from '../state/observable.ts';
import { createNotices, type Notices } from '../status/notices.ts';
import { ROLES } from '../status/roles.ts';
import { createUsage, type Usage } from '../status/usage.ts';
import { createThemeSetting, type ThemeSetting } from '../theme/theme.ts';
import { speakerName } from '../ui/speaker-name.ts';
import { chatOf, createRouter, type ChatRoute, type PanelsRoute, type Router } from './route.ts';

/** Everything that the components draw and act on. Each feature owns its part of the state. */
export interface AppModel extends ThemeSetting {
  readonly store: ChatStore;
  readonly router: Router;
  readonly sessions: SessionList;
  readonly conversation: Conversation;
  readonly documents: Documents;
  readonly panels: Panels;
  readonly panelRoom: PanelRoom;
  readonly backups: Backups;
  readonly search: Search;
  readonly searchProgress: SearchProgress;
  readonly usage: Usage;
  readonly notices: Notices;
  /** Whether the sidebar is open where it is a drawer. */
  readonly drawerOpen: MutableObservable<boolean>;
  start(): void;
  newConversation(): Promise<void>;
  deleteConversation(sessionId: string): Promise<void>;
}

export interface AppOptions {
  readonly backend: BackendKind | undefined;
  /** Milliseconds that the answerer takes for each word. */
  readonly paceMs: number;
}

export function createAppModel({ backend, paceMs }: AppOptions): AppModel {
  const store = createChatStore(backend);
  const router = createRouter();
  const notices = createNotices();
  const sessions = createSessionList(store);
  const usage = createUsage(store);
  const search = createSearch(store);
  const searchProgress = createSearchProgress(store);
  const drawerOpen = createObservable(false);
  const conversation = createConversation(store, {
    paceMs,
    onSent: (sessionId) => {
      // An older message that the address still names is no longer what is being looked at.
      if (chatOf(router.route.value)?.messageId !== undefined) {
        router.go({ view: 'chat', sessionId }, { replace: true });
      }
    },
    onError: notices.showError,
    onGrowing: (message) => notices.announce(`${speakerName(message)} is answering`),
    onMessage: (message) => {
      if (message.role !== 'user') notices.announce(spoken(message));
    },
    onGone: (sessionId) => {
      if (chatOf(router.route.value)?.sessionId === sessionId) failing(followRoute)();
      else conversation.leave();
    },
  });

  const documents = createDocuments(store, {
    onProblem: notices.show,
    onAdded: notices.announce,
  });
  const panels = createPanels(store);
  const panelRoom = createPanelRoom(store, {
    onSent: (panelId) => {
      const route = router.route.value;
      if (route?.view === 'panels' && route.messageId !== undefined) {
        router.go({ view: 'panels', panelId }, { replace: true });
      }
    },
    onError: notices.showError,
  });

  const goToChat = (sessionId: string | undefined): void =>
    router.go(sessionId === undefined ? null : { view: 'chat', sessionId }, { replace: true });

  const showNewest = (): void => goToChat(sessions.state.value.sessions[0]?.sessionId);

  const openChat = async ({ sessionId, messageId }: ChatRoute): Promise<void> => {
    const outcome = await conversation.open(sessionId, messageId);
    if (outcome === 'no-message') notices.show('That message is no longer in the conversation.');
    if (outcome === 'gone') {
      notices.show('That conversation no longer exists.');
      // Another tab may have deleted it, and then it is still listed here.
      await sessions.refresh();
      showNewest();
    }
  };

  const openPanel = async ({ panelId, messageId }: PanelsRoute): Promise<void> => {
    if (panelId === undefined) {
      panelRoom.leave();
      return;
    }
    const outcome = await panelRoom.open(panelId, messageId);
    if (outcome === 'no-message') notices.show('That message is no longer in the panel.');
    if (outcome === 'gone') {
      notices.show('That panel no longer exists.');
      router.go({ view: 'panels' }, { replace: true });
    }
  };

  const followRoute = async (): Promise<void> => {
    const route = router.route.value;
    if (store.phase.value.kind !== 'ready') return;
    if (route === null) conversation.leave();
    // The other views leave the conversation open, so that coming back to it is immediate.
    else if (route.view === 'chat') await openChat(route);
    else if (route.view === 'panels') await openPanel(route);
  };

  const onPhase = async (): Promise<void> => {
    if (store.phase.value.kind !== 'ready') return;
    await Promise.all([
      ...[sessions.refresh(), documents.refresh(), panels.refresh()],
      ...[usage.refresh(), searchProgress.refresh()],
    ]);
    if (router.route.value === null) showNewest();
    else await followRoute();
  };

  const failing = (task: () => Promise<void>) => (): void =>
    void task().catch((error: unknown) => notices.showError(error));

  return {
    ...createThemeSetting(),
    store,
    router,
    sessions,
    conversation,
    documents,
    panels,
    panelRoom,
    // A task goes on while the reader looks at another view.
    backups: createBackups(store, notices),
    search,
    searchProgress,
    usage,
    notices,
    drawerOpen,

    start() {
      store.phase.subscribe(failing(onPhase));
      router.route.subscribe(failing(followRoute));
      searchProgress.state.subscribe(() => {
        // What was only just embedded may be what is looked for.
        if (isSettled(searchProgress.state.value)) search.refresh();
      });
      store.role.subscribe(() => {
        if (store.role.value === 'reader') notices.announce(ROLES.reader.name);
      });
      void store.open();
    },

    async newConversation() {
      const sessionId = await sessions.create();
      drawerOpen.set(false);
      router.go({ view: 'chat', sessionId });
    },

    async deleteConversation(sessionId) {
      const { sessions: listed } = sessions.state.value;
      const index = listed.findIndex((session) => session.sessionId === sessionId);
      const next = listed[index + 1] ?? listed[index - 1];
      const wasOpen = chatOf(router.route.value)?.sessionId === sessionId;
      // Left before it is gone, so that nothing tries to read it again.
      if (wasOpen) goToChat(next?.sessionId);
      else if (conversation.state.value.id === sessionId) conversation.leave();
      await sessions.remove(sessionId);
      notices.announce('Conversation deleted');
    },
  };
}
