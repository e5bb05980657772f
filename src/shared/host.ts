import type { FFConfigInput, FFConfigurationManagerConfigDTO } from './config.ts';
import type { BackendKind, EngineApi, EngineMethod } from './contract.ts';
import type { FFEmbedder, ModelProgress } from './embedding.ts';
import type { StoreEvent } from './events.ts';

/**
 * What the storage worker offers its page, and what it may ask of it. How a store is shared with other
 * tabs is the worker's business: the page only ever talks to its own worker.
 */

/** Raised whenever {@link Host} or `EngineApi` changes in a way an older side cannot follow. */
export const PROTOCOL_VERSION = 4;

/**
 * What a tab is to a store that it shares.
 *
 * | role | |
 * |---|---|
 * | `owner` | its worker has the files open and does everybody's work |
 * | `follower` | another tab's worker is the owner, and answers |
 * | `reader` | the owner does not answer, most likely because its tab is frozen: what is on the disk can be read, writes wait for it until their deadline |
 */
export type FFTabRole = 'owner' | 'follower' | 'reader';

/** What the worker is told when it opens a store. */
export interface OpenRequest {
  readonly config: FFConfigurationManagerConfigDTO;
  /** Absent: the best that the browser has, see `selectBackend`. */
  readonly backend?: BackendKind;
  /** What is known of the app's own embedder, where it has one; it is reached through {@link Page}. */
  readonly embedder?: { readonly id?: string; readonly dimensions?: number };
  /**
   * Opens the files without the store: only checks and salvage can be called then, which work
   * whatever has become of it.
   */
  readonly filesOnly?: boolean;
}

/** What the worker may ask of whoever opened it. */
export interface Page {
  /** `FFEmbedder.embed`. */
  embed: FFEmbedder['embed'];
  onModelProgress(progress: ModelProgress): void;
  /** Something happened to the store, see {@link Host.listen}. */
  onEvent(event: StoreEvent): void;
  onRole(role: FFTabRole): void;
}

/** What it answers. */
export interface OpenReply {
  readonly backend: BackendKind;
  /** What earlier calls of `updateConfiguration` have saved; it wins over what the app opened with. */
  readonly savedConfig: FFConfigInput;
  readonly role: FFTabRole;
}

/** What a fresh worker says of itself. */
export interface HelloReply {
  /** {@link PROTOCOL_VERSION} of the worker's code: page and worker may come from different builds. */
  readonly protocol: number;
  /**
   * A Web Lock that the worker holds for as long as it lives. Whoever is granted it knows that the
   * worker is gone, which no event would tell. Absent where there are no Web Locks.
   */
  readonly aliveLock?: string;
}

/**
 * The object that the worker exposes. One `call` carries every engine method, so that deadlines,
 * measurements and forwarding to another tab have a single place each.
 */
export interface Host {
  hello(): Promise<HelloReply>;
  open(request: OpenRequest, page: Page): Promise<OpenReply>;
  /** @param timeoutMs until when somebody waits for the answer; `null`: for as long as it takes */
  call<M extends EngineMethod>(
    method: M,
    args: Parameters<EngineApi[M]>,
    timeoutMs: number | null,
  ): Promise<Awaited<ReturnType<EngineApi[M]>>>;
  /** The sessions whose events the page wants, as `topicOf` names them; it gets all others anyway. */
  listen(topics: readonly string[]): Promise<void>;
  /** Whether somebody is looking at the page: a visible tab is the better owner. */
  setVisible(visible: boolean): Promise<void>;
  /** Lets go of everything that others wait for, because the page is about to be put aside. */
  suspend(): Promise<void>;
  /** Takes part again. */
  resume(): Promise<HelloReply>;
  close(): Promise<void>;
}
