import type { FFSituationalContextDTO } from '../../src/shared/model/context.ts';
import type { FFMessageDTO } from '../../src/shared/model/message.ts';
import { confidenceOf } from './confidence.ts';
import { readConversation } from './conversation.ts';
import { entitiesOf } from './entities.ts';
import { keyPointsOf } from './key-points.ts';
import { salienceOf } from './salience.ts';
import { summarize } from './summary.ts';
import { TermSpace } from './term-space.ts';
import { newestMessages } from './window.ts';

/** The part of a context that comes from the messages alone. */
export type ExtractedContext = Pick<
  FFSituationalContextDTO,
  'summary' | 'keyPoints' | 'entities' | 'confidence' | 'messageRange'
>;

/** How much is extracted; see `FFContextConfig`. */
export interface ContextLimits {
  readonly maxKeyPoints: number;
  readonly maxSummaryLength: number;
}

/**
 * What a conversation is about: its most telling sentences, and the names and values in it. Nothing
 * is made up: all texts occur in the messages once their Markdown is taken away, apart from the
 * separators and the ellipsis of the summary. The same messages give the same context everywhere.
 *
 * Looks at the newest 500 messages and 200,000 UTF-16 units, at most 20,000 of each message;
 * `messageRange` names the first and the last of these messages. Code is left out. What system and
 * tool messages say counts only when nobody else says anything. A conversation of nothing but small
 * talk has one of its sentences as its summary, no key points and a confidence of 0.
 *
 * @returns `null` when there is no text: no message, or nothing in them but spaces, symbols, emoji
 *   and code
 */
export async function extractContext(
  messages: readonly FFMessageDTO[],
  limits: ContextLimits,
): Promise<ExtractedContext | null> {
  const window = newestMessages(messages);
  const [first, last] = [window.at(0), window.at(-1)];
  const conversation = readConversation(window);
  if (first === undefined || last === undefined || conversation.sentences.length === 0) return null;

  const space = new TermSpace(conversation.sentences.map(({ terms }) => terms));
  const salience = salienceOf(conversation.sentences, space);
  const summary = summarize(conversation, space, salience, limits.maxSummaryLength);
  const keyPoints = keyPointsOf(conversation, space, salience, limits.maxKeyPoints);
  return {
    summary: summary.text,
    keyPoints: [...keyPoints.texts],
    entities: await entitiesOf(conversation),
    confidence: confidenceOf(conversation, space, [...summary.sentences, ...keyPoints.sentences]),
    messageRange: { firstMessageId: first.messageId, lastMessageId: last.messageId },
  };
}
