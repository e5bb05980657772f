import type { FFJsonObject } from './json.ts';

/** A user's profile as it is stored. Times are ISO 8601 in UTC with milliseconds. */
export interface FFUserProfileDTO {
  userId: string;
  username?: string;
  email?: string;
  name?: string;
  createdAt: string;
  updatedAt: string;
  preferences?: FFJsonObject;
  metadata?: FFJsonObject;
}

/**
 * What an app says about a user. Any other key, such as `role`, is kept under `metadata`; `userId`,
 * `createdAt` and `updatedAt` are the store's own and ignored, so that a profile that was read may
 * be passed back.
 */
export interface FFUserProfileInput {
  readonly username?: string | undefined;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly preferences?: Readonly<FFJsonObject> | undefined;
  readonly metadata?: Readonly<FFJsonObject> | undefined;
  readonly [key: string]: unknown;
}
