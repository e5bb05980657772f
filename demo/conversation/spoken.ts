import type { FFMessageDTO } from 'flatfile-chat';
import { speakerName } from '../ui/speaker-name.ts';

/** A message as it is read out once it is there, or once it is as complete as it will be. */
export function spoken(message: FFMessageDTO): string {
  const said = `${speakerName(message)}: ${message.content}`;
  switch (message.status) {
    case 'aborted':
      return `${said} (stopped)`;
    case 'interrupted':
      return `${said} (interrupted)`;
    default:
      return said;
  }
}
