import type { MessageRole } from 'flatfile-chat';

const NAMES_BY_ROLE: Readonly<Record<MessageRole, string>> = {
  user: 'You',
  assistant: 'Assistant',
  system: 'System',
  tool: 'Tool',
};

/** Who said it: the participant's own name, else a word for the role. */
export function speakerName({
  role,
  name,
}: {
  readonly role?: MessageRole;
  readonly name?: string;
}): string {
  return name ?? NAMES_BY_ROLE[role ?? 'user'];
}
