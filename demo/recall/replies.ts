import type { FFMessageInput, FFMessageWriter, FFStorageManager } from 'flatfile-chat';
import { USER_ID, type ChatStore } from '../state/chat-store.ts';
import { createObservable, type Observable } from '../state/observable.ts';
import { answerFromHistory, beginningOf, type Question } from './answer-from-history.ts';
import { wordsDue } from './pace.ts';

/** The replies of Recall, which grow word by word. They go on whatever the page shows meanwhile. */
export interface Replies {
  /** Those that this tab is writing, by the ids of their messages. */
  readonly writing: Observable<ReadonlyMap<string, FFMessageWriter>>;
  /** Stores a question and begins the reply to it; resolves when both are stored. */
  ask(sessionId: string, question: Question): Promise<void>;
  /** Ends a reply with what it has. */
  stop(messageId: string): Promise<void>;
}

export interface RepliesOptions {
  readonly paceMs: number;
  onError(error: unknown): void;
}

export function createReplies(store: ChatStore, { paceMs, onError }: RepliesOptions): Replies {
  const writing = createObservable<ReadonlyMap<string, FFMessageWriter>>(new Map());

  const enter = (writer: FFMessageWriter): void =>
    writing.update((writers) => new Map(writers).set(writer.messageId, writer));
  const leave = ({ messageId }: FFMessageWriter): void =>
    writing.update((writers) => new Map([...writers].filter(([id]) => id !== messageId)));

  const writeOut = async (writer: FFMessageWriter, text: string): Promise<void> => {
    const startMs = performance.now();
    let written = 0;
    while (written < text.length && writing.value.has(writer.messageId)) {
      const due = wordsDue(text, performance.now() - startMs, paceMs);
      writer.write(due.slice(written));
      written = due.length;
      if (written < text.length) await delay(paceMs);
    }
  };

  const reply = async (question: Question, writer: FFMessageWriter): Promise<void> => {
    try {
      const answer = await store.read((storage) => answerFromHistory(storage, USER_ID, question));
      await writeOut(writer, answer.content);
      // After stop() this is what became of it then.
      await store.write(() =>
        writer.finish(answer.quotes.length === 0 ? {} : { parts: answer.quotes }),
      );
    } catch (error) {
      onError(error);
      // What there is stays. The error that counts is the first.
      await store.write(() => writer.abort()).catch(() => undefined);
    } finally {
      leave(writer);
    }
  };

  return {
    writing,

    async ask(sessionId, question) {
      const writer = await store.write((storage) => begin(storage, sessionId, question));
      enter(writer);
      void reply(question, writer);
    },

    async stop(messageId) {
      const writer = writing.value.get(messageId);
      if (writer === undefined) return;
      await store.write(() => writer.abort());
      leave(writer);
    },
  };
}

async function begin(
  storage: FFStorageManager,
  sessionId: string,
  question: Question,
): Promise<FFMessageWriter> {
  const asked: FFMessageInput = { ...question, role: 'user' };
  // Calls take effect in their order. Neither waits for the other, so that whoever sees the question, in
  // whichever tab, finds the reply begun.
  const [added, begun] = await Promise.allSettled([
    storage.addMessage(USER_ID, sessionId, asked),
    storage.startMessage(USER_ID, sessionId, beginningOf(question)),
  ]);
  if (added.status === 'rejected') {
    if (begun.status === 'fulfilled') {
      await discard(storage, sessionId, begun.value).catch(() => undefined);
    }
    throw added.reason;
  }
  if (begun.status === 'rejected') throw begun.reason;
  return begun.value;
}

/** A reply to a question that was refused. */
async function discard(
  storage: FFStorageManager,
  sessionId: string,
  writer: FFMessageWriter,
): Promise<void> {
  await writer.abort();
  await storage.deleteMessage(USER_ID, sessionId, writer.messageId);
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
