import type { FFStorageConfig } from '../../src/shared/config.ts';
import type { Backend } from '../backend/backend.ts';
import type { DamageReport } from './damage.ts';
import type { HandleCache } from './handle-cache.ts';
import type { LogContext } from './record-log.ts';
import { Reserve } from './reserve.ts';

/** What the logs of a store need of it. */
export function createLogContext(
  backend: Backend,
  files: HandleCache,
  config: FFStorageConfig,
  damage: DamageReport,
): LogContext & { readonly reserve: Reserve } {
  return {
    files,
    // In memory it would keep no room, only take some.
    reserve: backend.isSnapshot
      ? new Reserve(files)
      : new Reserve(files, () => config.reserveBytes),
    get flushCommits() {
      return config.durability === 'flushed' || !backend.keepsUnflushedWrites;
    },
    onDamage: (path, ranges) => damage.add(path, ranges),
  };
}
