import type { FFConfigInput } from '../../src/shared/config.ts';
import type { BackendKind, EngineMethod } from '../../src/shared/contract.ts';
import type { StoreEvent } from '../../src/shared/events.ts';
import type { WireError } from '../../src/shared/wire.ts';

/*
 * What tabs say to each other. BroadcastChannels keep nothing: what is said while nobody listens is
 * lost, so `hello` is said until it is answered, and a call is sent again when another owner answers.
 * Owners are told apart by their epoch, and what an earlier one said is not listened to.
 *
 * `hello` and `refused` are understood by every version, and must stay as they are: they are how tabs
 * of different builds find out that they are.
 */

/** A worker that takes part. */
export type MemberId = string;

/** A tab looks for the owner, or for a sign of life from it. */
export interface Hello {
  readonly type: 'hello';
  readonly from: MemberId;
  readonly protocol: number;
  /** The lock that the worker holds for as long as it lives; where there are none, its id. */
  readonly caller: string;
  readonly isVisible: boolean;
}

/** Said to everybody. */
export type News =
  | Hello
  /** There is a new owner, ready for calls. */
  | { readonly type: 'owner'; readonly epoch: number }
  | { readonly type: 'event'; readonly epoch: number; readonly event: StoreEvent }
  /** The owner is about to let go for the sake of one of the tabs: the others are to let it by. */
  | { readonly type: 'handover'; readonly to: MemberId };

/** A call of an engine method. */
export interface CallMessage {
  readonly type: 'call';
  readonly epoch: number;
  /** The same each time the call is sent. */
  readonly id: string;
  readonly method: EngineMethod;
  readonly args: readonly unknown[];
  /** When nobody waits for the answer any more, in milliseconds since 1970. */
  readonly deadline: number | null;
  /** When it was made; set when it was sent before and may have been carried out. */
  readonly repeatedSince?: number;
}

/** Said by a tab to the owner. */
export type ToOwner = CallMessage | { readonly type: 'bye' };

/** The owner is ready for the calls of a tab. */
export interface Welcome {
  readonly type: 'welcome';
  readonly epoch: number;
  readonly backend: BackendKind;
  readonly savedConfig: FFConfigInput;
}

/** The answer to a call. */
export interface Reply {
  readonly type: 'reply';
  readonly epoch: number;
  readonly id: string;
  readonly value?: unknown;
  readonly error?: WireError;
}

/** Said by the owner to one tab. */
export type ToMember =
  | Welcome
  | Reply
  /** A sign of life of an owner that is still opening the files. */
  | { readonly type: 'wait' }
  | { readonly type: 'refused'; readonly protocol: number };
