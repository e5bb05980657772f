import type { FFMessageInput, FFStorageManager } from 'flatfile-chat';
import { bicycleBrakes } from './bicycle-brakes.ts';
import { debounce } from './debounce.ts';
import { karwendel } from './karwendel.ts';
import { lisbon } from './lisbon.ts';
import { readingGroup } from './reading-group.ts';
import type { Sample } from './sample.ts';
import { sourdough } from './sourdough.ts';

/** Oldest first: the one written last has the newest activity and tops the list. */
const SAMPLES: readonly Sample[] = [
  bicycleBrakes,
  lisbon,
  karwendel,
  readingGroup,
  debounce,
  sourdough,
];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How fast the people in the samples write. */
const CHARACTERS_PER_MINUTE = 160;

/**
 * Creates the user and the sample conversations on the first visit. May be interrupted anywhere and
 * run again: it goes on where it stopped. Samples that the user has deleted stay deleted.
 */
export async function addSamples(storage: FFStorageManager, userId: string): Promise<void> {
  await storage.createUser(userId, { name: 'You' });
  const profile = await storage.getUserProfile(userId);
  if (profile?.metadata?.['samplesAdded'] === true) return;

  const existing = await storage.listSessions(userId, { includeMetadata: true });
  for (const sample of SAMPLES) {
    const found = existing.find((session) => session.metadata?.['sampleId'] === sample.sampleId);
    const sessionId =
      found?.sessionId ??
      (await storage.createSession(userId, sample.title, { sampleId: sample.sampleId }));
    await storage.addMessages(userId, sessionId, timed(sample, Date.now()));
  }
  await storage.updateUserProfile(userId, { metadata: { samplesAdded: true } });
}

function timed({ sampleId, daysAgo, hour, messages }: Sample, nowMs: number): FFMessageInput[] {
  let atMs = new Date(nowMs - daysAgo * DAY_MS).setHours(hour, 7, 0, 0);
  return messages.map((message, index) => {
    atMs += MINUTE_MS * (1 + message.content.length / CHARACTERS_PER_MINUTE);
    return {
      ...message,
      // Adding an id that is already there adds nothing, which makes a second attempt harmless.
      messageId: `${sampleId}-${index + 1}`,
      timestamp: new Date(atMs).toISOString(),
    };
  });
}
