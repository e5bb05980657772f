import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/run.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flatfile-chat-example-test-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the example as `npm run example` does once everything is set up. */
async function runExample(
  args: readonly string[],
  onOutput: (output: string) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, ['examples/run.mjs', ...args], { cwd: ROOT });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      onOutput(output);
    });
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}

describe('npm run example', () => {
  it('runs the workflow, and brings trees of its own through a restart of the browser', async () => {
    const { code, output } = await runExample([]);
    expect(output).toContain('Found 2 messages about API');
    expect(output).toContain('User has 1 sessions with 3 messages');
    expect(output).toMatch(/Importing into opfs:[^]*Restarting the browser/);
    // Trees, messages, seconds twice, differences.
    expect(output).toMatch(/sample-trees\.jsonl +5 +17 +[\d.]+ +[\d.]+ +0$/m);
    // Hits, messages that hold the very word, milliseconds, faults.
    expect(output).toMatch(/electricity +1 +1 +[\d.]+ +0$/m);
    expect(output).toContain('Everything is as the files say.');
    expect(code).toBe(0);
  });

  it.skipIf(process.platform === 'win32')(
    'names what differs from the file, and fails',
    async () => {
      // A pipe for a file can say one thing when it is imported and another when it is compared.
      const pipe = join(folder, 'pipe.jsonl');
      expect(spawnSync('sh', ['-c', 'mkfifo "$1"', 'sh', pipe]).status).toBe(0);
      const tree = await readFile(join(ROOT, 'examples/sample-trees.jsonl'), 'utf8');
      const writers = [tree, tree.replace('With clockwork.', 'By magic.')].map(
        (text, index) => async () => {
          const path = join(folder, `${index}.jsonl`);
          await writeFile(path, text);
          // In a process of its own: whoever opens a pipe waits for its other end.
          return spawn('sh', ['-c', 'cat "$1" > "$2"', 'sh', path, pipe]);
        },
      );

      const cats = [await writers[0]?.()];
      let restarted = false;
      const { code, output } = await runExample([pipe], (soFar) => {
        if (restarted || !soFar.includes('Restarting')) return;
        restarted = true;
        void writers[1]?.().then((cat) => cats.push(cat));
      });
      for (const cat of cats) cat?.kill();

      expect(output).toMatch(
        /pipe\.jsonl:1\.messages\[1\]\.content: expected "By magic\..*, got "With clockwork\./,
      );
      expect(output).toContain('Not everything is as it should be.');
      expect(code).toBe(1);
    },
  );

  it('says so when there is no such file', async () => {
    const { code, output } = await runExample([join(folder, 'none.jsonl')]);
    expect(output).toMatch(/none\.jsonl: there is no such file\.\nUsage: npm run example/);
    expect(code).toBe(1);
  });

  it('says which line of a file is no message tree', async () => {
    const path = join(folder, 'broken.jsonl');
    await writeFile(path, '\n{"message_tree_id":"x"}\n');
    const { code, output } = await runExample([path]);
    expect(output).toContain('broken.jsonl, line 2: it is no message tree');
    expect(code).toBe(1);
  });
});
