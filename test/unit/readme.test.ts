import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/run.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('README.md', () => {
  // A browser test runs the program, and compares what it prints with the same file.
  it('shows the quick start, and what it prints', () => {
    expect(read('README.md')).toContain(`\`\`\`ts\n${read('examples/quick-start.ts')}\`\`\``);
    expect(read('README.md')).toContain(`\`\`\`\n${read('examples/quick-start.output.txt')}\`\`\``);
  });
});
