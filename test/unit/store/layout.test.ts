import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeSegment,
  documentFile,
  documentTextFile,
  encodeSegment,
  isContinued,
  messagesFile,
  offsetsFile,
  quarantineFile,
  sessionFolder,
  SHARED_SPACE,
  spaceFolder,
  splitFolderNumber,
} from '../../../worker/store/layout.ts';

/** Ids that are likely to be confused: letters of both cases, escapes, separators, long ones. */
const anyId = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('a', 'A', '=', '+', '-', '_', '.', '4', '1', 'é', 'É', '~'),
    minLength: 1,
  }),
  fc.string({ unit: fc.constantFrom('a', 'A', '世'), minLength: 190, maxLength: 1_024 }),
  fc.constantFrom('con', 'CON', 'nul', '.', '..', ' ', 'a.', 'a ', 'catalog.jsonl', 'sessions'),
);

describe('encodeSegment', () => {
  it('keeps ordinary ids readable', () => {
    expect(encodeSegment('alice_2-b')).toBe('alice_2-b');
    expect(spaceFolder('alice')).toBe('users/alice');
  });

  it('escapes everything else as the bytes of its UTF-8', () => {
    expect(encodeSegment('Bob')).toBe('=42ob');
    expect(encodeSegment('a.b c=d')).toBe('a=2eb=20c=3dd');
    expect(encodeSegment('é')).toBe('=c3=a9');
  });

  it('gives the id back', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        expect(decodeSegment(encodeSegment(id))).toBe(id);
      }),
      { numRuns: 500 },
    );
  });

  it('uses only names that every file system can hold', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        for (const name of encodeSegment(id).split('/')) {
          expect(name).toMatch(/^[a-z0-9_=-]{1,200}\+?$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives different ids different paths where case does not count', () => {
    fc.assert(
      fc.property(anyId, anyId, (id, other) => {
        fc.pre(id !== other);
        expect(encodeSegment(id).toLowerCase()).not.toBe(encodeSegment(other).toLowerCase());
      }),
      { numRuns: 500 },
    );
    expect(encodeSegment('Alice')).not.toBe(encodeSegment('alice'));
  });

  it('never puts one id inside the folder of another', () => {
    fc.assert(
      fc.property(anyId, anyId, (id, other) => {
        fc.pre(id !== other);
        expect(`${encodeSegment(other)}/`.startsWith(`${encodeSegment(id)}/`)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('goes on in folders that say so where a name would get too long', () => {
    const path = encodeSegment('a'.repeat(450));
    expect(path.split('/').map((name) => name.length)).toEqual([201, 201, 50]);
    expect(path.split('/').map(isContinued)).toEqual([true, true, false]);
    expect(isContinued(encodeSegment('a'.repeat(200)))).toBe(false);
    expect(isContinued(encodeSegment('a+'))).toBe(false);
  });
});

describe('a space', () => {
  it('lies in a folder of its own, which says how often it was replaced', () => {
    expect(spaceFolder('alice', 0)).toBe('users/alice');
    expect(spaceFolder('alice', 3)).toBe('users/alice.3');
    expect(spaceFolder(SHARED_SPACE)).toBe('shared');
    expect(spaceFolder(SHARED_SPACE, 2)).toBe('shared.2');
    expect(spaceFolder('shared')).toBe('users/shared');
  });

  it('tells its id and its number by the name of its folder', () => {
    fc.assert(
      fc.property(anyId, fc.nat(1_000), (id, number) => {
        const segment = spaceFolder(id, number).replace(/^users\//, '');
        const last = segment.slice(segment.lastIndexOf('/') + 1);
        const { name, number: found } = splitFolderNumber(last);
        expect(found).toBe(number);
        expect(decodeSegment(segment.slice(0, -last.length) + name)).toBe(id);
      }),
      { numRuns: 300 },
    );
  });

  it('has all files of a session in one folder', () => {
    const space = spaceFolder('alice', 1);
    const folder = sessionFolder(space, 'S1');
    expect(folder).toBe('users/alice.1/sessions/=531');
    const messages = messagesFile(space, 'S1');
    expect(messages).toBe(`${folder}/messages.jsonl`);
    expect(offsetsFile(messages)).toBe(`${folder}/messages.idx`);
    expect(offsetsFile(`${folder}/messages.alt.jsonl`)).toBe(`${folder}/messages.alt.idx`);
    expect(documentFile(space, 'S1', 'd.x')).toBe(`${folder}/documents/d=2ex`);
    expect(documentTextFile(space, 'S1', 'd')).toBe(`${folder}/documents/d.text.jsonl`);
  });
});

describe('quarantineFile', () => {
  it('is one for each place of each file', () => {
    const path = messagesFile(spaceFolder('alice'), 'a1b2');
    expect(quarantineFile(path, 120)).toBe(
      'quarantine/users=2falice=2fsessions=2fa1b2=2fmessages=2ejsonl-120',
    );
    expect(quarantineFile('a-1', 2)).not.toBe(quarantineFile('a', 12));
  });
});
