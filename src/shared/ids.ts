import { v7 } from 'uuid';

/**
 * A new id for a session, a message or any other thing that the store names itself: a version 7
 * UUID, so that ids sort by the time they were made. Made on the calling side, which lets a call be
 * repeated without doing its work twice.
 */
export function createId(): string {
  return v7();
}
