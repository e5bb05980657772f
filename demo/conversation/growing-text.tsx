import type { FFMessageDTO } from 'flatfile-chat';
import { useApp } from '../app/app-context.ts';
import { useObservable } from '../state/use-observable.ts';
import { MessageText } from './message-text.tsx';

/** A message while it is being written; it alone is drawn again with each word. */
export function GrowingText({ message }: { readonly message: FFMessageDTO }) {
  const { conversation } = useApp();
  const text = useObservable(conversation.growing).get(message.messageId) ?? message.content;
  if (text === '') return <p class="answering">Looking through your history…</p>;
  return <MessageText content={text} />;
}
