import type { FFUserProfileDTO, FFUserProfileInput } from '../shared/model/user.ts';

/** Users: the only partition of a store. Nothing of one user is reachable through another's id. */
export interface UserMethods {
  /**
   * Creates a user; `false`, and nothing changed, when the id is taken.
   *
   * @throws FFValidationError for a bad id or a profile that is not plain JSON.
   */
  createUser(userId: string, profile?: FFUserProfileInput): Promise<boolean>;

  /** Whether the user exists. */
  userExists(userId: string): Promise<boolean>;

  /** The user's profile, or `null` when there is no such user. */
  getUserProfile(userId: string): Promise<FFUserProfileDTO | null>;

  /**
   * Changes the given keys of a profile; `false` when there is no such user. `preferences` and
   * `metadata` are merged by their top-level keys; a key whose value is `undefined` stays as it is.
   */
  updateUserProfile(userId: string, updates: FFUserProfileInput): Promise<boolean>;

  /**
   * Deletes a user. Without `force`, a user who has sessions, or owns personas or panels, is left
   * alone and the answer is `false`; with it, all of that goes too. `false` also when there is no
   * such user. Backups stay.
   */
  deleteUser(userId: string, options?: { readonly force?: boolean | undefined }): Promise<boolean>;

  /** The ids of all users, in the order in which they were created. */
  listUsers(): Promise<string[]>;
}
