import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app/app-context.ts';
import { FileButton } from '../documents/file-button.tsx';
import { MessageForm } from './message-form.tsx';

/** What was begun in each conversation, for as long as the page lives. */
const draftsBySessionId = new Map<string, string>();

export interface ComposerProps {
  readonly sessionId: string | null;
  readonly isEmpty: boolean;
}

/** Writes messages. One composer belongs to one conversation. */
export function Composer({ sessionId, isEmpty }: ComposerProps) {
  const { conversation, documents } = useApp();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => draftsBySessionId.get(sessionId ?? '') ?? '');

  useEffect(() => {
    if (sessionId !== null && isEmpty) field.current?.focus();
  }, []);

  return (
    <MessageForm
      field={field}
      text={text}
      placeholder={sessionId === null ? 'Open a conversation' : 'Write a message'}
      disabled={sessionId === null}
      attach={
        <FileButton
          class="icon-button"
          icon="clip"
          label="Attach files"
          isBare
          disabled={sessionId === null}
          onChoose={(chosen) => {
            if (sessionId !== null) void documents.add(sessionId, chosen);
          }}
        />
      }
      hint="Recall is a search over your own history, not a language model."
      onText={(value) => {
        setText(value);
        if (sessionId !== null) draftsBySessionId.set(sessionId, value);
      }}
      send={(value) => conversation.send(value)}
    />
  );
}
