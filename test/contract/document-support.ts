import type { FFStorageManager, ListDocumentsOptions } from 'flatfile-chat';

/** Stores a text for alice. */
export function storeText(
  storage: FFStorageManager,
  sessionId: string,
  originalName: string,
  text: string,
): Promise<string> {
  return storage.storeDocument('alice', sessionId, { originalName }, text);
}

/** The names of alice's documents, in the order in which they are listed. */
export async function namesOf(
  storage: FFStorageManager,
  options?: ListDocumentsOptions,
): Promise<string[]> {
  return (await storage.listDocuments('alice', options)).map(({ originalName }) => originalName);
}

export async function bytesOf(content: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await content.arrayBuffer());
}

/** In hexadecimal digits, as the platform computes it. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Bytes without any pattern; the platform gives no more than 65,536 at a time. */
export function randomBytes(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, size)));
  }
  return bytes;
}
