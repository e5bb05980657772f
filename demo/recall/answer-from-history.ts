import {
  FFStorageError,
  type FFMessageDTO,
  type FFMessageInput,
  type FFSearchResultDTO,
  type FFStorageManager,
} from 'flatfile-chat';
import { plainText } from '../search/highlight.ts';
import { formatDate } from '../ui/format-time.ts';
import { speakerName } from '../ui/speaker-name.ts';
import { questionWords } from './question-words.ts';
import type { Quote } from './quote.ts';

/** The name under which the demo answers. */
const RECALL = 'Recall';

const MAX_QUOTES = 3;
/** A hit much weaker than the best one is more likely noise than an answer. */
const MIN_SCORE = 0.5;
/** Some hits are passed over, so more are fetched than are quoted. */
const FETCHED = 30;
const MAX_EXCERPT_LENGTH = 280;

/** A message that is to be answered. */
export type Question = Pick<FFMessageDTO, 'messageId' | 'content'>;

export interface Answer {
  readonly content: string;
  /** They travel as parts, not as text: otherwise every search would find them twice. */
  readonly quotes: readonly Quote[];
}

/** The answer before there is a word of it. */
export function beginningOf(question: Question): FFMessageInput {
  return {
    role: 'assistant',
    name: RECALL,
    parentId: question.messageId,
    content: '',
    metadata: { recall: true },
  };
}

/**
 * Answers a message with what the user's own history says about it. This is a search, not a
 * language model: it quotes and invents nothing.
 */
export async function answerFromHistory(
  storage: FFStorageManager,
  userId: string,
  question: Question,
): Promise<Answer> {
  const words = questionWords(question.content);
  const byWords = words.length === 0 ? [] : await findByWords(storage, userId, question, words);
  const isByMeaning = words.length > 0 && byWords.length === 0;
  const found = isByMeaning ? await findByMeaning(storage, userId, question) : byWords;
  const quotes = await quotesOf(storage, userId, found);
  return { content: textOf(words, quotes, isByMeaning), quotes };
}

async function findByWords(
  storage: FFStorageManager,
  userId: string,
  question: Question,
  words: readonly string[],
): Promise<FFSearchResultDTO[]> {
  const hits = await storage.searchMessages(userId, words.join(' '), {
    limit: FETCHED,
    minRelevanceScore: 0,
  });
  const useful = hits.filter((hit) => isUseful(hit, question));
  const best = useful[0]?.relevanceScore ?? 0;
  return useful.filter((hit) => hit.relevanceScore >= best * MIN_SCORE).slice(0, MAX_QUOTES);
}

async function findByMeaning(
  storage: FFStorageManager,
  userId: string,
  question: Question,
): Promise<FFSearchResultDTO[]> {
  try {
    const hits = await storage.searchSimilarMessages(userId, question.content, { limit: FETCHED });
    return hits.filter((hit) => isUseful(hit, question)).slice(0, MAX_QUOTES);
  } catch (error) {
    // Without a model there is nothing more to say.
    if (error instanceof FFStorageError && error.code === 'unavailable') return [];
    throw error;
  }
}

function quotesOf(
  storage: FFStorageManager,
  userId: string,
  hits: readonly FFSearchResultDTO[],
): Promise<Quote[]> {
  return Promise.all(
    hits.map(async (hit): Promise<Quote> => {
      const place =
        hit.panelId === undefined
          ? await storage.getSession(userId, hit.sessionId)
          : await storage.getPanel(hit.panelId);
      return {
        type: 'quote',
        sessionId: hit.sessionId,
        messageId: hit.id,
        ...(hit.panelId === undefined ? {} : { panelId: hit.panelId }),
        title: place?.title ?? 'Untitled',
        speaker: speakerName(hit),
        timestamp: hit.timestamp ?? '',
        excerpt: excerptOf(hit),
      };
    }),
  );
}

/** The question itself, earlier questions and earlier answers of Recall tell nothing new. */
function isUseful(hit: FFSearchResultDTO, question: Question): boolean {
  if (hit.id === question.messageId || hit.metadata?.['recall'] === true) return false;
  return hit.role !== 'user' || !hit.content.trimEnd().endsWith('?');
}

function excerptOf(hit: FFSearchResultDTO): string {
  const highlight = hit.highlights?.[0];
  if (hit.content.length <= MAX_EXCERPT_LENGTH || highlight === undefined) {
    return hit.content.slice(0, MAX_EXCERPT_LENGTH);
  }
  return plainText(highlight);
}

function textOf(words: readonly string[], quotes: readonly Quote[], isByMeaning: boolean): string {
  if (words.length === 0) {
    return 'Saved. There is no word in it that I could look up, so I have nothing to add.';
  }
  const [first, ...rest] = quotes;
  if (first === undefined) {
    return 'Saved. I found nothing about it in your history, but from now on I can find this.';
  }
  const place = `“${first.title}”, ${formatDate(first.timestamp)}`;
  const others = rest.length === 0 ? '' : `, and ${rest.length} more`;
  const found = isByMeaning
    ? `Nothing has these words. Close to it in meaning is ${place}${others}.`
    : `The closest I have is from ${place}${others}.`;
  return `${found} I quote it as it was said, and add nothing of my own; follow a quote to read on from there.`;
}
