import type { FFSearchConfig } from '../../../src/shared/config.ts';
import { nextTask } from '../../next-task.ts';
import type { Store } from '../../store/store.ts';
import type { TextAnalyzer } from '../analysis/analyzer.ts';
import type { ParsedQuery } from '../analysis/query.ts';
import type { EntryIndex } from '../index/entry-index.ts';
import { BEGINNING, type Place } from '../index/place.ts';
import { documentKey, panelIdOf, splitDocumentKey } from '../keys.ts';
import type { LogReader } from '../log-reader.ts';
import type { TextReader } from '../text-reader.ts';
import { tokenizeEntry } from '../tokenize-entry.ts';
import type { UserIndex } from '../user-index.ts';
import { Backlog } from './backlog.ts';
import { LineFilter } from './line-filter.ts';
import { createQueryWords } from './query-words.ts';
import type { WordFilter } from './word-filter.ts';

/** Looks for what a query might find in what is not indexed yet, without indexing it. */
export class BacklogScanner {
  readonly #store: Store;
  readonly #logs: LogReader;
  readonly #texts: TextReader;
  readonly #config: FFSearchConfig;

  constructor(store: Store, logs: LogReader, texts: TextReader, config: FFSearchConfig) {
    this.#store = store;
    this.#logs = logs;
    this.#texts = texts;
    this.#config = config;
  }

  /** About how many bytes of a user are not indexed yet; what belongs to panels is not counted. */
  bytes(user: UserIndex, { places }: EntryIndex): Promise<number> {
    return this.#store.background(user.userId, async () => {
      const catalog = await this.#store.user(user.userId);
      let bytes = 0;
      for (const key of user.logsBehind) {
        if (panelIdOf(key) !== undefined) continue;
        const { messages } = catalog?.session(key)?.bytes ?? { messages: 0 };
        bytes += Math.max(messages - (places.get(key)?.offset ?? 0), 0);
      }
      for (const id of user.textsBehind) bytes += catalog?.entities.document.get(id)?.bytes ?? 0;
      return bytes;
    });
  }

  /**
   * Scans everything that is behind by now.
   *
   * @returns `null` when something is not what was indexed of it: nothing but following it helps
   */
  async scan(user: UserIndex, entries: EntryIndex, query: ParsedQuery): Promise<Backlog | null> {
    user.scans++;
    try {
      return await this.#scan(user, entries, query);
    } finally {
      user.scans--;
    }
  }

  async #scan(
    user: UserIndex,
    { analyzer, places, documents }: EntryIndex,
    query: ParsedQuery,
  ): Promise<Backlog | null> {
    const backlog = new Backlog();
    const words = createQueryWords(analyzer, query, this.#config);
    const lines = new LineFilter(words);
    for (const key of user.obsoleteKeys) {
      backlog.addGone(key);
      for (const document of documents.keys()) {
        if (splitDocumentKey(document).sessionId === key) backlog.addGone(document);
      }
      // Another one of that name may have been created since.
      if (user.behind.has(key)) return null;
    }
    for (const key of user.logsBehind) {
      const place = places.get(key) ?? BEGINNING;
      if (!(await this.#scanLog(user, key, place, analyzer, lines, backlog))) return null;
    }
    for (const id of user.textsBehind) {
      if (await this.#scanText(user.userId, id, analyzer, words, backlog)) continue;
      for (const key of documents.keys()) {
        if (splitDocumentKey(key).documentId === id) backlog.addGone(key);
      }
    }
    backlog.addSkipped('message', lines.skipped, lines.share);
    return user.isStopped ? null : backlog;
  }

  /** @returns whether it was the log that was followed so far */
  async #scanLog(
    user: UserIndex,
    key: string,
    from: Place,
    analyzer: TextAnalyzer,
    lines: LineFilter,
    backlog: Backlog,
  ): Promise<boolean> {
    backlog.beginLog(key, from.offset);
    for (let place = from; !user.isStopped;) {
      const slice = await this.#logs.scanSlice(user.userId, key, place, (line) =>
        lines.accepts(line),
      );
      if (slice === 'end') return true;
      if (slice === 'other') return false;
      if (slice === 'gone') {
        backlog.addGone(key);
        return true;
      }
      const { changes, next } = slice;
      for (const { ordinal, offset, message } of changes) {
        const entry =
          message === null
            ? null
            : {
                key,
                mimeType: '',
                number: ordinal,
                role: message.role,
                time: message.time,
                tokens: tokenizeEntry(analyzer, message.content, message.name),
              };
        backlog.addRecord(key, { ordinal, offset, epoch: next.epoch }, entry);
      }
      place = next;
      await nextTask();
    }
    return false;
  }

  /** @returns whether there is such a text */
  async #scanText(
    userId: string,
    documentId: string,
    analyzer: TextAnalyzer,
    words: WordFilter,
    backlog: Backlog,
  ): Promise<boolean> {
    const found = await this.#texts.read(userId, documentId);
    if (found === null) return false;
    const { sessionId, mimeType, time, chunks, stamp } = found;
    const key = documentKey(sessionId, documentId);
    const entries = chunks
      .filter(({ text }) => words.holds(text))
      .map(({ index, text }) => {
        const tokens = tokenizeEntry(analyzer, text, '');
        return { key, mimeType, number: index, role: 0, time, tokens };
      });
    backlog.addDocument(key, stamp, entries);
    await nextTask();
    return true;
  }
}
