import { mergeConfigInput } from '../../src/shared/config-layers.ts';
import type { FFConfigInput, FFConfigurationManagerConfigDTO } from '../../src/shared/config.ts';
import { marked } from '../store/operations.ts';
import type { RootRecord } from '../store/root-catalog.ts';
import type { Store } from '../store/store.ts';
import type { ServiceApi } from './call.ts';
import type { ServiceContext } from './context.ts';
import { markOf, wasDone } from './recall.ts';

export type ConfigurationService = Pick<ServiceApi, 'updateConfiguration'>;

/** The one set of settings that a store keeps. */
const SETTINGS_ID = 'configuration';

export function createConfigurationService(context: ServiceContext): ConfigurationService {
  const { store, indexer, embedding, config, now, publish } = context;
  return {
    updateConfiguration: async (call, updates) => {
      const isNew = await store.alone(async () => {
        const root = await store.root();
        if (wasDone(call, root)) return false;
        const value = mergeConfigInput(root.settings.get(SETTINGS_ID)?.value ?? {}, updates);
        const record: RootRecord = { type: 'put', kind: 'settings', id: SETTINGS_ID, value };
        await root.append([marked(record, markOf(call, now))]);
        return true;
      });
      // What it saved was in force from the opening on, and maybe something newer.
      if (!isNew) return;
      applySettings(config, updates);
      // What was only written so far is to be as safe as everything from here on.
      if (updates.storage?.durability === 'flushed') await store.flush();
      if (updates.search !== undefined) indexer.reconfigure();
      if (updates.vector !== undefined) embedding.reconfigure();
      publish({ type: 'settings', updates });
    },
  };
}

/** What earlier calls of `updateConfiguration` have saved. */
export async function savedSettings(store: Store): Promise<FFConfigInput> {
  return (await store.root()).settings.get(SETTINGS_ID)?.value ?? {};
}

/** Changes the configuration that is in force, which everybody reads where it matters. */
export function applySettings(
  config: FFConfigurationManagerConfigDTO,
  updates: FFConfigInput,
): void {
  for (const [name, group] of Object.entries(updates)) {
    const target = config[name as keyof FFConfigurationManagerConfigDTO];
    const defined = Object.entries(group ?? {}).filter(([, value]) => value !== undefined);
    Object.assign(target, Object.fromEntries(defined));
  }
}
