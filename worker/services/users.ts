import type { ProfileChanges } from '../../src/shared/contract.ts';
import type { FFUserProfileDTO } from '../../src/shared/model/user.ts';
import { unchanged } from '../store/change.ts';
import type { ServiceApi } from './call.ts';
import type { ServiceContext } from './context.ts';
import { mergeOneLevel } from './merge.ts';
import { releaseOwned } from './ownership.ts';
import { markOf, wasDone } from './recall.ts';

export type UserService = Pick<
  ServiceApi,
  'createUser' | 'userExists' | 'getUserProfile' | 'updateUserProfile' | 'deleteUser' | 'listUsers'
>;

export function createUserService(context: ServiceContext): UserService {
  const { store, now, publish } = context;
  return {
    createUser: (call, userId, changes) =>
      store.write(userId, async () => {
        const root = await store.root();
        const existing = await store.user(userId);
        const isTheirs = existing !== null && wasDone(call, existing);
        if (isTheirs || wasDone(call, root)) return { value: true, durable: root.durable() };
        if (existing !== null) return unchanged(false);
        const at = now();
        const createdAt = new Date(at).toISOString();
        const profile = applyChanges({ userId, createdAt, updatedAt: createdAt }, changes);
        await store.createUser(profile, at, call.operation?.id);
        return unchanged(true);
      }),

    userExists: (userId) => store.read(userId, async () => (await store.user(userId)) !== null),

    getUserProfile: (userId) =>
      store.read(userId, async () => {
        const catalog = await store.user(userId);
        return catalog?.profile ?? null;
      }),

    updateUserProfile: (call, userId, changes) =>
      store.write(userId, async () => {
        const catalog = await store.user(userId);
        if (catalog === null) return unchanged(false);
        if (wasDone(call, catalog)) return { value: true, durable: catalog.durable() };
        const updatedAt = new Date(now()).toISOString();
        const profile = applyChanges({ ...catalog.profile, updatedAt }, changes);
        return { value: true, durable: catalog.setProfile(profile, markOf(call, now)) };
      }),

    deleteUser: (call, userId, force) => {
      const ownsAnything = releaseOwned(context, call, userId, force);
      return store.write(userId, async () => {
        // First, so that a crash leaves nothing that belongs to nobody.
        const hasData = await ownsAnything();
        const root = await store.root();
        if (wasDone(call, root)) return { value: true, durable: root.durable() };
        const catalog = await store.user(userId);
        const deletable = catalog !== null && (force || (!hasData && catalog.sessionCount === 0));
        if (deletable) {
          await store.deleteUser(userId, now(), call.operation?.id);
          publish({ type: 'gone', userId });
        }
        return unchanged(deletable);
      });
    },

    listUsers: () => store.userIds(),
  };
}

function applyChanges(profile: FFUserProfileDTO, changes: ProfileChanges): FFUserProfileDTO {
  const { preferences, metadata, ...texts } = changes;
  return {
    ...profile,
    ...texts,
    ...mergeOneLevel('preferences', profile.preferences, preferences),
    ...mergeOneLevel('metadata', profile.metadata, metadata),
  };
}
