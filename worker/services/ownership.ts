import { SHARED_SPACE } from '../store/layout.ts';
import { unchanged } from '../store/change.ts';
import type { Store } from '../store/store.ts';
import type { UserCatalog } from '../store/user-catalog.ts';
import type { CallContext } from './call.ts';
import type { ServiceContext } from './context.ts';
import { userNotFound } from './not-found.ts';
import { wasDone } from './recall.ts';

/**
 * Looks, behind every earlier call for that user, whether there is the owner of something that is to
 * be created. The result, to be called in the shared lane, waits for the answer and throws
 * `FFUserNotFoundError` when there is no such user.
 *
 * A call that needs a user's lane and the shared one must enter both queues before it first waits, as
 * here: tasks then only ever wait for earlier calls, and never for each other in a circle.
 */
export function checkOwner(store: Store, ownerId: string | undefined): () => Promise<void> {
  if (ownerId === undefined) return async () => undefined;
  const exists = store.read(ownerId, async () => (await store.root()).has(ownerId));
  return awaitedLater(exists, (found) => {
    if (!found) throw userNotFound(ownerId);
  });
}

/**
 * Deletes, when forced, the personas and panels that a user owns. The result, to be called in the
 * user's lane, gives whether the user owns any still. It enters the queue of the shared lane at
 * once, see {@link checkOwner}.
 */
export function releaseOwned(
  { store, indexer }: ServiceContext,
  call: CallContext,
  userId: string,
  force: boolean,
): () => Promise<boolean> {
  const owns = () =>
    store.read(SHARED_SPACE, async () => {
      const { personaIds, panelIds } = ownedBy(await store.shared(), userId);
      return personaIds.length + panelIds.length > 0;
    });
  const release = () =>
    store.write(SHARED_SPACE, async () => {
      const root = await store.root();
      // What belongs to nobody who exists is not to go with a call that deletes nobody, nor what belongs
      // to a user who came later with one that is repeated.
      if (!root.has(userId) || wasDone(call, root)) return unchanged(false);
      const catalog = await store.shared();
      const { personaIds, panelIds } = ownedBy(catalog, userId);
      if (personaIds.length + panelIds.length === 0) return unchanged(false);
      for (const panelId of panelIds) {
        await store.deleteSession(SHARED_SPACE, panelId, catalog);
        indexer.forgetPanel(panelId);
      }
      await catalog.dropEntities('persona', personaIds);
      for (const panelId of panelsWith(catalog, personaIds)) indexer.panelChanged(panelId);
      return unchanged(false);
    });
  return awaitedLater(force ? release() : owns(), (any) => any);
}

/** The panels that list one of the personas. */
export function panelsWith(catalog: UserCatalog, personaIds: readonly string[]): string[] {
  return catalog
    .sessions()
    .filter(({ panel }) => panel?.personaIds.some((id) => personaIds.includes(id)))
    .map(({ sessionId }) => sessionId);
}

function ownedBy(catalog: UserCatalog, userId: string) {
  const personas = catalog.entities.persona.values();
  const panels = catalog.sessions();
  return {
    personaIds: personas.filter(({ value }) => value.ownerId === userId).map(({ id }) => id),
    panelIds: panels
      .filter(({ panel }) => panel?.ownerId === userId)
      .map(({ sessionId }) => sessionId),
  };
}

function awaitedLater<T, R>(result: Promise<T>, then: (value: T) => R): () => Promise<R> {
  // A failure is nobody's until it is waited for, and would be reported as unhandled.
  void result.catch(() => undefined);
  return async () => then(await result);
}
