import type { EngineApi, EngineMethod } from '../../src/shared/contract.ts';

/**
 * A call that another tab made and may repeat, because the owner that it was sent to is gone. Its id is
 * stored in what it changes, so that a later owner can tell that it was carried out.
 */
export interface Operation {
  readonly id: string;
  /**
   * Set when an earlier owner may have carried it out: when the call was made, in milliseconds since
   * 1970. Nothing that was written before can be its doing.
   */
  readonly repeatedSince?: number;
}

/** What is known of a call besides its arguments. */
export interface CallContext {
  /** Absent where nobody would repeat it: the caller lives and dies with this thread. */
  readonly operation?: Operation;
  /** Who made it, by the lock that the caller's thread holds for as long as it lives. */
  readonly caller: string;
}

/** The caller of what is called where the engine runs: it goes when the engine goes. */
export const CALLED_HERE = 'here';

/** Methods that change something, and so are told who asks. */
export const CHANGING_METHODS = [
  'createUser',
  'updateUserProfile',
  'deleteUser',
  'createSession',
  'updateSession',
  'deleteSession',
  'addMessage',
  'addMessages',
  'updateMessage',
  'deleteMessage',
  'beginMessage',
  'growMessage',
  'endMessage',
  'storeDocument',
  'deleteDocument',
  'createPersona',
  'deletePersona',
  'createPanel',
  'deletePanel',
  'addPanelMessage',
  'saveContext',
  'updateConfiguration',
  'cleanupOldData',
  'backupData',
  'restoreData',
  'deleteBackup',
  'continueImport',
] as const satisfies readonly EngineMethod[];

export type ChangingMethod = (typeof CHANGING_METHODS)[number];

/** The engine's methods as the services implement them. */
export type ServiceApi = {
  readonly [Method in EngineMethod]: Method extends ChangingMethod
    ? (call: CallContext, ...args: Parameters<EngineApi[Method]>) => ReturnType<EngineApi[Method]>
    : EngineApi[Method];
};
