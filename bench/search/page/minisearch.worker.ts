import { expose } from 'comlink';
import MiniSearch, { type Options } from 'minisearch';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import type { TextSystem } from './system.ts';

const OPTIONS: Options = { idField: 'messageId', fields: ['content'], storeFields: ['session'] };

let index: MiniSearch;

const system: TextSystem = {
  open: async () => {
    const snapshot = await readSnapshot();
    index =
      snapshot === undefined ? new MiniSearch(OPTIONS) : MiniSearch.loadJSON(snapshot, OPTIONS);
  },
  add: async ({ session, messages }) => {
    index.addAll(messages.map((message) => ({ ...message, session })));
  },
  search: async (query, limit) => index.search(query).slice(0, limit),
  settle: () => writeSnapshot(JSON.stringify(index)),
  close: async () => undefined,
};

expose(system);
