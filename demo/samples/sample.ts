import type { FFPanelType, MessageRole } from 'flatfile-chat';

/** A conversation that the demo starts with. */
export interface Sample {
  /** Kept in the session's metadata, so that no sample is added twice. */
  readonly sampleId: string;
  readonly title: string;
  readonly daysAgo: number;
  /** Local hour of the first message. */
  readonly hour: number;
  readonly messages: readonly SampleMessage[];
  readonly documents?: readonly SampleDocument[];
}

export interface SampleMessage {
  readonly role: MessageRole;
  readonly name?: string;
  readonly content: string;
}

export interface SampleDocument {
  readonly name: string;
  readonly content: string;
}

/** A panel that the demo starts with, and the personas that speak in it. */
export interface SamplePanel {
  readonly panelId: string;
  readonly type: FFPanelType;
  readonly title: string;
  readonly daysAgo: number;
  /** Local hour of the first message. */
  readonly hour: number;
  readonly personas: readonly SamplePersona[];
  readonly messages: readonly SamplePanelMessage[];
}

export interface SamplePersona {
  readonly personaId: string;
  readonly name: string;
  readonly description: string;
  readonly traits: readonly string[];
  readonly expertise: readonly string[];
  /** Of its colour, in degrees. */
  readonly hue: number;
}

export interface SamplePanelMessage {
  readonly personaId: string;
  readonly content: string;
  /** The message that this one answers: its place in the list. */
  readonly answers?: number;
}
