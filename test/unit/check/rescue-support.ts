import { loadConfig } from '../../../src/validation/config.ts';
import type { Backend } from '../../../worker/backend/backend.ts';
import { openRescue, type Rescue } from '../../../worker/rescue.ts';
import { createClock } from '../../support/stores.ts';

/** Opens files as a worker does whose store does not open. */
export function openTestRescue(backend: Backend): Promise<Rescue> {
  return openRescue({ backend, config: loadConfig({}, 'test'), now: createClock() });
}
