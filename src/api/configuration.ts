import type { FFConfigInput, FFConfigurationManagerConfigDTO } from '../shared/config.ts';

/** The configuration of a store. */
export interface ConfigurationMethods {
  /**
   * The configuration in force, as a copy: the defaults, what the manager was made with, and over
   * both, once the store is open, what {@link updateConfiguration} has saved in it.
   */
  getConfiguration(): FFConfigurationManagerConfigDTO;

  /**
   * Changes the given keys at run time and saves them in the store, where they win over what later
   * managers are made with. A key that is `undefined` stays as it is. `document.chunkSize` and
   * `document.chunkOverlap` are saved together. Gives `true`.
   *
   * What is stored already is not looked at again: a lower limit holds for what comes.
   *
   * @throws FFValidationError naming the path for an unknown key or a value out of its range, and
   *   nothing changed; also for another `storage.basePath`, since an open store cannot move.
   * @throws FFStorageError `closed` when the store is not open.
   */
  updateConfiguration(updates: FFConfigInput): Promise<boolean>;
}
