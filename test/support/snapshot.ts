import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { FFSessionDTO } from '../../src/shared/model/session.ts';
import type { FFUserProfileDTO } from '../../src/shared/model/user.ts';
import type { Engine } from '../../worker/engine.ts';

/** All that an app can read of a store. */
export interface Snapshot {
  readonly users: readonly {
    readonly profile: FFUserProfileDTO | null;
    readonly sessions: readonly (FFSessionDTO & { readonly messages: readonly FFMessageDTO[] })[];
  }[];
}

/** Reads everything through the engine's own methods. */
export async function takeSnapshot({ api }: Engine): Promise<Snapshot> {
  const users: Snapshot['users'][number][] = [];
  for (const userId of await api.listUsers()) {
    const profile = await api.getUserProfile(userId);
    const listed = await api.listSessions(userId, { offset: 0, includeMetadata: true });
    const sessions = await Promise.all(
      listed.map(async (session) => ({
        ...session,
        messages: await api.getMessages(userId, session.sessionId, { offset: 0, reverse: false }),
      })),
    );
    users.push({ profile, sessions });
  }
  return { users };
}
