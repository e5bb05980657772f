import type { View } from './source.ts';

/** All files in a folder and below it, with the bytes of each. */
export async function filesIn(
  view: View,
  folder: string,
): Promise<[path: string, bytes: number][]> {
  const found: [path: string, bytes: number][] = [];
  for (const { name, kind } of await view.backend.list(folder)) {
    const path = `${folder}/${name}`;
    // An id that is too long for a name goes on in a folder.
    if (kind === 'directory') found.push(...(await filesIn(view, path)));
    else found.push([path, (await view.files.use(path, (file) => file.size())) ?? 0]);
  }
  return found;
}
