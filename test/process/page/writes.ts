/** What the page writes: the test knows it from the same place, and so can tell what is whole. */

export const BATCHES = 15;
export const BATCH_SIZE = 300;
export const EDITED = 20;
export const DELETED = 20;

/** Of very different lengths, and not of one byte a character; `single7` can be searched for. */
export function contentOf(kind: string, n: number): string {
  return `${kind}${n} ${'wörds 🦊 '.repeat((n * 37) % 101)}end`;
}

export function batchContent(batch: number, index: number): string {
  return contentOf(`batch${batch}x`, index);
}

export function editContent(message: number, version: number): string {
  return contentOf(`edit${message}v`, version);
}
