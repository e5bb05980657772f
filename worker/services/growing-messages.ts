import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import { unchanged, type Change } from '../store/change.ts';
import { readGrown } from '../store/growth.ts';
import type { MessageLog } from '../store/message-log.ts';
import { growingId, type UserCatalog } from '../store/user-catalog.ts';
import { CALLED_HERE } from './call.ts';
import type { ServiceContext } from './context.ts';
import { openMessages } from './conversation.ts';
import { GrowingMessage, type GrowingIdentity, type TextPart } from './growing-message.ts';
import { GrowingSaver, RETRY_MS } from './growing-saver.ts';

/**
 * What becomes of a message that ends; `null`: it stays as it is.
 *
 * @param isGrowing whether the log says that it is `streaming`
 */
type Ending = (message: FFMessageDTO, isGrowing: boolean) => FFMessageDTO | null;

/**
 * The messages that grow. Their text is in memory, and is saved now and then by records that hold what
 * is new; the messages of callers that are gone are marked as interrupted. A message of which the log
 * says that it is `streaming` is always known here, from the moment that its space is opened.
 */
export class GrowingMessages {
  readonly #context: ServiceContext;
  readonly #messageByKey = new Map<string, GrowingMessage>();
  /** What is done behind the calls; none of it rejects. */
  readonly #tasks = new Set<Promise<void>>();
  readonly #saver: GrowingSaver;
  #isClosed = false;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#saver = new GrowingSaver(context, {
      isKnown: (growing) => this.#isKnown(growing),
      run: (task) => void this.#run(task),
    });
  }

  // ── What there is ────────────────────────────────────────────────────────────────────────────

  get(userId: string, sessionId: string, messageId: string): GrowingMessage | undefined {
    return this.#messageByKey.get(keyOf({ userId, sessionId, messageId }));
  }

  /** The same with its text read, also where the space is not open yet. Only in the user's lane. */
  async load(
    userId: string,
    sessionId: string,
    messageId: string,
  ): Promise<GrowingMessage | undefined> {
    const log = await openMessages(this.#context.store, userId, sessionId);
    const growing = this.get(userId, sessionId, messageId);
    if (log === null || growing === undefined) return undefined;
    if (growing.content !== undefined) return growing;
    const found = await log.find(messageId);
    if (found?.message?.status !== 'streaming') {
      this.dismiss(growing);
      return undefined;
    }
    growing.load(await readGrown(log, found.ordinal, found.message));
    return growing;
  }

  /** A message of a log as it is now. Only in the user's lane. */
  async current(
    userId: string,
    sessionId: string,
    log: MessageLog,
    message: FFMessageDTO,
  ): Promise<FFMessageDTO> {
    if (message.status !== 'streaming') return message;
    const { messageId } = message;
    const growing =
      this.get(userId, sessionId, messageId) ??
      // Its catalog has lost it: nobody can be writing it.
      this.#abandoned({ userId, sessionId, messageId, caller: CALLED_HERE });
    const ordinal = growing.content === undefined ? await log.ordinalOf(messageId) : null;
    if (ordinal !== null) {
      growing.load(await readGrown(log, ordinal, message));
      await this.#lookForWriter(growing);
    }
    const { content = message.content, isAbandoned } = growing;
    return { ...message, content, status: isAbandoned ? 'interrupted' : 'streaming' };
  }

  /** The same of many, of which most are complete. */
  async currentAll(
    userId: string,
    sessionId: string,
    log: MessageLog,
    messages: FFMessageDTO[],
  ): Promise<FFMessageDTO[]> {
    for (const [index, message] of messages.entries()) {
      if (message.status !== 'streaming') continue;
      messages[index] = await this.current(userId, sessionId, log, message);
    }
    return messages;
  }

  // ── Beginning ────────────────────────────────────────────────────────────────────────────────

  /** Takes in a message that is about to be written. Only in the user's lane. */
  begin(identity: GrowingIdentity, content: string): GrowingMessage {
    const growing = new GrowingMessage(identity, content);
    const left = this.#messageByKey.get(keyOf(identity));
    // A crash came between the catalog's record of it and its own.
    if (left !== undefined) this.#forget(left);
    this.#messageByKey.set(keyOf(identity), growing);
    // What was called from here lives as long as this does.
    if (identity.caller !== CALLED_HERE) this.#watch(growing);
    return growing;
  }

  /** A space was opened: what others were writing in it is to be gone on with, or to be ended. */
  spaceOpened(userId: string, { entities }: UserCatalog): void {
    for (const { value } of entities.growing.values()) {
      const identity = { userId, ...value };
      if (this.#messageByKey.has(keyOf(identity))) continue;
      if (value.caller === CALLED_HERE) {
        // Whoever was here before this engine is gone.
        this.#abandoned(identity);
        continue;
      }
      const growing = new GrowingMessage(identity);
      this.#messageByKey.set(keyOf(identity), growing);
      this.#watch(growing);
    }
  }

  #watch(growing: GrowingMessage): void {
    const { caller } = growing.identity;
    this.#context.presence.whenGone(caller, growing.watch.signal).then(
      () => this.#abandon(growing),
      () => undefined,
    );
  }

  /** So that the first to read what a dead writer left does not take it for what still grows. */
  async #lookForWriter(growing: GrowingMessage): Promise<void> {
    if (growing.isAbandoned) return;
    const isGone = await this.#context.presence.isGone?.(growing.identity.caller);
    if (isGone === true) this.#abandon(growing);
  }

  #abandoned(identity: GrowingIdentity): GrowingMessage {
    const growing = new GrowingMessage(identity);
    this.#messageByKey.set(keyOf(identity), growing);
    this.#abandon(growing);
    return growing;
  }

  // ── Growing ──────────────────────────────────────────────────────────────────────────────────

  /** Adds text, tells of it, and has it saved soon. */
  grow(growing: GrowingMessage, part: TextPart): void {
    const added = growing.grow(part);
    if (added.text === '') return;
    const { userId, sessionId, messageId } = growing.identity;
    this.#context.publish({ type: 'grew', userId, sessionId, messageId, ...added });
    this.#saver.saveSoon(growing);
  }

  /** Saves all text that is in memory only, as far as that is possible. */
  async saveAll(): Promise<void> {
    await Promise.all([...this.#messageByKey.values()].map((growing) => this.#saver.save(growing)));
  }

  // ── Ending ───────────────────────────────────────────────────────────────────────────────────

  /**
   * Makes a message what it comes to.
   *
   * @param op the operation that it is done by
   * @returns the message as it is then; `null` when there is none
   */
  async end(
    { userId, sessionId, messageId }: Omit<GrowingIdentity, 'caller'>,
    ending: Ending,
    op?: string,
  ): Promise<FFMessageDTO | null> {
    const { store, now, indexer, publish } = this.#context;
    const { message, isChanged } = await store.write(
      userId,
      async (): Promise<Change<{ message: FFMessageDTO | null; isChanged: boolean }>> => {
        const log = await this.#openSettled(userId, sessionId);
        const found = log === null ? null : await log.find(messageId);
        const before = found?.message ?? null;
        const isGrowing = before?.status === 'streaming';
        const known = this.get(userId, sessionId, messageId);
        // It was never written, or it had ended before the catalog heard of it.
        if (known !== undefined && !isGrowing) this.dismiss(known);
        if (log === null || found === null || before === null) {
          return unchanged({ message: null, isChanged: false });
        }
        const after = ending(await this.current(userId, sessionId, log, before), isGrowing);
        // What is there already may still be on its way to the disk.
        if (after === null) {
          return { value: { message: before, isChanged: false }, durable: log.durable() };
        }
        const { durable } = await store.change(userId, sessionId, (open) =>
          open.edit(found.ordinal, before, after, now(), op),
        );
        return { value: { message: after, isChanged: true }, durable };
      },
    );
    if (isChanged) {
      this.ended(userId, sessionId, messageId);
      publish({ type: 'messages', userId, sessionId });
      indexer.sessionChanged(userId, sessionId);
    }
    return message;
  }

  /** What failed must not be taken for what there is. Only in the user's lane. */
  async #openSettled(userId: string, sessionId: string): Promise<MessageLog | null> {
    const { store } = this.#context;
    const log = await openMessages(store, userId, sessionId);
    await log?.settled();
    return log?.failed === true ? openMessages(store, userId, sessionId) : log;
  }

  /** A message that may have been growing does so no more, durably. */
  ended(userId: string, sessionId: string, messageId: string): void {
    const growing = this.get(userId, sessionId, messageId);
    if (growing !== undefined) this.dismiss(growing);
    this.#context.publish({ type: 'ended', userId, sessionId, messageId });
  }

  /** Marks all messages as interrupted that a caller was writing. */
  async interrupt(caller: string): Promise<void> {
    const written = [...this.#messageByKey.values()].filter(
      ({ identity }) => identity.caller === caller,
    );
    for (const growing of written) growing.isAbandoned = true;
    await Promise.all(written.map((growing) => this.#run(() => this.#interrupt(growing))));
  }

  #abandon(growing: GrowingMessage): void {
    if (this.#isClosed) return;
    growing.isAbandoned = true;
    void this.#run(() => this.#interrupt(growing));
  }

  async #interrupt(growing: GrowingMessage): Promise<void> {
    if (!this.#isKnown(growing)) return;
    try {
      await this.end(growing.identity, (message, isGrowing) =>
        isGrowing ? { ...message, status: 'interrupted' } : null,
      );
    } catch (error) {
      this.#context.logger.warn('A message could not be marked as interrupted yet', error);
      if (this.#isClosed) return;
      clearTimeout(growing.timer);
      growing.timer = setTimeout(() => this.#abandon(growing), RETRY_MS);
    }
  }

  /** Forgets a message, and has its catalog forget it. */
  dismiss(growing: GrowingMessage): void {
    this.#forget(growing);
    const { userId, sessionId, messageId } = growing.identity;
    void this.#run(async () => {
      try {
        await this.#context.store.write(userId, async () => {
          const catalog = await this.#context.store.user(userId);
          const id = growingId(sessionId, messageId);
          const isNeeded = catalog?.entities.growing.get(id) !== undefined;
          // Another one of that id may have been begun since.
          if (!isNeeded || this.get(userId, sessionId, messageId) !== undefined) {
            return unchanged(undefined);
          }
          return { value: undefined, durable: catalog.dropEntities('growing', [id]) };
        });
      } catch (error) {
        // The next opening looks what became of it.
        this.#context.logger.warn('A message that has ended is still listed as growing', error);
      }
    });
  }

  /** A session is gone with all that grew in it. */
  sessionDeleted(userId: string, sessionId: string): void {
    for (const growing of [...this.#messageByKey.values()]) {
      const { identity } = growing;
      if (identity.userId === userId && identity.sessionId === sessionId) this.#forget(growing);
    }
  }

  /** The same of a whole space. */
  spaceLeaving(userId: string): void {
    for (const growing of [...this.#messageByKey.values()]) {
      if (growing.identity.userId === userId) this.#forget(growing);
    }
  }

  /** Saves what there is; what grows is gone on with by whoever opens the store next. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#saver.close();
    for (const growing of this.#messageByKey.values()) {
      growing.watch.abort();
      clearTimeout(growing.timer);
    }
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    await this.saveAll();
  }

  #forget(growing: GrowingMessage): void {
    clearTimeout(growing.timer);
    growing.watch.abort();
    if (this.#isKnown(growing)) this.#messageByKey.delete(keyOf(growing.identity));
  }

  #isKnown(growing: GrowingMessage): boolean {
    return this.#messageByKey.get(keyOf(growing.identity)) === growing;
  }

  #run(task: () => Promise<void>): Promise<void> {
    const running = task().finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
    return running;
  }
}

/** No id contains a slash. */
function keyOf({ userId, sessionId, messageId }: Omit<GrowingIdentity, 'caller'>): string {
  return `${userId}/${sessionId}/${messageId}`;
}
