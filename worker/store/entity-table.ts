/** Something small that a catalog keeps whole: a document's description, a context, a persona. */
export interface Entity<T> {
  readonly id: string;
  /** The session with which it goes; absent when it stands for itself. */
  readonly sessionId?: string;
  /** Bytes of the files that belong to it. */
  readonly bytes?: number;
  readonly value: T;
}

/** An entity without what the record that brought it has besides, such as its sequence number. */
export function plainEntity<T>({ id, sessionId, bytes, value }: Entity<T>): Entity<T> {
  return {
    id,
    value,
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}

/** Entities of one kind, in the order in which they were added, and what they come to together. */
export class EntityTable<T> {
  readonly #entityById = new Map<string, Entity<T>>();
  readonly #idsBySession = new Map<string, Set<string>>();
  #bytes = 0;

  get size(): number {
    return this.#entityById.size;
  }

  /** Bytes of all files that belong to them. */
  get bytes(): number {
    return this.#bytes;
  }

  get(id: string): Entity<T> | undefined {
    return this.#entityById.get(id);
  }

  values(): Entity<T>[] {
    return [...this.#entityById.values()];
  }

  ofSession(sessionId: string): Entity<T>[] {
    const ids = this.#idsBySession.get(sessionId) ?? [];
    return Array.from(ids, (id) => this.#entityById.get(id)).filter(
      (entity) => entity !== undefined,
    );
  }

  countOfSession(sessionId: string): number {
    return this.#idsBySession.get(sessionId)?.size ?? 0;
  }

  bytesOfSession(sessionId: string): number {
    return this.ofSession(sessionId).reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  }

  /** Adds an entity; one with a known id keeps its place. */
  put(entity: Entity<T>): void {
    const { id, sessionId, bytes = 0 } = entity;
    const known = this.#entityById.get(id);
    this.#bytes += bytes - (known?.bytes ?? 0);
    if (known?.sessionId !== sessionId) this.#unlink(id);
    this.#entityById.set(id, entity);
    if (sessionId === undefined) return;
    let ids = this.#idsBySession.get(sessionId);
    if (ids === undefined) this.#idsBySession.set(sessionId, (ids = new Set()));
    ids.add(id);
  }

  drop(id: string): void {
    const entity = this.#entityById.get(id);
    if (entity === undefined) return;
    this.#bytes -= entity.bytes ?? 0;
    this.#unlink(id);
    this.#entityById.delete(id);
  }

  dropSession(sessionId: string): void {
    for (const { id } of this.ofSession(sessionId)) this.drop(id);
    this.#idsBySession.delete(sessionId);
  }

  #unlink(id: string): void {
    const sessionId = this.#entityById.get(id)?.sessionId;
    if (sessionId !== undefined) this.#idsBySession.get(sessionId)?.delete(id);
  }
}
