import type { MessageRole } from 'flatfile-chat';

/** A conversation that the demo starts with. */
export interface Sample {
  /** Kept in the session's metadata, so that no sample is added twice. */
  readonly sampleId: string;
  readonly title: string;
  readonly daysAgo: number;
  /** Local hour of the first message. */
  readonly hour: number;
  readonly messages: readonly SampleMessage[];
}

export interface SampleMessage {
  readonly role: MessageRole;
  readonly name?: string;
  readonly content: string;
}
