/**
 * For authors of storage backends: the interface, the suite that proves an implementation, and the
 * two smallest ones.
 *
 * @packageDocumentation
 */
export {
  backendAcceptance,
  type AcceptanceCase,
  type BackendSubject,
} from './backend/acceptance.ts';
export type { Backend, BackendEntry, BackendFile } from './backend/backend.ts';
export { createMemoryBackend } from './backend/memory.ts';
