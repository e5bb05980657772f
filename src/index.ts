/**
 * flatfile-chat keeps users, sessions and messages in flat files inside the browser and finds them
 * again. {@link FFStorageManager} is where everything starts.
 *
 * @packageDocumentation
 */
export { FFStorageManager, type FFStorageManagerOptions } from './manager.ts';
export { loadConfig } from './validation/config.ts';

export {
  FFQuotaExceededError,
  FFSessionNotFoundError,
  FFStorageError,
  FFUserNotFoundError,
  FFValidationError,
  type FFErrorCode,
  type FFErrorOptions,
} from './shared/errors.ts';

export type * from './shared/config.ts';
export type * from './shared/model/json.ts';
export type { BackendKind } from './shared/contract.ts';
export type { FFSessionDTO } from './shared/model/session.ts';
export type { FFUserProfileDTO, FFUserProfileInput } from './shared/model/user.ts';
export {
  MessageRole,
  type FFMessageDTO,
  type FFMessageInput,
  type FFMessageStatus,
} from './shared/model/message.ts';
export type { FFSearchResultDTO } from './shared/model/search.ts';

export type { UserMethods } from './api/users.ts';
export type { ListSessionsOptions, SessionMethods } from './api/sessions.ts';
export type { GetMessagesOptions, MessageMethods } from './api/messages.ts';
export type { SearchMessagesOptions, SearchMethods } from './api/search.ts';
export type { MaintenanceMethods } from './api/maintenance.ts';
