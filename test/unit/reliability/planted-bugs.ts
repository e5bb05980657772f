import type { Backend, BackendFile } from '../../../worker/backend/backend.ts';
import { HEADER_BYTES } from '../../../worker/store/log-file.ts';

/** A mistake as a programmer might make it, put between a store and its disk. */
export interface PlantedBug {
  readonly name: string;
  readonly plant: (backend: Backend) => Backend;
}

type Change = (file: BackendFile) => BackendFile;

/** Changes how the files are used whose paths match. */
function changing(paths: RegExp, change: Change): PlantedBug['plant'] {
  return (backend) => ({
    ...backend,
    open: async (path, options) => {
      const file = await backend.open(path, options);
      return file === null || !paths.test(path) ? file : change(file);
    },
  });
}

const forgetsFlush: Change = (file) => ({ ...file, flush: async () => undefined });

/** Says that it is done when it has only begun. */
const answersBeforeFlush: Change = (file) => {
  let flushing: Promise<unknown> = Promise.resolve();
  return {
    ...file,
    flush: async () => {
      flushing = flushing
        .then(() => new Promise((resolve) => setTimeout(resolve)))
        .then(file.flush);
      flushing.catch(() => undefined);
    },
    close: async () => {
      await flushing;
      await file.close();
    },
  };
};

/** Writes the whole file anew for every change. */
const truncatesBeforeWriting: Change = (file) => ({
  ...file,
  write: (bytes, at) => {
    const whole = new Uint8Array(Math.max(file.size(), at + bytes.length));
    file.read(whole, 0);
    whole.set(bytes, at);
    file.truncate(0);
    file.write(whole, 0);
  },
});

/** Keeps back what a rewritten log holds until its header is there, which says that it is whole. */
const writesHeaderFirst: Change = (file) => {
  const held: { readonly bytes: Uint8Array; readonly at: number }[] = [];
  let hasHeader = file.size() > 0;
  return {
    ...file,
    write: (bytes, at) => {
      if (!hasHeader && at >= HEADER_BYTES) {
        held.push({ bytes: bytes.slice(), at });
        return;
      }
      file.write(bytes, at);
      hasHeader = true;
    },
    flush: async () => {
      if (!hasHeader) return;
      await file.flush();
      for (const { bytes, at } of held.splice(0)) file.write(bytes, at);
      await file.flush();
    },
  };
};

const FLUSHED = [
  ['messages', /messages\.jsonl$/],
  ['a catalog', /^(users|shared)[^/]*\/.*catalog\.jsonl$/],
  ['the list of users', /^catalog\.jsonl$/],
  ['documents', /documents\/[^.]*$/],
  ['rewritten logs', /\.alt\.jsonl$/],
  ['backups', /\.zip$/],
] as const;

export const PLANTED_BUGS: readonly PlantedBug[] = [
  ...FLUSHED.map(([what, paths]) => ({
    name: `a flush of ${what} is missing`,
    plant: changing(paths, forgetsFlush),
  })),
  { name: 'an answer comes before its flush', plant: changing(/\.jsonl$/, answersBeforeFlush) },
  {
    name: 'a file is cut before it is written',
    plant: changing(/\.jsonl$/, truncatesBeforeWriting),
  },
  { name: 'a header is written first', plant: changing(/\.alt\.jsonl$/, writesHeaderFirst) },
];
