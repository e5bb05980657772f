import { useApp } from '../app/app-context.ts';
import { Icon } from '../ui/icon.tsx';

const SUGGESTIONS = [
  'How much water for the sourdough?',
  'Where did I put the spare brake pads?',
  'Wann sind wir auf der Falkenhütte?',
] as const;

/** A conversation without messages: what one can do here. */
export function EmptyConversation() {
  const { conversation, notices } = useApp();
  return (
    <div class="messages empty">
      <div class="empty-content">
        <h2>Ask your own history</h2>
        <p>
          Whatever you write is stored on this device. <strong>Recall</strong> answers by searching
          your earlier conversations and quoting them. It is no language model, and nothing is sent
          anywhere.
        </p>
        <ul class="suggestions" aria-label="Suggestions">
          {SUGGESTIONS.map((text) => (
            <li key={text}>
              <button
                type="button"
                class="suggestion"
                onClick={() => void conversation.send(text).catch(notices.showError)}
              >
                {text}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** No conversation is open, because there is none. */
export function NoConversation() {
  const { newConversation, notices } = useApp();
  return (
    <div class="messages empty">
      <div class="empty-content">
        <h2>No conversation open</h2>
        <p>Everything you write stays in files inside this browser.</p>
        <button
          type="button"
          class="button button-primary"
          onClick={() => void newConversation().catch(notices.showError)}
        >
          <Icon name="plus" />
          New conversation
        </button>
      </div>
    </div>
  );
}
