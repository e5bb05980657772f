import type { FFJsonObject } from './json.ts';
import type { MessageRole } from './message.ts';

/** What a search compares: words, meanings, or both. */
export type FFSearchMode = 'text' | 'vector' | 'hybrid';

/** One hit of a search, best first in the list that holds it. */
export interface FFSearchResultDTO {
  /** The message's or the document's id. */
  id: string;
  type: 'message' | 'document';
  /** The message's text, or the document chunk that was hit. */
  content: string;
  userId: string;
  sessionId: string;
  /** 0 to 1, scaled to the query's best hit, which has 1. */
  relevanceScore: number;
  /** 0 to 1; only where vectors were compared. */
  similarityScore?: number;
  /** Excerpts as HTML: matched terms between `<mark>` tags, everything else escaped. */
  highlights?: string[];
  metadata?: FFJsonObject;
  /** Messages only. */
  role?: MessageRole;
  /** Messages only. */
  name?: string;
  /** Messages only. */
  timestamp?: string;
  /** Messages of panels only: who speaks, and where; `sessionId` is the panel's id as well. */
  personaId?: string;
  panelId?: string;
  /** Documents only. */
  filename?: string;
  /** Documents only. */
  mimeType?: string;
  /** Documents only: which piece of the extracted text was hit, in UTF-16 units. */
  chunk?: { index: number; start: number; end: number };
}
