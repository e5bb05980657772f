import { describe, it } from 'vitest';
import { backendAcceptance } from '../../worker/backend/acceptance.ts';
import { createMemoryBackend } from '../../worker/backend/memory.ts';
import { createFaultyBackend } from '../support/faulty-backend.ts';
import { createMeteredBackend } from '../support/metered-backend.ts';

describe('memory backend', () => {
  it.each(backendAcceptance)('$name', ({ run }) =>
    run({ open: async () => createMemoryBackend(), persistent: false }),
  );
});

// Other tests trust these two to be backends like any other.
describe('metered backend', () => {
  it.each(backendAcceptance)('$name', ({ run }) =>
    run({ open: async () => createMeteredBackend(createMemoryBackend()), persistent: false }),
  );
});

describe('faulty backend without a fault', () => {
  it.each(backendAcceptance)('$name', async ({ run }) => {
    let disk = createFaultyBackend();
    await run({ open: async () => (disk = disk.disk('flushed')), persistent: true });
  });
});
