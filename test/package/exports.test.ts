import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { packInto } from '../support/pack.ts';
import { ROOT } from '../support/run.ts';

const ENTRY_POINTS = ['.', './worker', './testing'] as const;

let folder: string;
let files: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flatfile-chat-pack-'));
  ({ files } = await packInto(folder));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the packed files', () => {
  it('are the build, its sources and what npm adds', () => {
    expect(files.filter((file) => !/^(dist|embed|src|worker)\//.test(file)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'package.json',
    ]);
  });

  it('hold the embedding model, with the licence of its weights', () => {
    for (const name of ['static-en.bin', 'LICENSE', 'NOTICE']) {
      expect(files).toContain(`dist/models/${name}`);
    }
  });

  it('hold nothing that only the build needs', () => {
    expect(files.filter((file) => /tsbuildinfo|tsconfig|\.test\./.test(file))).toEqual([]);
  });

  it.each(ENTRY_POINTS)('hold the code and the types of %s', (entryPoint) => {
    expect(files).toContain(packedPath(manifest.exports[entryPoint].default));
    expect(files).toContain(packedPath(manifest.exports[entryPoint].types));
  });

  it('hold the source that each source map points to', async () => {
    const maps = files.filter((file) => file.endsWith('.js.map'));
    expect(maps).not.toEqual([]);
    for (const map of maps) {
      const { sources } = JSON.parse(await readFile(join(ROOT, map), 'utf8')) as {
        sources: string[];
      };
      for (const source of sources) {
        expect(files).toContain(posix.join(posix.dirname(map), source));
      }
    }
  });
});

describe('the public types', () => {
  it('are free of any', async () => {
    const entries = ENTRY_POINTS.map((name) => packedPath(manifest.exports[name].types));
    const declarations = await reachableDeclarations(entries);
    expect(declarations.size).toBeGreaterThan(entries.length);
    for (const [file, text] of declarations) {
      expect(withoutCommentsAndStrings(text), file).not.toMatch(/\bany\b/);
    }
  });
});

function packedPath(exportTarget: string): string {
  return posix.normalize(exportTarget);
}

/** The declaration files and, through their relative imports, all that they speak of. */
async function reachableDeclarations(entries: readonly string[]): Promise<Map<string, string>> {
  const textsByFile = new Map<string, string>();
  const waiting = [...entries];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (textsByFile.has(file)) continue;
    const text = await readFile(join(ROOT, file), 'utf8');
    textsByFile.set(file, text);
    for (const [, specifier = ''] of text.matchAll(/(?:from |import\(?)['"](\.[^'"]+)['"]/g)) {
      // The build leaves specifiers in declarations as the source has them.
      const declaration = specifier.replace(/\.[jt]s$/, '.d.ts');
      waiting.push(posix.join(posix.dirname(file), declaration));
    }
  }
  return textsByFile;
}

function withoutCommentsAndStrings(text: string): string {
  return text.replaceAll(/\/\*.*?\*\/|\/\/[^\n]*|'[^'\n]*'|"[^"\n]*"/gs, '');
}
