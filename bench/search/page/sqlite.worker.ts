import sqlite3InitModule, {
  type OpfsSAHPoolDatabase,
  type SAHPoolUtil,
} from '@sqlite.org/sqlite-wasm';
import { expose } from 'comlink';
import type { Batch } from './messages.ts';
import type { TextSystem } from './system.ts';

// The log of changes needs shared memory, unless the database belongs to one connection alone.
const SETTINGS = `
  pragma locking_mode = exclusive;
  pragma journal_mode = wal;
  pragma synchronous = full;
`;

// The index refers to the table instead of keeping the text once more.
const SCHEMA = `
  create table if not exists session(number integer primary key, name text not null unique);
  create table if not exists message(
    number integer primary key,
    id text not null unique,
    session integer not null references session,
    position integer not null,
    role text not null,
    time integer not null,
    content text not null,
    unique (session, position)
  );
  create virtual table if not exists message_text
    using fts5(content, content = 'message', content_rowid = 'number');
  create trigger if not exists message_added after insert on message begin
    insert into message_text(rowid, content) values (new.number, new.content);
  end;
`;

// Ranked before it is joined, so that only the messages that are given out are read.
const SEARCH = `
  select message.id, session.name, role, time, content, rank
  from (select rowid, rank from message_text where message_text match ? order by rank limit ?) hit
    join message on message.number = hit.rowid
    join session on session.number = message.session
  order by rank
`;

let pool: SAHPoolUtil;
let db: OpfsSAHPoolDatabase;

const system: TextSystem = {
  open: async () => {
    const sqlite = await sqlite3InitModule();
    pool = await sqlite.installOpfsSAHPoolVfs({ initialCapacity: 6 });
    db = new pool.OpfsSAHPoolDb('/chat.db');
    db.exec(SETTINGS);
    db.exec(SCHEMA);
  },

  add: async (batch) => {
    db.transaction(() => addMessages(batch));
  },

  search: async (query, limit) =>
    db.selectObjects(SEARCH, [
      query
        .split(' ')
        .map((word) => `"${word}"`)
        .join(' OR '),
      limit,
    ]),

  settle: async () => undefined,

  close: async () => {
    db.close();
    pool.pauseVfs();
  },
};

function addMessages({ session, messages }: Batch): void {
  db.exec('insert or ignore into session(name) values (?)', { bind: [session] });
  const number = db.selectValue('select number from session where name = ?', [session]) ?? 0;
  const next = 'select coalesce(max(position), -1) + 1 from message where session = ?';
  let position = Number(db.selectValue(next, [number]));
  const insert = db.prepare(
    'insert into message(id, session, position, role, time, content) values (?, ?, ?, ?, ?, ?)',
  );
  try {
    for (const { messageId, role, timestamp, content } of messages) {
      insert.bind([messageId, number, position++, role, Date.parse(timestamp), content]);
      insert.stepReset();
    }
  } finally {
    insert.finalize();
  }
}

expose(system);
