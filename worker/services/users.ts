import type { EngineApi, ProfileChanges } from '../../src/shared/contract.ts';
import type { FFUserProfileDTO } from '../../src/shared/model/user.ts';
import { unchanged } from '../store/change.ts';
import type { ServiceContext } from './context.ts';
import { mergeOneLevel } from './merge.ts';
import { releaseOwned } from './ownership.ts';

export type UserService = Pick<
  EngineApi,
  'createUser' | 'userExists' | 'getUserProfile' | 'updateUserProfile' | 'deleteUser' | 'listUsers'
>;

export function createUserService(context: ServiceContext): UserService {
  const { store, now } = context;
  return {
    createUser: (userId, changes) =>
      store.write(userId, async () => {
        if ((await store.user(userId)) !== null) {
          return unchanged(false);
        }
        const at = now();
        const createdAt = new Date(at).toISOString();
        const profile = applyChanges({ userId, createdAt, updatedAt: createdAt }, changes);
        await store.createUser(profile, at);
        return unchanged(true);
      }),

    userExists: (userId) => store.read(userId, async () => (await store.user(userId)) !== null),

    getUserProfile: (userId) =>
      store.read(userId, async () => {
        const catalog = await store.user(userId);
        return catalog?.profile ?? null;
      }),

    updateUserProfile: (userId, changes) =>
      store.write(userId, async () => {
        const catalog = await store.user(userId);
        if (catalog === null) return unchanged(false);
        const updatedAt = new Date(now()).toISOString();
        const profile = applyChanges({ ...catalog.profile, updatedAt }, changes);
        return { value: true, durable: catalog.setProfile(profile) };
      }),

    deleteUser: (userId, force) => {
      const ownsAnything = releaseOwned(context, userId, force);
      return store.write(userId, async () => {
        // First, so that a crash leaves nothing that belongs to nobody.
        const hasData = await ownsAnything();
        const catalog = await store.user(userId);
        const deletable = catalog !== null && (force || (!hasData && catalog.sessionCount === 0));
        if (deletable) {
          await store.deleteUser(userId, now());
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
