import type { BackendKind, FFMessageDTO } from 'flatfile-chat';
import { createConversation, type Conversation } from '../conversation/conversation.ts';
import { createSearch, type Search } from '../search/search.ts';
import { createSessionList, type SessionList } from '../sessions/session-list.ts';
import { createChatStore, type ChatStore } from '../state/chat-store.ts';
import { createObservable, type MutableObservable } from '../state/observable.ts';
import { createNotices, type Notices } from '../status/notices.ts';
import { createUsage, type Usage } from '../status/usage.ts';
import { createThemeSetting, type ThemeSetting } from '../theme/theme.ts';
import { speakerName } from '../ui/speaker-name.ts';
import { createRouter, type Router } from './route.ts';

/** Everything that the components draw and act on. Each feature owns its part of the state. */
export interface AppModel extends ThemeSetting {
  readonly store: ChatStore;
  readonly router: Router;
  readonly sessions: SessionList;
  readonly conversation: Conversation;
  readonly search: Search;
  readonly usage: Usage;
  readonly notices: Notices;
  /** Whether the sidebar is open where it is a drawer. */
  readonly drawerOpen: MutableObservable<boolean>;
  start(): void;
  newConversation(): Promise<void>;
  deleteConversation(sessionId: string): Promise<void>;
}

export function createAppModel(backend: BackendKind | undefined): AppModel {
  const store = createChatStore(backend);
  const router = createRouter();
  const notices = createNotices();
  const sessions = createSessionList(store);
  const usage = createUsage(store);
  const drawerOpen = createObservable(false);
  const conversation = createConversation(store, {
    onSent: (sessionId) => {
      // An older message that the address still names is no longer what is being looked at.
      if (router.route.value?.messageId !== undefined) router.go({ sessionId }, { replace: true });
    },
    onError: notices.showError,
    onAnswer: (answer: FFMessageDTO) =>
      notices.announce(`${speakerName(answer)}: ${answer.content}`),
  });

  const showNewest = (): void => {
    const newest = sessions.state.value.sessions[0];
    router.go(newest === undefined ? null : { sessionId: newest.sessionId }, { replace: true });
  };

  const followRoute = async (): Promise<void> => {
    const route = router.route.value;
    if (store.phase.value.kind !== 'ready') return;
    if (route === null) {
      conversation.leave();
      return;
    }
    const outcome = await conversation.open(route.sessionId, route.messageId);
    if (outcome === 'no-message') notices.show('That message is no longer in the conversation.');
    if (outcome === 'no-session') {
      notices.show('That conversation no longer exists.');
      showNewest();
    }
  };

  const onPhase = async (): Promise<void> => {
    if (store.phase.value.kind !== 'ready') return;
    await Promise.all([sessions.refresh(), usage.refresh()]);
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
    search: createSearch(store),
    usage,
    notices,
    drawerOpen,

    start() {
      store.phase.subscribe(failing(onPhase));
      router.route.subscribe(failing(followRoute));
      void store.open();
    },

    async newConversation() {
      const sessionId = await sessions.create();
      drawerOpen.set(false);
      router.go({ sessionId });
    },

    async deleteConversation(sessionId) {
      const { sessions: listed } = sessions.state.value;
      const index = listed.findIndex((session) => session.sessionId === sessionId);
      const next = listed[index + 1] ?? listed[index - 1];
      const wasOpen = router.route.value?.sessionId === sessionId;
      // Left before it is gone, so that nothing tries to read it again.
      if (wasOpen) {
        router.go(next === undefined ? null : { sessionId: next.sessionId }, { replace: true });
      }
      await sessions.remove(sessionId);
      notices.announce('Conversation deleted');
    },
  };
}
