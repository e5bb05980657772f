import { expect, it, onTestFinished, vi } from 'vitest';
import output from '../../examples/quick-start.output.txt?raw';
import { removeOpfsStore } from './support/remove-store.ts';

/** The program names no store, as a first program would not. */
const DEFAULT_PATH = 'flatfile-chat';

it('the quick start prints what the README says', async () => {
  await removeOpfsStore(DEFAULT_PATH);
  onTestFinished(() => removeOpfsStore(DEFAULT_PATH));
  const log = vi.spyOn(console, 'log').mockReturnValue();
  onTestFinished(() => log.mockRestore());

  await import('../../examples/quick-start.ts');

  expect(log.mock.calls.map((values) => `${values.join(' ')}\n`).join('')).toBe(output);
});
