import {
  FFSessionNotFoundError,
  FFStorageError,
  FFUserNotFoundError,
  FFValidationError,
} from 'flatfile-chat';
import { describe, expect, it } from 'vitest';
import { openWithSession } from '../contract/subject.ts';
import { say } from '../contract/support.ts';
import { opfs } from './support/subjects.ts';

/** What a call was rejected with. */
function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => ({ resolvedWith: value }),
    (error: unknown) => error,
  );
}

describe('an error that was thrown in the worker', () => {
  it('is of the same class in the page, and of all classes above it', async () => {
    const { storage, sessionId } = await openWithSession(opfs);
    const noUser = await errorOf(storage.createSession('nobody'));
    expect(noUser).toBeInstanceOf(FFUserNotFoundError);
    expect(noUser).toBeInstanceOf(FFStorageError);
    expect(noUser).toBeInstanceOf(Error);
    expect(noUser).not.toBeInstanceOf(FFSessionNotFoundError);
    expect(noUser).toMatchObject({ name: 'FFUserNotFoundError', code: 'user-not-found' });

    const noSession = await errorOf(storage.addMessage('alice', 'none', say('x')));
    expect(noSession).toBeInstanceOf(FFSessionNotFoundError);
    expect(noSession).toMatchObject({ name: 'FFSessionNotFoundError', code: 'session-not-found' });

    const noParent = await errorOf(
      storage.addMessage('alice', sessionId, say('x', { parentId: 'nowhere' })),
    );
    expect(noParent).toBeInstanceOf(FFValidationError);
    expect(noParent).toMatchObject({ code: 'validation', field: 'parentId' });
  });

  it('keeps its message, and a stack that leads into the worker', async () => {
    const { storage } = await openWithSession(opfs);
    const error = await errorOf(storage.createSession('nobody'));
    expect(error).toHaveProperty('message', expect.stringContaining('"nobody"'));
    // The worker is one file here, see bundled-worker.ts.
    expect(error).toHaveProperty('stack', expect.stringContaining('/bundled-worker/worker.js'));
  });

  it('has no cause where it had none', async () => {
    const { storage } = await openWithSession(opfs);
    expect(await errorOf(storage.createSession('nobody'))).not.toHaveProperty('cause');
  });
});
