import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkName,
  contextsFile,
  documentContentFile,
  documentsFile,
  messagesFile,
  panelMessagesFile,
  profileFile,
  sessionsFile,
} from '../../../worker/archive/names.ts';

const id = fc.oneof(
  fc.string({ minLength: 1, maxLength: 128, unit: 'binary' }),
  fc.string({ minLength: 1, maxLength: 60 }),
  fc.constantFrom('con', 'nul', 'lpt1', 'constructor', 'Alice', 'alice'),
);

const uuid = '01957a2e-7b1c-7d3e-9f00-4d5e6f708192';

describe('names', () => {
  it('are readable for common ids', () => {
    expect(profileFile('mia_k')).toBe('users/mia_k/profile.json');
    expect(sessionsFile('mia')).toBe('users/mia/sessions.jsonl');
    expect(documentsFile('mia')).toBe('users/mia/documents.jsonl');
    expect(contextsFile('mia')).toBe('users/mia/contexts.jsonl');
    expect(messagesFile('mia', uuid)).toBe(`users/mia/sessions/${uuid}/messages.jsonl`);
    expect(panelMessagesFile(uuid)).toBe(`shared/panels/${uuid}/messages.jsonl`);
    expect(documentContentFile('mia', 's1', uuid, 'Überblick (2).pdf')).toBe(
      `users/mia/sessions/s1/documents/${uuid}-Überblick (2).pdf`,
    );
  });

  it('keep ids apart, also where upper and lower case are one', () => {
    fc.assert(
      fc.property(id, id, (one, other) => {
        fc.pre(new TextDecoder().decode(new TextEncoder().encode(one)) === one && one !== other);
        expect(profileFile(one).toLowerCase()).not.toBe(profileFile(other).toLowerCase());
      }),
    );
    const long = 'x'.repeat(127);
    expect(profileFile(`${long}1`)).not.toBe(profileFile(`${long}2`));
  });

  it('are short and safe for any ids and any original name', () => {
    const original = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('', '..', '.', '/etc/passwd', 'C:\\evil', 'a'.repeat(300), 'x. . .', 'nul'),
    );
    fc.assert(
      fc.property(id, id, id, original, (user, session, document, name) => {
        const path = documentContentFile(user, session, document, name);
        checkName(path);
        expect(path.length).toBeLessThanOrEqual(200);
        for (const part of path.split('/')) {
          expect(part).not.toMatch(/[<>:"|?*]|[. ]$/);
          expect(part).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i);
          expect(new TextEncoder().encode(part).length).toBeLessThanOrEqual(255);
        }
      }),
    );
  });

  it('keep the extension of a name that is shortened', () => {
    const path = documentContentFile('mia', 's', 'd', `${'very long '.repeat(20)}.tar.gz`);
    expect(path).toMatch(/\/d-very long .*\.gz$/);
  });
});

describe('checkName', () => {
  it('refuses what the hostile archives do not cover', () => {
    for (const name of ['', 'a/', '..', '.', 'a/..', 'a/.', '\u0085']) {
      expect(() => checkName(name), JSON.stringify(name)).toThrow('unsafe');
    }
  });

  it('lets ordinary names pass', () => {
    for (const name of ['a', 'a/b.c', '...', 'a..b', '.hidden', 'ä/🙂', 'ab:c']) checkName(name);
  });
});
