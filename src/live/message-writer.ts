import type { FFMessageWriter, FinishMessageOptions } from '../api/streams.ts';
import type { EngineCall } from '../connection.ts';
import {
  FFSessionNotFoundError,
  FFUserNotFoundError,
  FFValidationError,
} from '../shared/errors.ts';
import type { FFMessageDTO } from '../shared/model/message.ts';
import type { MessageEnding } from '../shared/streams.ts';
import { preview } from '../validation/parse.ts';
import type { MessageFinish } from '../validation/streams.ts';

const encoder = new TextEncoder();

/** What a writer works with. */
export interface WriterOptions {
  /** Reaches the store that is open just then: a writer outlives a worker that is lost. */
  readonly call: EngineCall;
  readonly userId: string;
  readonly sessionId: string;
  /** The message as it was begun. */
  readonly message: FFMessageDTO;
  /** `storage.maxMessageBytes`. */
  readonly maxBytes: number;
  readonly checkFinish: (options: unknown) => MessageFinish;
  /** Called once it has ended. */
  readonly onEnd: () => void;
}

/**
 * Writes one message as it grows. It has all of the text, so that an owner of the store that came
 * later can be sent what it lacks, and so that the end of the message is right whatever was lost.
 */
export class MessageWriter implements FFMessageWriter {
  readonly messageId: string;
  readonly #options: WriterOptions;
  #text: string;
  /** Bytes of UTF-8. */
  #bytes: number;
  /** Asking the text itself would have all of it copied, at every delta. */
  #endsInHalfPair: boolean;
  /** The end of the text that is not on its way; kept apart, since cutting it off costs the whole. */
  #unsent = '';
  #isSending = false;
  #sending: Promise<void> = Promise.resolve();
  /** `false` once the store has said that the message is gone, or was taken for given up. */
  #grows = true;
  /** Set with the first `finish` or `abort`, for good. */
  #isOver = false;
  #ending: Promise<FFMessageDTO> | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.messageId = options.message.messageId;
    this.#text = options.message.content;
    this.#bytes = encoder.encode(this.#text).length;
    this.#endsInHalfPair = endsInHalfPair(this.#text);
  }

  write(delta: string): void {
    if (this.#isOver) return;
    if (typeof delta !== 'string') {
      throw new FFValidationError(`delta: must be a string; got ${preview(delta)}`, {
        field: 'delta',
      });
    }
    if (delta === '') return;
    const { maxBytes } = this.#options;
    // Either half of a surrogate pair counts three bytes by itself, and both together four.
    const joinedBytes = this.#endsInHalfPair && isLowSurrogate(delta.charCodeAt(0)) ? 2 : 0;
    const bytes = this.#bytes + encoder.encode(delta).length - joinedBytes;
    if (bytes > maxBytes) {
      throw new FFValidationError(
        `content: must have at most ${maxBytes} bytes (storage.maxMessageBytes); with this delta it would have ${bytes}`,
        { field: 'content' },
      );
    }
    this.#bytes = bytes;
    this.#endsInHalfPair = endsInHalfPair(delta);
    this.#text += delta;
    this.#unsent += delta;
    if (!this.#isSending) this.#sending = this.#send(this.#options.call);
  }

  finish(options: FinishMessageOptions = {}): Promise<FFMessageDTO> {
    if (this.#ending !== undefined) return this.#ending;
    try {
      return this.#end(this.#options.checkFinish(options));
    } catch (error) {
      return Promise.reject(error as Error);
    }
  }

  async abort(): Promise<void> {
    await (this.#ending ?? this.#end({ status: 'aborted' }));
  }

  /** Sends what is not sent, over a connection that is about to be closed. */
  async flush(call: EngineCall): Promise<void> {
    await this.#sending;
    if (!this.#isSending) this.#sending = this.#send(call);
    await this.#sending;
  }

  /**
   * Sends what there is, and what has come by the time it is answered: the slower the store, the
   * fewer the calls. There is no timer in it, since a hidden tab's come once in a second or a minute.
   * A failure is no failure of the message: the text is sent again with the next.
   */
  async #send(call: EngineCall): Promise<void> {
    const { userId, sessionId } = this.#options;
    this.#isSending = true;
    try {
      // Everything that is written in one go is sent in one go.
      await Promise.resolve();
      while (this.#unsent !== '' && this.#grows && !this.#isOver) {
        const text = this.#unsent;
        const to = this.#text.length;
        const from = to - text.length;
        this.#unsent = '';
        let length: number | null = from;
        try {
          length = await call('growMessage', userId, sessionId, this.messageId, from, text);
        } finally {
          if (length === null) this.#grows = false;
          else if (length < to) this.#unsent = this.#text.slice(length);
        }
        // An owner that takes nothing, though nothing is missing before it, is not asked for ever.
        if (length === from) return;
      }
    } catch {
      // What was not sent still is.
    } finally {
      this.#isSending = false;
    }
  }

  #end(how: MessageFinish & Pick<MessageEnding, 'status'>): Promise<FFMessageDTO> {
    this.#isOver = true;
    const ending = this.#complete({ ...how, content: this.#text });
    this.#ending = ending;
    ending.then(this.#options.onEnd, () => {
      // It may be tried again.
      this.#ending = undefined;
    });
    return ending;
  }

  async #complete(ending: MessageEnding): Promise<FFMessageDTO> {
    const { call, userId, sessionId, message } = this.#options;
    const path = [userId, sessionId, this.messageId] as const;
    const ended = await call('endMessage', ...path, ending).catch(goneIsNull);
    if (ended !== null) return ended;
    const { parts, metadata } = ending;
    return {
      ...message,
      content: ending.content,
      status: 'aborted',
      ...(parts === undefined ? {} : { parts }),
      ...(metadata === undefined ? {} : { metadata: { ...message.metadata, ...metadata } }),
    };
  }
}

/** A message that was deleted with its session is as deleted as another. */
function goneIsNull(error: unknown): null {
  if (error instanceof FFSessionNotFoundError || error instanceof FFUserNotFoundError) return null;
  throw error;
}

function endsInHalfPair(text: string): boolean {
  const unit = text.charCodeAt(text.length - 1);
  return unit >= 0xd800 && unit < 0xdc00;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000;
}
