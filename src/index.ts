/**
 * flatfile-chat keeps users, sessions, messages and documents in flat files inside the browser and
 * finds them again. {@link FFStorageManager} is where everything starts.
 *
 * @packageDocumentation
 */
export { FFStorageManager } from './manager.ts';
export type { FFStorageManagerOptions } from './manager/lifecycle.ts';
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
export type { BackendKind } from './shared/contract.ts';
export type { FFEmbedder, FFModelDtype, ModelProgress } from './shared/embedding.ts';
export type { FFTabRole } from './shared/host.ts';
export type { FFSearchLanguage } from './shared/search-languages.ts';
export type * from './shared/model/backup.ts';
export type * from './shared/model/context.ts';
export type * from './shared/model/document.ts';
export type * from './shared/model/json.ts';
export {
  MessageRole,
  type FFMessageDTO,
  type FFMessageInput,
  type FFMessageStatus,
} from './shared/model/message.ts';
export type * from './shared/model/panel.ts';
export type * from './shared/model/reliability.ts';
export type * from './shared/model/search.ts';
export type { FFSessionDTO } from './shared/model/session.ts';
export type * from './shared/model/statistics.ts';
export type * from './shared/model/user.ts';

export type * from './api/backups.ts';
export type * from './api/configuration.ts';
export type * from './api/contexts.ts';
export type * from './api/documents.ts';
export type * from './api/maintenance.ts';
export type * from './api/messages.ts';
export type * from './api/personas.ts';
export type * from './api/reliability.ts';
export type * from './api/search.ts';
export type * from './api/sessions.ts';
export type * from './api/statistics.ts';
export type * from './api/streams.ts';
export type * from './api/users.ts';
