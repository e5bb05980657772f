import { contentOf } from './writes.ts';

/** What the page that crashes writes: the test knows it from the same place, and can tell what is whole. */

/** Sessions that every user has. */
export const SESSIONS = ['s0', 's1', 's2'];

/** Messages of a batch. */
export const BATCH = 20;

/** Messages of a user that are edited over and over. */
export const EDITED = 5;

/** A write that has resolved: what it was, and of what. */
export interface Resolved {
  readonly kind:
    | 'add'
    | 'batch'
    | 'edit'
    | 'delete'
    | 'document'
    | 'document-deleted'
    | 'session'
    | 'session-deleted'
    | 'backup'
    | 'optimize'
    | 'index';
  readonly sessionId: string;
  /** Of the message, the batch, the document or the backup. */
  readonly id: string;
  /** Of an edited message. */
  readonly version?: number;
}

/** The number at the end of an id. */
function numberOf(id: string): number {
  return Number(/\d+$/.exec(id)?.[0] ?? 0);
}

export function messageContent(id: string): string {
  return contentOf(`${id}y`, numberOf(id));
}

export function editedContent(id: string, version: number): string {
  return contentOf(`${id}v${version}y`, version);
}

export function batchIds(id: string): string[] {
  return Array.from({ length: BATCH }, (_, index) => `${id}-${index}`);
}

/** From some bytes to several writes' worth. */
export function documentContent(id: string): string {
  return `document ${id} `.repeat(((numberOf(id) * 7_919) % 4_000) + 1);
}
