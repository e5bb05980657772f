import type { FFMessageDTO } from '../../src/shared/model/message.ts';

/** Messages looked at, the newest ones. */
const MAX_MESSAGES = 500;

/** UTF-16 units looked at, over all messages. */
const MAX_CHARACTERS = 200_000;

/** UTF-16 units looked at of one message, so that a pasted file does not push out the conversation. */
const MAX_MESSAGE_CHARACTERS = 20_000;

/**
 * The newest messages, oldest first, each cut to what is looked at. Its size is bounded, and with it
 * the cost of all that follows, however long the conversation is.
 */
export function newestMessages(messages: readonly FFMessageDTO[]): FFMessageDTO[] {
  const newest: FFMessageDTO[] = [];
  let left = MAX_CHARACTERS;
  for (const message of messages.slice(-MAX_MESSAGES).reverse()) {
    const content = beginning(message.content, MAX_MESSAGE_CHARACTERS);
    if (content.length > left) break;
    left -= content.length;
    newest.push(content === message.content ? message : { ...message, content });
  }
  return newest.reverse();
}

/** At most `length` UTF-16 units, without half a surrogate pair at the end. */
export function beginning(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
