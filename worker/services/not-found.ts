import { FFSessionNotFoundError, FFUserNotFoundError } from '../../src/shared/errors.ts';

export function userNotFound(userId: string): FFUserNotFoundError {
  return new FFUserNotFoundError(
    `There is no user "${userId}": create it with createUser() first.`,
  );
}

export function sessionNotFound(userId: string, sessionId: string): FFSessionNotFoundError {
  return new FFSessionNotFoundError(
    `User "${userId}" has no session "${sessionId}": it was never created, or it was deleted.`,
  );
}
