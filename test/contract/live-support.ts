import type { FFMessageDTO, FFMessageInput, FFMessageWriter } from 'flatfile-chat';
import { expect } from 'vitest';
import type { StoreWithSession } from './subject.ts';
import { contentsOf } from './support.ts';

/** Reads on until the stream has given so many messages, and gives their contents. */
export async function take(
  stream: AsyncIterable<FFMessageDTO[]>,
  count: number,
): Promise<string[]> {
  const contents: string[] = [];
  for await (const batch of stream) {
    expect(batch.length).toBeGreaterThan(0);
    contents.push(...contentsOf(batch));
    if (contents.length >= count) break;
  }
  return contents;
}

/** Everything that comes until it ends by itself. */
export async function toEnd<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The contents of one batch after another. */
export async function batchesOf(stream: AsyncIterable<FFMessageDTO[]>): Promise<string[][]> {
  return (await toEnd(stream)).map(contentsOf);
}

/** A reply that nobody has written yet. */
export function reply(rest: Partial<FFMessageInput> = {}): FFMessageInput {
  return { role: 'assistant', content: '', messageId: 'reply', ...rest };
}

/** Begins to write it. */
export function startReply(
  { storage, sessionId }: StoreWithSession,
  rest: Partial<FFMessageInput> = {},
): Promise<FFMessageWriter> {
  return storage.startMessage('alice', sessionId, reply(rest));
}
