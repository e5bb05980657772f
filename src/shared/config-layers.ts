import type { FFConfigInput, FFConfigurationManagerConfigDTO } from './config.ts';

/** The configuration with the keys of `updates` in place of its own; both stay as they are. */
export function layConfig(
  config: FFConfigurationManagerConfigDTO,
  updates: FFConfigInput,
): FFConfigurationManagerConfigDTO {
  return layGroups(config, updates) as FFConfigurationManagerConfigDTO;
}

/** What `above` says, and what `below` says where `above` is silent; both stay as they are. */
export function mergeConfigInput(below: FFConfigInput, above: FFConfigInput): FFConfigInput {
  return layGroups(layGroups({}, below), above) as FFConfigInput;
}

/**
 * Lays the keys of each group over those below; a key or a group that is `undefined` leaves what is
 * below it. A group that is no object, which only unchecked input has, replaces what is below, so
 * that whoever checks the result sees it.
 */
export function layGroups(below: object, above: object): object {
  const groups = new Map<string, unknown>(Object.entries(below));
  for (const [name, group] of Object.entries(above)) {
    if (group === undefined) continue;
    const base = groups.get(name) ?? {};
    const laid =
      isObject(group) && isObject(base) ? { ...base, ...withoutUndefined(group) } : group;
    groups.set(name, laid);
  }
  return Object.fromEntries(groups);
}

function withoutUndefined(group: object): object {
  return Object.fromEntries(Object.entries(group).filter(([, value]) => value !== undefined));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
