import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FFStorageManager } from 'flatfile-chat';
import { renderApiDocs } from '../../scripts/api-docs.mjs';
import { decodeRecord } from '../../worker/store/record.ts';
import { DEFAULT_CONFIG } from '../../src/shared/config.ts';
import { ROOT } from '../support/run.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The pages of a folder. */
function pagesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`);
}

/** The blocks of one language in a page. */
function fences(path: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms');
  return [...read(path).matchAll(pattern)].map(([, code = '']) => code);
}

/** What an app can call on a manager. */
function publicMembers(): string[] {
  const names: string[] = [];
  let prototype: object | null = FFStorageManager.prototype;
  while (prototype !== null && prototype !== Object.prototype) {
    names.push(...Object.getOwnPropertyNames(prototype));
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  // Protected: TypeScript keeps apps from them.
  const inside = [
    'validate',
    'call',
    'link',
    'sessionPath',
    'messagePath',
    'reach',
    'requestedBackend',
  ];
  return [...new Set(names)].filter((name) => !inside.includes(name));
}

describe('docs/guide', () => {
  it('shows the code of examples/guide, all of it and nothing else', () => {
    const shown = pagesIn('docs/guide').flatMap((page) => fences(page, 'ts'));
    expect(shown.sort()).toEqual(pagesIn('examples/guide').map(read).sort());
  });

  it('has a row for every setting, with its default', () => {
    const page = read('docs/guide/configuration.md');
    for (const [group, keys] of Object.entries(DEFAULT_CONFIG)) {
      const table = page.split(`### ${group}\n`)[1]?.split('\n### ')[0] ?? '';
      for (const [key, value] of Object.entries(keys as Record<string, unknown>)) {
        const shown =
          typeof value === 'number' ? value.toLocaleString('en') : `\`${String(value)}\``;
        expect(table, `${group}.${key}`).toContain(`| \`${key}\` | ${shown}`);
      }
    }
  });
});

describe('docs/api', () => {
  it('is what scripts/api-docs.mjs makes of the source: run it when this fails', () => {
    const pages = renderApiDocs();
    expect(pagesIn('docs/api').sort()).toEqual(
      [...pages.keys()].map((name) => `docs/api/${name}`).sort(),
    );
    for (const [name, text] of pages) expect(read(`docs/api/${name}`), name).toBe(text);
  });

  it('has everything that a manager can do', () => {
    const headings = pagesIn('docs/api').flatMap((page) =>
      [...read(page).matchAll(/^## (\w+)$/gm)].map(([, name]) => name),
    );
    const members = publicMembers();
    expect(members.length).toBeGreaterThan(50);
    for (const name of members) expect(headings).toContain(name);
  });
});

describe('docs/file-format.md', () => {
  it('shows records whose checksums are right', () => {
    const lines = fences('docs/file-format.md', 'jsonl').flatMap((block) => block.match(/.+\n/g));
    expect(lines.length).toBeGreaterThan(10);
    for (const line of lines) {
      expect(decodeRecord(new TextEncoder().encode(line ?? '')), line ?? '').toBeDefined();
    }
  });
});

describe.each([
  'README.md',
  'CONTRIBUTING.md',
  'docs/design.md',
  'docs/file-format.md',
  ...pagesIn('docs/guide'),
  ...pagesIn('docs/api'),
])('%s', (page) => {
  it('links to pages and headings that are there', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
    for (const [link, to = '', heading] of links) {
      const target = to === '' ? page : join(dirname(page), to);
      expect(existsSync(join(ROOT, target)), `${page} → ${link}`).toBe(true);
      if (heading === undefined) continue;
      const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title.toLowerCase().replaceAll(' ', '-'),
      );
      expect(headings, `${page} → ${link}`).toContain(heading);
    }
  });
});
