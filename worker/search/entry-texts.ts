import type { Logger } from '../logger.ts';
import { SHARED_SPACE } from '../store/layout.ts';
import type { Store } from '../store/store.ts';
import type { StoredSegment } from './index/stored-segment.ts';
import { panelIdOf, splitDocumentKey } from './keys.ts';
import { toIndexable } from './log-reader.ts';
import { TextReader, type ReadableText } from './text-reader.ts';
import type { UserIndex } from './user-index.ts';

/** UTF-16 units of a text that a model is given; all of today's cut off far earlier. */
const MAX_LENGTH = 8_192;

/** Reads again what entries of an index say, for whoever has to embed it. */
export class EntryTexts {
  readonly #store: Store;
  readonly #documents: TextReader;
  /** The document that was read last: its chunks are asked for in a row, segment by segment. */
  #last:
    | {
        readonly segment: StoredSegment;
        readonly key: string;
        readonly text: ReadableText | null;
      }
    | undefined;

  constructor(store: Store, logger: Logger) {
    this.#store = store;
    this.#documents = new TextReader(store, logger);
  }

  /** What is to be embedded of each document of a segment; empty where there is nothing any more. */
  async read(
    user: UserIndex,
    segment: StoredSegment,
    documents: readonly number[],
  ): Promise<string[]> {
    const places = await user.files.use(segment.fileName, (file) => {
      const reader = segment.segment.reader(file);
      return documents.map((document) => ({
        key: reader.owners[reader.ownerOf(document)]?.key ?? '',
        number: reader.numberOf(document),
      }));
    });
    const texts = documents.map(() => '');
    const indexesByKey = new Map<string, number[]>();
    for (const [index, { key }] of (places ?? []).entries()) {
      const others = indexesByKey.get(key);
      if (others === undefined) indexesByKey.set(key, [index]);
      else others.push(index);
    }
    for (const [key, indexes] of indexesByKey) {
      const numbers = indexes.map((index) => places?.[index]?.number ?? 0);
      const found =
        segment.type === 'message'
          ? await this.#readMessages(user.userId, key, numbers)
          : await this.#readChunks(user.userId, segment, key, numbers);
      for (const [at, index] of indexes.entries()) {
        texts[index] = (found[at] ?? '').slice(0, MAX_LENGTH);
      }
    }
    return texts;
  }

  #readMessages(userId: string, key: string, ordinals: readonly number[]): Promise<string[]> {
    const panelId = panelIdOf(key);
    const spaceId = panelId === undefined ? userId : SHARED_SPACE;
    return this.#store.background(spaceId, async () => {
      const catalog = await this.#store.user(spaceId);
      const sessionId = panelId ?? key;
      if (catalog?.session(sessionId) === undefined) return [];
      const log = await this.#store.messages(spaceId, sessionId);
      return (await log.atOrdinals(ordinals)).map((message) => {
        if (message === null) return '';
        const { name, content } = toIndexable(message);
        return textToEmbed(content, name);
      });
    });
  }

  async #readChunks(
    userId: string,
    segment: StoredSegment,
    key: string,
    numbers: readonly number[],
  ): Promise<string[]> {
    if (this.#last?.segment !== segment || this.#last.key !== key) {
      const { documentId } = splitDocumentKey(key);
      this.#last = { segment, key, text: await this.#documents.read(userId, documentId) };
    }
    const { text } = this.#last;
    return numbers.map((number) => text?.chunks[number]?.text ?? '');
  }
}

/** Whose words they are says much of what they are about. */
function textToEmbed(content: string, name: string): string {
  if (content.trim() === '') return '';
  return name === '' ? content : `${name} says: ${content}`;
}
