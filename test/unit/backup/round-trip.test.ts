import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FFJsonObject } from '../../../src/shared/model/json.ts';
import type { Engine } from '../../../worker/engine.ts';
import { anyJson, anyText } from '../../support/arbitraries.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';
import { exportBytes, importBytes, takeFullSnapshot } from './support.ts';

type Api = Engine['api'];

/** One change, of whatever there happens to be. */
type Change = (api: Api) => Promise<unknown>;

const USERS = ['alice', 'Bob', '__proto__', 'zoë', 'x'.repeat(300)];

const user = fc.constantFrom(...USERS);
const small = fc.integer({ min: 0, max: 3 });
const metadata = anyJson.map((value): FFJsonObject => ({ value }) as FFJsonObject);
const sessionOf = (n: number) => `session ${n}`;
const refused = () => undefined;

const message = fc.record(
  {
    messageId: small.map((n) => `message ${n} Ω`),
    role: fc.constantFrom('user' as const, 'assistant' as const),
    content: anyText,
    name: anyText,
    parts: anyJson,
    metadata,
    parentId: fc.constantFrom(null, 'message 0 Ω'),
    timestamp: fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
  },
  { requiredKeys: ['messageId', 'role', 'content'] },
);

/** Some are refused, as they would be in an app: by a user who is not there, or an id that is taken. */
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 3,
    arbitrary: user.map(
      (id): Change =>
        (api) =>
          api.createUser(id, { name: id }),
    ),
  },
  user.map(
    (id): Change =>
      (api) =>
        api.updateUserProfile(id, { metadata: { seen: true } }),
  ),
  user.map(
    (id): Change =>
      (api) =>
        api.deleteUser(id, true),
  ),
  {
    weight: 3,
    arbitrary: fc.tuple(user, small, anyText).map(
      ([id, n, title]): Change =>
        (api) =>
          api.createSession(id, { sessionId: sessionOf(n), title }),
    ),
  },
  fc.tuple(user, small, metadata).map(
    ([id, n, data]): Change =>
      (api) =>
        api.updateSession(id, sessionOf(n), { metadata: data }),
  ),
  fc.tuple(user, small).map(
    ([id, n]): Change =>
      (api) =>
        api.deleteSession(id, sessionOf(n)),
  ),
  {
    weight: 6,
    arbitrary: fc
      .tuple(user, small, fc.uniqueArray(message, { selector: (m) => m.messageId, minLength: 1 }))
      .map(
        ([id, n, messages]): Change =>
          (api) =>
            api.addMessages(id, sessionOf(n), messages),
      ),
  },
  fc.tuple(user, small, small, anyText).map(
    ([id, n, m, content]): Change =>
      (api) =>
        api.updateMessage(id, sessionOf(n), `message ${m} Ω`, { content }),
  ),
  fc.tuple(user, small, small).map(
    ([id, n, m]): Change =>
      (api) =>
        api.deleteMessage(id, sessionOf(n), `message ${m} Ω`),
  ),
  {
    weight: 2,
    arbitrary: fc
      .tuple(user, small, small, anyText, fc.uint8Array({ maxLength: 50 }), fc.boolean())
      .map(
        ([id, n, d, name, bytes, hasContent]): Change =>
          (api) =>
            api.storeDocument(
              id,
              sessionOf(n),
              { documentId: `${n}-${d}`, originalName: name, filename: name, mimeType: 'x/y' },
              hasContent ? new Blob([bytes.slice()]) : undefined,
            ),
      ),
  },
  fc.tuple(user, small, small).map(
    ([id, n, d]): Change =>
      (api) =>
        api.deleteDocument(id, sessionOf(n), `${n}-${d}`),
  ),
  {
    weight: 2,
    arbitrary: fc.tuple(user, small, small, anyText, fc.dictionary(anyText, fc.array(anyText))).map(
      ([id, n, c, summary, entities]): Change =>
        (api) =>
          api.saveContext(id, sessionOf(n), {
            contextId: `context ${c}`,
            summary,
            keyPoints: [summary],
            entities,
            confidence: 0.5,
          }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(small, fc.option(user, { nil: undefined }), anyText).map(
      ([n, ownerId, name]): Change =>
        (api) =>
          api.createPersona({
            personaId: `persona ${n}`,
            name,
            ...(ownerId === undefined ? {} : { ownerId }),
          }),
    ),
  },
  fc.tuple(small, small).map(
    ([n, p]): Change =>
      (api) =>
        api.createPanel({
          panelId: `panel ${n}`,
          type: 'brainstorm',
          personaIds: [`persona ${p}`],
        }),
  ),
  fc.tuple(small, small, message).map(
    ([n, p, said]): Change =>
      (api) =>
        api.addPanelMessage(`panel ${n}`, `persona ${p}`, said),
  ),
);

const changes = fc.array(change, { minLength: 5, maxLength: 40 });

async function apply({ api }: Engine, all: readonly Change[]): Promise<void> {
  for (const one of all) await one(api).catch(refused);
}

function open() {
  return openTestEngine(createFaultyBackend(), createClock());
}

describe('a backup', { timeout: 60_000 }, () => {
  it('brings back whatever there was, into an empty store', async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (made) => {
        const [engine, fresh] = [await open(), await open()];
        await apply(engine, made);
        const before = await takeFullSnapshot(engine);
        await importBytes(fresh, await exportBytes(engine));
        expect(await takeFullSnapshot(fresh)).toEqual(before);
        await engine.close();
        await fresh.close();
      }),
      { numRuns: 40 },
    );
  });

  it('makes the users that it holds what they were, and leaves all others', async () => {
    await fc.assert(
      fc.asyncProperty(changes, changes, async (made, later) => {
        const disk = createFaultyBackend();
        let engine = await openTestEngine(disk, createClock());
        await apply(engine, made);
        const before = await takeFullSnapshot(engine);
        await engine.api.backupData('b', {});
        await apply(engine, later);
        const changed = await takeFullSnapshot(engine);
        await engine.api.restoreData('b', {});
        const restored = await takeFullSnapshot(engine);
        const names = new Set(before.users.map(({ profile }) => profile?.userId));
        for (const [index, state] of restored.users.entries()) {
          const { userId } = state.profile ?? {};
          const { users, owned } = names.has(userId) ? before : changed;
          const was = users.findIndex(({ profile }) => profile?.userId === userId);
          expect(state).toEqual(users[was]);
          const { documents, contexts } = restored.owned[index] ?? {};
          expect({ documents, contexts }).toEqual({
            documents: owned[was]?.documents,
            contexts: owned[was]?.contexts,
          });
        }
        expect(restored.users.length).toBeGreaterThanOrEqual(names.size);
        // What was there of personas and panels is there again, unless another user has taken the id.
        for (const persona of before.personas) {
          const found = await engine.api.getPersona(persona.personaId);
          const isTaken = found?.ownerId !== undefined && !names.has(found.ownerId);
          expect(found).toEqual(isTaken ? found : persona);
        }
        await engine.api.restoreData('b', {});
        expect(await takeFullSnapshot(engine)).toEqual(restored);
        await engine.close();
        engine = await openTestEngine(disk.disk('flushed'), createClock());
        expect(await takeFullSnapshot(engine)).toEqual(restored);
        await engine.close();
      }),
      { numRuns: 30 },
    );
  });
});
