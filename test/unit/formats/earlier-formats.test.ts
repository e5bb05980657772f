import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FORMAT_VERSION } from '../../../worker/store/format.ts';
import { createFaultyBackend } from '../../support/faulty-backend.ts';
import { makeFixture, readFixture } from '../../support/format-fixture.ts';
import { createClock, openTestEngine } from '../../support/stores.ts';
import { verify } from '../check/support.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const FORMATS = readdirSync(FIXTURES).filter((name) => name.startsWith('format-'));

/** A disk with the files that a release of that format has written. */
function diskOf(format: string): ReturnType<typeof createFaultyBackend> {
  const folder = join(FIXTURES, format);
  const content = new Map<string, Uint8Array>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    content.set(relative(folder, path).replaceAll('\\', '/'), new Uint8Array(readFileSync(path)));
  }
  return createFaultyBackend({}, content);
}

describe('a store that was written earlier', () => {
  it('is there for every format that there has been', () => {
    const expected = Array.from({ length: FORMAT_VERSION }, (_, index) => `format-${index + 1}`);
    expect(FORMATS.sort()).toEqual(expected);
  });

  it.each(FORMATS)(
    'is read whole: %s',
    async (format) => {
      const { files } = await makeFixture();
      const made = await openTestEngine(createFaultyBackend({}, files), createClock());
      const expected = await readFixture(made.api);
      await made.close();
      expect(expected.users).toHaveLength(2);

      const disk = diskOf(format);
      const engine = await openTestEngine(disk, createClock());
      const read = await readFixture(engine.api);
      // Archives are packed by whatever runs this.
      const withoutSize = ({ backups, ...rest }: typeof read) => ({
        ...rest,
        backups: backups.map(({ sizeBytes: _, ...backup }) => backup),
      });
      expect(withoutSize(read)).toEqual(withoutSize(expected));
      expect((await verify(engine.api)).findings).toEqual([]);
      await engine.api.restoreData('weekly', {});
      expect(
        await engine.api.addMessage('alice', 'first', {
          messageId: 'new',
          role: 'user',
          content: 'Goes on.',
        }),
      ).toBe(true);
      await engine.close();
    },
    60_000,
  );
});
