import type { FFJsonObject } from '../../src/shared/model/json.ts';

/**
 * The property `key` with `changes` laid over `current` by their top-level keys, to be spread into
 * an object; nothing where both are absent, because an absent property must stay absent.
 */
export function mergeOneLevel<Key extends string>(
  key: Key,
  current: FFJsonObject | undefined,
  changes: FFJsonObject | undefined,
): { [K in Key]?: FFJsonObject } {
  if (changes === undefined && current === undefined) return {};
  // Spreading defines properties, so that a key named `__proto__` stays data.
  return { [key]: { ...current, ...changes } } as { [K in Key]?: FFJsonObject };
}
