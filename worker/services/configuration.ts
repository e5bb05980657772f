import { mergeConfigInput } from '../../src/shared/config-layers.ts';
import type { FFConfigInput, FFConfigurationManagerConfigDTO } from '../../src/shared/config.ts';
import type { EngineApi } from '../../src/shared/contract.ts';
import type { Store } from '../store/store.ts';
import type { ServiceContext } from './context.ts';

export type ConfigurationService = Pick<EngineApi, 'updateConfiguration'>;

/** The one set of settings that a store keeps. */
const SETTINGS_ID = 'configuration';

export function createConfigurationService(context: ServiceContext): ConfigurationService {
  const { store, indexer, embedding, config } = context;
  return {
    updateConfiguration: async (updates) => {
      await store.alone(async () => {
        const root = await store.root();
        const value = mergeConfigInput(root.settings.get(SETTINGS_ID)?.value ?? {}, updates);
        await root.append([{ type: 'put', kind: 'settings', id: SETTINGS_ID, value }]);
      });
      applySettings(config, updates);
      // What was only written so far is to be as safe as everything from here on.
      if (updates.storage?.durability === 'flushed') await store.flush();
      if (updates.search !== undefined) indexer.reconfigure();
      if (updates.vector !== undefined) embedding.reconfigure();
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
