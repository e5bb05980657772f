import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FFStorageError } from '../../../src/shared/errors.ts';
import type { Engine } from '../../../worker/engine.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';

type Api = Engine['api'];

const user = fc.constantFrom('alice', 'bob');
const owner = fc.option(user, { nil: undefined });
const persona = fc.constantFrom('ada', 'bo', 'cy');
const personas = fc.uniqueArray(persona, { minLength: 1, maxLength: 3 });
const panel = fc.constantFrom('p', 'q');

const command = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constant('createUser' as const), user) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('deleteUser' as const), user, fc.boolean()) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('listUsers' as const)) },
  { weight: 6, arbitrary: fc.tuple(fc.constant('createPersona' as const), persona, owner) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('deletePersona' as const), persona) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('listPersonas' as const), owner) },
  { weight: 5, arbitrary: fc.tuple(fc.constant('createPanel' as const), panel, personas, owner) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('deletePanel' as const), panel) },
  { weight: 5, arbitrary: fc.tuple(fc.constant('speak' as const), panel, persona) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('listPanels' as const)) },
);

type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

interface ModelPanel {
  readonly panelId: string;
  readonly personaIds: readonly string[];
  readonly ownerId?: string | undefined;
  said: readonly string[];
}

/** What variables would answer, one call after another. */
class Model {
  readonly #users = new Set<string>();
  readonly #ownerByPersona = new Map<string, string | undefined>();
  /** The newest activity last. */
  readonly #panelById = new Map<string, ModelPanel>();

  perform(call: Command): unknown {
    switch (call[0]) {
      case 'createUser': {
        if (this.#users.has(call[1])) return false;
        this.#users.add(call[1]);
        return true;
      }
      case 'deleteUser':
        return this.#deleteUser(call[1], call[2]);
      case 'listUsers':
        return [...this.#users].toSorted();
      case 'createPersona': {
        const [, id, ownerId] = call;
        if (this.#ownerByPersona.has(id)) return false;
        if (ownerId !== undefined && !this.#users.has(ownerId)) return 'user-not-found';
        this.#ownerByPersona.set(id, ownerId);
        return true;
      }
      case 'deletePersona':
        return this.#ownerByPersona.delete(call[1]);
      case 'listPersonas':
        return [...this.#ownerByPersona]
          .filter(([, ownerId]) => ownerId === undefined || ownerId === call[1])
          .map(([id]) => id);
      case 'createPanel':
        return this.#createPanel(call[1], call[2], call[3]);
      case 'deletePanel':
        return this.#panelById.delete(call[1]);
      case 'speak':
        return this.#speak(call[1], call[2]);
      case 'listPanels':
        return [...this.#panelById.values()]
          .reverse()
          .map(({ panelId, ownerId, said }) => `${panelId} of ${ownerId}: ${said.length}`);
    }
  }

  said(panelId: string): readonly string[] {
    return this.#panelById.get(panelId)?.said ?? [];
  }

  #deleteUser(userId: string, force: boolean): boolean {
    if (!this.#users.has(userId)) return false;
    const ownPersonas = [...this.#ownerByPersona].filter(([, ownerId]) => ownerId === userId);
    const ownPanels = [...this.#panelById.values()].filter(({ ownerId }) => ownerId === userId);
    if (!force && ownPersonas.length + ownPanels.length > 0) return false;
    for (const [id] of ownPersonas) this.#ownerByPersona.delete(id);
    for (const { panelId } of ownPanels) this.#panelById.delete(panelId);
    return this.#users.delete(userId);
  }

  #createPanel(panelId: string, personaIds: readonly string[], ownerId: string | undefined) {
    if (this.#panelById.has(panelId)) return panelId;
    if (personaIds.some((id) => !this.#ownerByPersona.has(id))) return 'not-found';
    if (ownerId !== undefined && !this.#users.has(ownerId)) return 'user-not-found';
    const owners = new Set(personaIds.map((id) => this.#ownerByPersona.get(id)));
    owners.delete(undefined);
    const common = owners.size === 1 ? [...owners][0] : undefined;
    this.#panelById.set(panelId, { panelId, personaIds, ownerId: ownerId ?? common, said: [] });
    return panelId;
  }

  #speak(panelId: string, personaId: string): string | boolean {
    const found = this.#panelById.get(panelId);
    if (found === undefined || !this.#ownerByPersona.has(personaId)) return 'not-found';
    if (!found.personaIds.includes(personaId)) return 'validation';
    found.said = [...found.said, personaId];
    this.#panelById.delete(panelId);
    this.#panelById.set(panelId, found);
    return true;
  }
}

async function perform(api: Api, call: Command, index: number): Promise<unknown> {
  switch (call[0]) {
    case 'createUser':
      return api.createUser(call[1], {});
    case 'deleteUser':
      return api.deleteUser(call[1], call[2]);
    case 'listUsers':
      // Which of two users comes first is settled by no lane.
      return (await api.listUsers()).toSorted();
    case 'createPersona': {
      const [, personaId, ownerId] = call;
      const owned = ownerId === undefined ? {} : { ownerId };
      return api.createPersona({ personaId, name: personaId, ...owned });
    }
    case 'deletePersona':
      return api.deletePersona(call[1]);
    case 'listPersonas':
      return (await api.listPersonas(call[1])).map(({ personaId }) => personaId);
    case 'createPanel': {
      const [, panelId, personaIds, ownerId] = call;
      const owned = ownerId === undefined ? {} : { ownerId };
      return api.createPanel({ panelId, type: 'brainstorm', personaIds, ...owned });
    }
    case 'deletePanel':
      return api.deletePanel(call[1]);
    case 'speak': {
      const message = { messageId: `m${index}`, role: 'user' as const, content: 'x' };
      return api.addPanelMessage(call[1], call[2], message);
    }
    case 'listPanels':
      return (await api.listPanels()).map(
        ({ panelId, ownerId, messageCount }) => `${panelId} of ${ownerId}: ${messageCount}`,
      );
  }
}

/** What a call gives, or the code of its error. */
async function outcomeOf(result: Promise<unknown>): Promise<unknown> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof FFStorageError) return error.code;
    throw error;
  }
}

describe('personas, panels and their owners', { timeout: 30_000 }, () => {
  it('answer calls that nobody waits for as if each had waited for those before it', async () => {
    const rounds = fc.array(fc.array(command, { maxLength: 20, size: 'max' }), { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(rounds, async (calls) => {
        const model = new Model();
        const clock = createClock();
        let disk = createFaultyBackend();
        for (const [round, commands] of calls.entries()) {
          const { api, close } = await openTestEngine(disk, clock);
          const answers = await Promise.all(
            commands.map((call, index) => outcomeOf(perform(api, call, round * 100 + index))),
          );
          expect(answers).toEqual(commands.map((call) => model.perform(call)));
          for (const panelId of ['p', 'q']) {
            const messages = await api.getPanelMessages(panelId, { offset: 0, reverse: false });
            expect(messages.map(({ personaId }) => personaId)).toEqual(model.said(panelId));
          }
          const survivor = disk.disk('flushed');
          await close();
          disk = survivor;
        }
      }),
      { numRuns: 300 },
    );
  });
});
