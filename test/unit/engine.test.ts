import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import type { Engine } from '../../worker/engine.ts';
import { messagesFile, offsetsFile, spaceFolder } from '../../worker/store/layout.ts';
import { createFaultyBackend, type FaultyBackend } from '../support/faulty-backend.ts';
import { openTestEngine } from '../support/stores.ts';

const user = fc.constantFrom('alice', 'Bob');
const session = fc.nat(3);

const action = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('create' as const), user }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      user,
      session,
      ids: fc.array(fc.nat(30), { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('edit' as const, 'delete message' as const),
      user,
      session,
      pick: fc.nat(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('delete' as const), user, session }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('close' as const, 'crash' as const, 'lose offsets' as const),
      user,
    }),
  },
);

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** A session as an app would keep it in a variable. */
interface ModelSession {
  readonly sessionId: string;
  readonly messages: FFMessageDTO[];
  readonly deleted: Set<string>;
  updatedAt: string;
}

/** An engine and variables that the same is done to. */
class Subject {
  engine: Engine;
  /** The newest activity first. */
  readonly sessionsByUser = new Map<string, ModelSession[]>();
  #disk: FaultyBackend;
  #time = Date.parse('2026-01-01T00:00:00Z');

  private constructor(disk: FaultyBackend, engine: Engine) {
    this.#disk = disk;
    this.engine = engine;
  }

  static async create(userIds: readonly string[]): Promise<Subject> {
    const disk = createFaultyBackend();
    const subject: Subject = new Subject(disk, await openTestEngine(disk, () => subject.#time));
    for (const userId of userIds) {
      subject.sessionsByUser.set(userId, []);
      await subject.engine.api.createUser(userId, {});
      await subject.#create(userId, `first of ${userId}`);
    }
    return subject;
  }

  async perform(step: Action, index: number): Promise<void> {
    this.#time += 1_000;
    const chosen = 'session' in step ? this.#sessionsOf(step.user)[step.session] : undefined;
    if (step.do === 'create') await this.#create(step.user, `s${index}`);
    else if (step.do === 'close' || step.do === 'crash') await this.#reopen(step.do);
    else if (step.do === 'lose offsets') await this.#reopen('crash', step.user);
    else if (chosen === undefined) return;
    else if (step.do === 'add') await this.#add(step.user, chosen, step.ids, `${index}`);
    else if (step.do === 'edit') await this.#edit(step.user, chosen, step.pick, `edited ${index}`);
    else if (step.do === 'delete message') await this.#remove(step.user, chosen, step.pick);
    else await this.#delete(step.user, chosen);
  }

  async #create(userId: string, sessionId: string): Promise<void> {
    await this.engine.api.createSession(userId, { sessionId, title: 'x' });
    this.#touch(userId, { sessionId, messages: [], deleted: new Set(), updatedAt: '' });
  }

  async #add(userId: string, chosen: ModelSession, ids: readonly number[], content: string) {
    const batch = ids.map((id) => {
      return { messageId: `m${id}`, role: 'user' as const, content, parentId: null };
    });
    const known = new Set([
      ...chosen.deleted,
      ...chosen.messages.map(({ messageId }) => messageId),
    ]);
    const added = batch.filter(({ messageId }) => !known.has(messageId) && known.add(messageId));
    const count = await this.engine.api.addMessages(userId, chosen.sessionId, batch);
    expect(count).toBe(added.length);
    chosen.messages.push(...added.map((message) => ({ ...message, timestamp: this.#now() })));
    if (added.length > 0) this.#touch(userId, chosen);
  }

  async #edit(userId: string, chosen: ModelSession, pick: number, content: string): Promise<void> {
    const index = pick % Math.max(chosen.messages.length, 1);
    const message = chosen.messages[index];
    const { api } = this.engine;
    const id = message?.messageId ?? 'none';
    const found = await api.updateMessage(userId, chosen.sessionId, id, { content });
    expect(found).toBe(message !== undefined);
    if (message === undefined) return;
    chosen.messages[index] = { ...message, content };
    this.#touch(userId, chosen);
  }

  async #remove(userId: string, chosen: ModelSession, pick: number): Promise<void> {
    const index = pick % Math.max(chosen.messages.length, 1);
    const messageId = chosen.messages[index]?.messageId ?? 'none';
    const found = await this.engine.api.deleteMessage(userId, chosen.sessionId, messageId);
    expect(found).toBe(chosen.messages.length > 0);
    if (!found) return;
    chosen.messages.splice(index, 1);
    chosen.deleted.add(messageId);
    this.#touch(userId, chosen);
  }

  async #delete(userId: string, chosen: ModelSession): Promise<void> {
    expect(await this.engine.api.deleteSession(userId, chosen.sessionId)).toBe(true);
    const others = this.#sessionsOf(userId).filter((other) => other !== chosen);
    this.sessionsByUser.set(userId, others);
  }

  /** Opens the engine anew, as after a shutdown or a crash, or without a user's offset files. */
  async #reopen(after: 'close' | 'crash', withoutOffsetsOf?: string): Promise<void> {
    const survivor = this.#disk.disk('flushed');
    await this.engine.close();
    this.#disk = after === 'crash' ? survivor : this.#disk.disk('flushed');
    const space = spaceFolder(withoutOffsetsOf ?? '');
    for (const { sessionId } of this.#sessionsOf(withoutOffsetsOf ?? '')) {
      await this.#disk.remove(offsetsFile(messagesFile(space, sessionId)));
    }
    this.engine = await openTestEngine(this.#disk, () => this.#time);
  }

  #touch(userId: string, touched: ModelSession): void {
    touched.updatedAt = this.#now();
    const others = this.#sessionsOf(userId).filter((other) => other !== touched);
    this.sessionsByUser.set(userId, [touched, ...others]);
  }

  #sessionsOf(userId: string): ModelSession[] {
    return this.sessionsByUser.get(userId) ?? [];
  }

  #now(): string {
    return new Date(this.#time).toISOString();
  }
}

async function expectLikeVariables(subject: Subject, offset: number, limit: number): Promise<void> {
  const { api } = subject.engine;
  expect(await api.listUsers()).toEqual([...subject.sessionsByUser.keys()]);
  for (const [userId, sessions] of subject.sessionsByUser) {
    expect(await api.listSessions(userId, { offset: 0, includeMetadata: false })).toMatchObject(
      sessions.map(({ sessionId, messages, updatedAt }) => {
        return { sessionId, messageCount: messages.length, updatedAt };
      }),
    );
    for (const { sessionId, messages, deleted } of sessions) {
      const page = (reverse: boolean, options: { limit?: number; offset: number }) =>
        api.getMessages(userId, sessionId, { ...options, reverse });
      expect(await page(false, { offset: 0 })).toEqual(messages);
      expect(await page(false, { offset, limit })).toEqual(messages.slice(offset, offset + limit));
      expect(await page(true, { offset, limit })).toEqual(
        [...messages].reverse().slice(offset, offset + limit),
      );
      for (const message of messages.slice(-3)) {
        expect(await api.getMessage(userId, sessionId, message.messageId)).toEqual(message);
      }
      for (const id of deleted) expect(await api.getMessage(userId, sessionId, id)).toBeNull();
    }
  }
}

describe('an engine', { timeout: 30_000 }, () => {
  it('answers like variables would, whatever is asked and whenever it stops', async () => {
    const actions = fc.array(action, { maxLength: 40, size: 'max' });
    await fc.assert(
      fc.asyncProperty(actions, fc.nat(12), fc.nat(6), async (steps, offset, limit) => {
        const subject = await Subject.create(['alice', 'Bob']);
        for (const [index, step] of steps.entries()) await subject.perform(step, index);
        await expectLikeVariables(subject, offset, limit);
        await subject.engine.close();
      }),
      { numRuns: 150 },
    );
  });
});
