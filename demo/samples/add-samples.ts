import type { FFMessageInput, FFStorageManager } from 'flatfile-chat';
import { addPanel } from './add-panel.ts';
import { bicycleBrakes } from './bicycle-brakes.ts';
import { debounce } from './debounce.ts';
import { karwendel } from './karwendel.ts';
import { lisbon } from './lisbon.ts';
import { readingGroup } from './reading-group.ts';
import type { Sample } from './sample.ts';
import { sourdough } from './sourdough.ts';
import { sundayOpening } from './sunday-opening.ts';
import { timesOf } from './times.ts';

/** Oldest first: the one written last has the newest activity and tops the list. */
export const SAMPLES: readonly Sample[] = [
  bicycleBrakes,
  lisbon,
  karwendel,
  readingGroup,
  debounce,
  sourdough,
];

/**
 * Creates the user and the samples on the first visit. May be interrupted anywhere and run again: it
 * goes on where it stopped. Samples that the user has deleted stay deleted.
 */
export async function addSamples(storage: FFStorageManager, userId: string): Promise<void> {
  await storage.createUser(userId, { name: 'You' });
  const add = async (): Promise<void> => {
    if (!(await hasSamples(storage, userId))) await addMissing(storage, userId);
  };
  if (await hasSamples(storage, userId)) return;
  // Missing in insecure contexts, whatever the type says.
  const locks = navigator.locks as LockManager | undefined;
  // Two tabs that are opened at once would each add what they find missing.
  await (locks === undefined ? add() : locks.request('flatfile-chat-demo:samples', add));
}

async function hasSamples(storage: FFStorageManager, userId: string): Promise<boolean> {
  const profile = await storage.getUserProfile(userId);
  return profile?.metadata?.['samplesAdded'] === true;
}

async function addMissing(storage: FFStorageManager, userId: string): Promise<void> {
  const existing = await storage.listSessions(userId, { includeMetadata: true });
  for (const sample of SAMPLES) {
    const found = existing.find((session) => session.metadata?.['sampleId'] === sample.sampleId);
    const sessionId =
      found?.sessionId ??
      (await storage.createSession(userId, sample.title, { sampleId: sample.sampleId }));
    await addDocuments(storage, userId, sessionId, sample);
    await storage.addMessages(userId, sessionId, timed(sample, Date.now()));
  }
  await addPanel(storage, userId, sundayOpening);
  await storage.updateUserProfile(userId, { metadata: { samplesAdded: true } });
}

async function addDocuments(
  storage: FFStorageManager,
  userId: string,
  sessionId: string,
  { documents = [] }: Sample,
): Promise<void> {
  if (documents.length === 0) return;
  const existing = await storage.listDocuments(userId, { sessionId });
  for (const { name, content } of documents) {
    if (existing.some(({ originalName }) => originalName === name)) continue;
    await storage.storeDocument(userId, sessionId, { originalName: name }, content);
  }
}

function timed(sample: Sample, nowMs: number): FFMessageInput[] {
  const times = timesOf(sample, nowMs);
  return sample.messages.map((message, index) => ({
    ...message,
    // Adding an id that is already there adds nothing, which makes a second attempt harmless.
    messageId: `${sample.sampleId}-${index + 1}`,
    timestamp: times[index],
  }));
}
