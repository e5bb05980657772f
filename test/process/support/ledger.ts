import { batchIds, editedContent, messageContent, type Resolved } from '../page/mixed-writes.ts';

/** What the page reads of a user after it was opened again. */
export interface ReadBack {
  readonly sessions: readonly {
    readonly title: string;
    readonly messageCount: number;
    readonly messages: readonly { readonly messageId: string; readonly content: string }[];
  }[];
  readonly documents: readonly { readonly name: string; readonly isWhole: boolean }[];
  readonly backups: readonly string[];
  readonly damagedRecords: number;
}

/** What is wrong, by what it is. */
export interface Findings {
  /** Resolved writes that are not there, or are undone. */
  readonly lost: string[];
  /** Records that are there in part, or as nobody wrote them. */
  readonly half: string[];
}

/** All writes of a user that have resolved. */
export class Ledger {
  readonly #messages = new Map<string, string>();
  readonly #deleted = new Set<string>();
  readonly #versions = new Map<string, number>();
  readonly #documents = new Map<string, boolean>();
  readonly #sessions = new Map<string, boolean>();
  readonly #backups = new Set<string>();
  /** How many of each kind. */
  readonly counts = new Map<Resolved['kind'], number>();

  note({ kind, sessionId, id, version = 0 }: Resolved): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    switch (kind) {
      case 'add':
        this.#messages.set(id, sessionId);
        return;
      case 'batch':
        for (const messageId of batchIds(id)) this.#messages.set(messageId, sessionId);
        return;
      case 'edit':
        this.#versions.set(id, Math.max(this.#versions.get(id) ?? 0, version));
        return;
      case 'delete':
        this.#messages.delete(id);
        this.#deleted.add(id);
        return;
      case 'document':
      case 'document-deleted':
        this.#documents.set(id, kind === 'document');
        return;
      case 'session':
      case 'session-deleted':
        this.#sessions.set(id, kind === 'session');
        return;
      case 'backup':
        this.#backups.add(id);
        return;
      case 'optimize':
      case 'index':
    }
  }

  get size(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** A message that has to be there. */
  get lastMessage(): string | undefined {
    return [...this.#messages.keys()].at(-1);
  }

  /** Compares what is there with what has to be. What was under way may have taken effect or not. */
  check({ sessions, documents, backups, damagedRecords }: ReadBack): Findings {
    const lost: string[] = [];
    const half: string[] = [];
    const titleById = new Map<string, string>();
    for (const { title, messageCount, messages } of sessions) {
      if (messageCount !== messages.length) {
        half.push(`${title} has ${messages.length} messages and says ${messageCount}`);
      }
      const batches = new Map<string, number>();
      for (const { messageId, content } of messages) {
        titleById.set(messageId, title);
        if (!isWhole(messageId, content)) half.push(`${messageId} is not whole`);
        const [, batch] = /^(.+)-\d+$/.exec(messageId) ?? [];
        if (batch !== undefined) batches.set(batch, (batches.get(batch) ?? 0) + 1);
        const least = this.#versions.get(messageId) ?? 0;
        if (versionOf(messageId, content) < least) lost.push(`edit ${least} of ${messageId}`);
        if (this.#deleted.has(messageId)) lost.push(`deletion of ${messageId}`);
      }
      for (const [batch, count] of batches) {
        if (count !== batchIds(batch).length) half.push(`batch ${batch} has ${count} messages`);
      }
    }
    for (const [id, title] of this.#messages) {
      // The page deletes what it has added first; the last such call may not have answered.
      if (titleById.get(id) !== title && !this.#mayBeDeleted(id)) lost.push(`message ${id}`);
    }
    const names = new Set(documents.map(({ name }) => name));
    for (const { name, isWhole: whole } of documents) if (!whole) half.push(`document ${name}`);
    for (const [name, isThere] of this.#documents) {
      if (isThere !== names.has(name) && !(isThere && this.#mayBeDropped(name))) {
        lost.push(`${isThere ? '' : 'deletion of '}document ${name}`);
      }
    }
    const titles = new Set(sessions.map(({ title }) => title));
    for (const [title, isThere] of this.#sessions) {
      // A session that was created is deleted at once.
      if (!isThere && titles.has(title)) lost.push(`deletion of session ${title}`);
    }
    for (const path of this.#backups) if (!backups.includes(path)) lost.push(`backup ${path}`);
    if (damagedRecords > 0) half.push(`${damagedRecords} damaged records`);
    return { lost, half };
  }

  /** Whether it is the message that its writer would have deleted next. */
  #mayBeDeleted(id: string): boolean {
    const writer = writerOf(id);
    if (id.includes('-')) return false;
    const [next] = [...this.#messages.keys()].filter(
      (other) => writerOf(other) === writer && !other.includes('-'),
    );
    return next === id;
  }

  /** The same of a document. */
  #mayBeDropped(name: string): boolean {
    const writer = writerOf(name);
    const [next] = [...this.#documents].filter(
      ([other, isThere]) => isThere && writerOf(other) === writer,
    );
    return next?.[0] === name;
  }
}

function writerOf(id: string): string {
  return /^r\d+w\d+/.exec(id)?.[0] ?? id;
}

function versionOf(messageId: string, content: string): number {
  return Number(new RegExp(`^${messageId}v(\\d+)y`).exec(content)?.[1] ?? 0);
}

function isWhole(messageId: string, content: string): boolean {
  if (!/^e\d+$/.test(messageId)) return content === messageContent(messageId);
  return content === editedContent(messageId, versionOf(messageId, content));
}
