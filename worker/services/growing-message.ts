/** What a text is a part of: the UTF-16 unit at which it begins. */
export interface TextPart {
  readonly from: number;
  readonly text: string;
}

/** Which message it is that grows, and who writes it. */
export interface GrowingIdentity {
  readonly userId: string;
  readonly sessionId: string;
  readonly messageId: string;
  readonly caller: string;
}

/** What is in memory of a message that grows: its text, and how much of that is not on the disk. */
export class GrowingMessage {
  readonly identity: GrowingIdentity;
  /** Nobody writes it any more: it is about to be marked as interrupted. */
  isAbandoned = false;
  /** When it is saved, or interrupted, next. */
  timer: ReturnType<typeof setTimeout> | undefined;
  /** What is being saved; it never rejects. */
  saving: Promise<void> = Promise.resolve();
  /** Ends the watch over whoever writes it. */
  readonly watch = new AbortController();
  /** Grown by appending only: such strings are not copied before they are read. */
  #content: string | undefined;
  #unsaved = '';

  /** @param content its text so far; absent when that has to be read from the log */
  constructor(identity: GrowingIdentity, content?: string) {
    this.identity = identity;
    this.#content = content;
  }

  /** The text so far; `undefined` while nobody has read it from the log, see {@link load}. */
  get content(): string | undefined {
    return this.#content;
  }

  get length(): number {
    return this.#content?.length ?? 0;
  }

  get isSaved(): boolean {
    return this.#unsaved === '';
  }

  /** Takes over what the log has. */
  load(content: string): void {
    this.#content ??= content;
  }

  /** Adds text that begins at or before the end; gives what of it is new. */
  grow({ from, text }: TextPart): TextPart {
    const end = this.length;
    const added = from > end ? '' : text.slice(end - from);
    this.#content = (this.#content ?? '') + added;
    this.#unsaved += added;
    return { from: end, text: added };
  }

  /** What is to be saved; it counts as saved unless it is {@link putBack}. */
  takeUnsaved(): TextPart {
    const text = this.#unsaved;
    this.#unsaved = '';
    return { from: this.length - text.length, text };
  }

  /** Takes back what could not be saved; nothing that was taken later may have been saved. */
  putBack({ text }: TextPart): void {
    this.#unsaved = text + this.#unsaved;
  }
}
