import { FFStorageError } from '../../../src/shared/errors.ts';
import type { FFMessageDTO } from '../../../src/shared/model/message.ts';
import type { Engine } from '../../../worker/engine.ts';
import { contentOf } from '../../support/crash/replay.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { sha256Of } from '../archive/support.ts';
import { effectOn, linesOf, type Content, type Mutation } from './damage-oracle.ts';
import { openAt } from './promises.ts';
import { longText } from './workload.ts';

const SESSIONS = ['s0', 's1', 's2', 's3'];
const USERS = ['alice', 'Bob'];
const ALL = { offset: 0, reverse: false };

/** Logs that have been compacted, and have been written to since, and logs that never were. */
async function createStore(): Promise<Content> {
  const disk = createFaultyBackend();
  let turn = 0;
  const engine = await openAt(disk, () => turn++);
  const { api } = engine;
  for (const userId of USERS) {
    await api.createUser(userId, { name: `name of ${userId}` });
    for (const [index, sessionId] of SESSIONS.entries()) {
      await api.createSession(userId, { sessionId, title: `title of ${sessionId}` });
      await fill(api, userId, sessionId, 'first', 2 + index);
      if (index < 2) await api.optimizeStorage(userId);
      await fill(api, userId, sessionId, 'then', 3);
    }
    const document = { originalName: 'a.txt', filename: 'a.txt', mimeType: 'text/plain' };
    for (const documentId of ['d1', 'd2']) {
      const content = new Blob([longText(`document ${documentId}`, 3_000)]);
      await api.storeDocument(userId, 's1', { documentId, ...document }, content);
    }
  }
  await api.backupData('safe', {});
  await api.whenIdle();
  await engine.close();
  return contentOf(disk.disk('flushed'));
}

async function fill(
  api: Engine['api'],
  userId: string,
  sessionId: string,
  prefix: string,
  count: number,
): Promise<void> {
  const say = (index: number) => ({
    messageId: `${prefix}${index}`,
    role: 'user' as const,
    content: longText(`text ${index} of ${sessionId}`, 40 + 90 * index),
  });
  await api.addMessage(userId, sessionId, say(0));
  await api.addMessages(
    userId,
    sessionId,
    Array.from({ length: count }, (_, at) => say(at + 1)),
  );
  const content = longText('edited', 120);
  await api.updateMessage(userId, sessionId, `${prefix}1`, { content });
  await api.deleteMessage(userId, sessionId, `${prefix}2`);
}

/** What is true of the store before anything is damaged. */
export interface Known {
  readonly content: Content;
  readonly documentSha: string;
}

interface Opened {
  readonly messages: ReadonlyMap<string, readonly FFMessageDTO[]>;
  readonly damaged: number;
  readonly problems: readonly string[];
}

/** Opens a store and reads all of it; a text when it was refused. */
async function openDamaged(content: Content, { documentSha }: Known): Promise<Opened | string> {
  let engine: Engine;
  try {
    engine = await openAt(createFaultyBackend({}, content), () => 100_000);
  } catch (error) {
    const isClear = error instanceof FFStorageError && ['corrupt', 'version'].includes(error.code);
    return isClear ? 'refused' : `refused without saying why: ${String(error)}`;
  }
  const { api } = engine;
  const problems: string[] = [];
  const messages = new Map<string, readonly FFMessageDTO[]>();
  try {
    const users = await api.listUsers();
    for (const userId of USERS) {
      if (!users.includes(userId)) problems.push(`${userId} is lost`);
      const listed = await api.listSessions(userId, { offset: 0, includeMetadata: true });
      for (const sessionId of SESSIONS) {
        if (!listed.some((session) => session.sessionId === sessionId)) {
          problems.push(`${userId}/${sessionId} is not listed`);
        }
        messages.set(`${userId}/${sessionId}`, await api.getMessages(userId, sessionId, ALL));
      }
      for (const documentId of ['d1', 'd2']) {
        const read = await api.getDocumentContent(userId, 's1', documentId).catch((error) => {
          if (error instanceof FFStorageError && error.code === 'corrupt') return null;
          throw error;
        });
        if (read === null) continue;
        const sha = sha256Of(new Uint8Array(await read.arrayBuffer()));
        // Of a document whose description is lost the bytes may be damaged too, with nothing to show it.
        const described = await api.getDocument(userId, 's1', documentId);
        if (described?.originalName === 'a.txt' && sha !== documentSha && documentId === 'd1') {
          problems.push(`${userId}/${documentId} is not what was stored`);
        }
      }
      const query = { query: 'text', minRelevanceScore: 0, limit: 500 };
      const hits = await api.searchMessages(userId, query);
      const live = [...messages.entries()]
        .filter(([key]) => key.startsWith(`${userId}/`))
        .flatMap(([, list]) => list.map(({ content: text }) => text))
        .filter((text) => text.startsWith('text')).length;
      if (hits.length !== live) problems.push(`${userId}: ${hits.length} hits of ${live}`);
    }
    return { messages, damaged: (await api.getStorageStats()).damagedRecords, problems };
  } catch (error) {
    return `opened, but cannot be read: ${String(error)}`;
  } finally {
    await engine.close();
  }
}

/** Damages a store, and gives what is wrong with what becomes of it. */
export async function findProblems(
  known: Known,
  mutations: readonly Mutation[],
  withOffsets: boolean,
): Promise<string[]> {
  const damaged = new Map(known.content);
  for (const { path, bytes } of mutations) damaged.set(path, bytes);
  if (!withOffsets)
    for (const path of damaged.keys()) if (path.endsWith('.idx')) damaged.delete(path);
  const opened = await openDamaged(damaged, known);
  const isFormatHit = mutations.some(({ path }) => path === 'store.json');
  if (opened === 'refused') return isFormatHit ? [] : ['refused although its format is known'];
  if (typeof opened === 'string') return [opened];

  const problems = [...opened.problems];
  let least = 0;
  let most = 0;
  for (const [path, bytes] of known.content) {
    if (!isLog(path)) continue;
    const lines = linesOf(bytes);
    const mutation = mutations.find((one) => one.path === path);
    const effect = effectOn(lines, mutation);
    most += effect.damaged;
    const key = sessionOf(path);
    if (key === undefined) {
      least += effect.damaged;
      continue;
    }
    const read = new Map(opened.messages.get(key)?.map((one) => [one.messageId, one]));
    const versions = new Map<string, string[]>();
    const current = new Map<string, { text: string; isGone: boolean }>();
    for (const line of lines) {
      const { type, message, messageId = message?.messageId ?? '' } = line.record;
      if (type === 'delete') current.delete(messageId);
      else if (message !== undefined) {
        const text = JSON.stringify(message);
        versions.set(messageId, [...(versions.get(messageId) ?? []), text]);
        current.set(messageId, { text, isGone: effect.isGone(line) });
      }
    }
    for (const [messageId, { text, isGone }] of current) {
      if (!isGone && JSON.stringify(read.get(messageId)) !== text) {
        problems.push(`${key}/${messageId} is not damaged, and not read`);
      }
    }
    for (const [messageId, message] of read) {
      if (versions.get(messageId)?.includes(JSON.stringify(message)) === true) continue;
      problems.push(`${key}/${messageId} was never stored like this`);
    }
    // What was superseded is not read where the table says what counts, and so not found damaged.
    const isRead = !withOffsets || [...current.values()].some(({ isGone }) => isGone);
    if (isRead) least += effect.damaged;
  }
  if (opened.damaged < least || opened.damaged > most) {
    problems.push(
      `${opened.damaged} damaged records are counted, and there are ${least} to ${most}`,
    );
  }
  return problems;
}

function isLog(path: string): boolean {
  return path === 'catalog.jsonl' || /\/(catalog|messages)(\.alt)?\.jsonl$/.test(path);
}

function sessionOf(path: string): string | undefined {
  const [, user = '', session] = /^users\/([^/]+)\/sessions\/([^/]+)\/messages/.exec(path) ?? [];
  return session === undefined ? undefined : `${user.replace('=42ob', 'Bob')}/${session}`;
}

/** A store that is not damaged. */
export async function createKnown(): Promise<Known> {
  return {
    content: await createStore(),
    documentSha: sha256Of(new TextEncoder().encode(longText('document d1', 3_000))),
  };
}
