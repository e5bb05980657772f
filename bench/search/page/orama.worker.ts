import {
  create,
  insertMultiple,
  load,
  save,
  search,
  type AnyOrama,
  type RawData,
} from '@orama/orama';
import { expose } from 'comlink';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import type { TextSystem } from './system.ts';

const BATCH = 1_000;

let db: AnyOrama;

const system: TextSystem = {
  open: async () => {
    // Sorting by a field costs memory, and ranking does without it.
    db = create({ schema: { content: 'string', session: 'enum' }, sort: { enabled: false } });
    const snapshot = await readSnapshot();
    if (snapshot !== undefined) load(db, JSON.parse(snapshot) as RawData);
  },
  add: async ({ session, messages }) => {
    const documents = messages.map(({ messageId: id, content }) => ({ id, content, session }));
    await insertMultiple(db, documents, BATCH);
  },
  search: async (query, limit) => (await search(db, { term: query, limit })).hits,
  settle: () => writeSnapshot(JSON.stringify(save(db))),
  close: async () => undefined,
};

expose(system);
