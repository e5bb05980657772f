import type { FFConfigurationManagerConfigDTO } from '../shared/config.ts';
import { createBackupValidator } from './backups.ts';
import { createContextValidator } from './contexts.ts';
import { createDocumentValidator } from './documents.ts';
import { createFields } from './fields.ts';
import { maintenanceValidator } from './maintenance.ts';
import { createMessageValidator } from './messages.ts';
import { createPanelValidator } from './panels.ts';
import { parse } from './parse.ts';
import { createSearchValidator } from './search.ts';
import { createSessionValidator } from './sessions.ts';
import { createStreamValidator } from './streams.ts';
import { createUserValidator } from './users.ts';

/** Turns what an app passes into what the engine takes, or throws before anything crosses. */
export type InputValidator = ReturnType<typeof createInputValidator>;

/** The checks for one configuration; its limits are part of them. */
export function createInputValidator(config: FFConfigurationManagerConfigDTO) {
  const fields = createFields(config);
  return {
    id: (value: unknown, field: string): string => parse(fields.id, value, field),
    ...createUserValidator(fields),
    ...createSessionValidator(fields),
    ...createMessageValidator(fields),
    ...createStreamValidator(fields),
    ...createSearchValidator(fields),
    ...createDocumentValidator(fields, config),
    ...createPanelValidator(fields, config),
    ...createContextValidator(fields, config),
    ...createBackupValidator(fields),
    ...maintenanceValidator,
  };
}
