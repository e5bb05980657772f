import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeRecord } from '../../worker/store/record.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The blocks of one language in a page. */
function fences(path: string, language: string): string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms');
  return [...read(path).matchAll(pattern)].map(([, code = '']) => code);
}

describe('docs/guide.md', () => {
  it('shows the code of examples/guide, all of it and nothing else', () => {
    const examples = readdirSync(join(ROOT, 'examples/guide')).map((name) =>
      read(`examples/guide/${name}`),
    );
    expect(fences('docs/guide.md', 'ts').sort()).toEqual(examples.sort());
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
  'docs/guide.md',
  'docs/design.md',
  'docs/file-format.md',
])('%s', (page) => {
  it('links to files that are there', () => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to = '']) => to);
    for (const link of links) {
      expect(existsSync(join(ROOT, dirname(page), link)), `${page} → ${link}`).toBe(true);
    }
  });
});
