import { join } from 'node:path';
import { ROOT, run } from './run.ts';

/** The package as npm would publish it. */
export interface Tarball {
  readonly path: string;
  /** What is in it, relative to the package. */
  readonly files: readonly string[];
}

/** Builds the package and packs it into a folder. */
export async function packInto(folder: string): Promise<Tarball> {
  await run(ROOT, 'npm', 'run', 'build');
  const report = await run(ROOT, 'npm', 'pack', '--json', '--pack-destination', folder);
  const [packed] = JSON.parse(report) as [{ filename: string; files: { path: string }[] }];
  return { path: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}
