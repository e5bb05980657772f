import { FFValidationError, type FFStorageManager } from 'flatfile-chat';
import { expect, it } from 'vitest';
import { shareStore, type Subject } from './subject.ts';
import { expectError, say, untyped } from './support.ts';

type Call = (storage: FFStorageManager) => Promise<unknown>;

const persona = (flaw: Record<string, unknown>): Call => {
  return (storage) => storage.createPersona(untyped({ name: 'Ada', ...flaw }));
};
const panel = (flaw: Record<string, unknown>): Call => {
  const valid = { type: 'focus_group', personaIds: ['ada'] };
  return (storage) => storage.createPanel(untyped({ ...valid, ...flaw }));
};
const speak = (flaw: Record<string, unknown>): Call => {
  return (storage) => storage.addPanelMessage('panel', 'ada', untyped({ ...say('hi'), ...flaw }));
};

const ELEVEN = Array.from({ length: 11 }, (_, index) => `p${index}`);

const BAD_CALLS: readonly (readonly [what: string, field: string, call: Call])[] = [
  ['a persona that is none', 'persona', (storage) => storage.createPersona(untyped('Ada'))],
  ['a persona without a name', 'name', persona({ name: undefined })],
  ['a persona with an empty name', 'name', persona({ name: '' })],
  ['a persona with a bad id', 'personaId', persona({ personaId: 'a/b' })],
  ['a persona with a bad owner', 'ownerId', persona({ ownerId: '..' })],
  ['traits that are no list', 'traits', persona({ traits: 'kind' })],
  ['a trait that is no text', 'traits[1]', persona({ traits: ['kind', 7] })],
  ['an expertise that is no text', 'expertise[0]', persona({ expertise: [null] })],
  ['a style that is no text', 'communicationStyle', persona({ communicationStyle: 7 })],
  ['metadata of a persona that is no JSON', 'metadata', persona({ metadata: { f: () => 1 } })],
  ['a misspelt key of a persona', 'trait', persona({ trait: [] })],
  ['a bad id of a persona', 'personaId', (storage) => storage.getPersona('')],
  ['a bad id of a persona to delete', 'personaId', (storage) => storage.deletePersona('a\\b')],
  ['a bad owner to list', 'ownerId', (storage) => storage.listPersonas({ ownerId: '' })],

  ['a panel of no type', 'type', panel({ type: undefined })],
  ['a panel of an unknown type', 'type', panel({ type: 'duel' })],
  ['a panel without personas', 'personaIds', panel({ personaIds: undefined })],
  ['a panel with an empty list', 'personaIds', panel({ personaIds: [] })],
  ['a panel of more than panel.maxPersonas', 'personaIds', panel({ personaIds: ELEVEN })],
  ['a panel with a persona twice', 'personaIds', panel({ personaIds: ['ada', 'bo', 'ada'] })],
  ['a panel with a bad persona id', 'personaIds[1]', panel({ personaIds: ['ada', 'a/b'] })],
  ['a panel with a bad id', 'panelId', panel({ panelId: 'a/b' })],
  ['a title that is no text', 'title', panel({ title: 7 })],
  ['a config that is no JSON', 'config', panel({ config: { big: 1n } })],
  ['a misspelt key of a panel', 'persona', panel({ persona: 'ada' })],
  ['a bad id of a panel', 'panelId', (storage) => storage.getPanel('..')],
  ['a bad id of a panel to delete', 'panelId', (storage) => storage.deletePanel('')],

  ['an unknown role', 'role', speak({ role: 'moderator' })],
  ['an empty text', 'content', speak({ content: '' })],
  ['a text over the limit', 'content', speak({ content: 'x'.repeat(1_048_577) })],
  ['a bad id to respond to', 'responseTo', speak({ responseTo: 'a/b' })],
  [
    'a bad id of the panel spoken in',
    'panelId',
    (storage) => storage.addPanelMessage('a/b', 'ada', say('hi')),
  ],
  [
    'a bad id of the speaker',
    'personaId',
    (storage) => storage.addPanelMessage('panel', '', say('hi')),
  ],
  ['a bad panel to read', 'panelId', (storage) => storage.getPanelMessages('a/b')],
  ['a bad limit', 'limit', (storage) => storage.getPanelMessages('panel', { limit: 0.5 })],
  ['a bad offset', 'offset', (storage) => storage.getPanelMessages('panel', { offset: -1 })],
];

/** What the contract says of personas, panels and what is said in them that is wrong. */
export function badPanelsContract(subject: Subject): void {
  const shared = shareStore(subject);

  it.each(BAD_CALLS)('%s is refused, naming %s', async (_, field, call) => {
    const error = await expectError(call(shared.current().storage), {
      type: FFValidationError,
      code: 'validation',
      field,
    });
    expect(error.message.startsWith(`${field}: `)).toBe(true);
  });

  it('panel.maxPersonas moves the limit', async () => {
    const storage = await subject.open({ panel: { maxPersonas: 2 } });
    const error = await expectError(panel({ personaIds: ['a', 'b', 'c'] })(storage), {
      code: 'validation',
      field: 'personaIds',
    });
    expect(error.message).toContain('panel.maxPersonas');
  });
}
