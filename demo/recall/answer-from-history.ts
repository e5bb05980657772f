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
export const RECALL = 'Recall';

const MAX_QUOTES = 3;
/** A hit much weaker than the best one is more likely noise than an answer. */
const MIN_SCORE = 0.5;
/** Some hits are passed over, so more are fetched than are quoted. */
const FETCHED = 30;
const MAX_EXCERPT_LENGTH = 280;

/**
 * Answers a message with what the user's own history says about it. This is a search, not a
 * language model: it quotes and invents nothing.
 */
export async function answerFromHistory(
  storage: FFStorageManager,
  userId: string,
  question: FFMessageDTO,
): Promise<FFMessageInput> {
  const words = questionWords(question.content);
  const byWords = words.length === 0 ? [] : await findByWords(storage, userId, question, words);
  const isByMeaning = words.length > 0 && byWords.length === 0;
  const found = isByMeaning ? await findByMeaning(storage, userId, question) : byWords;
  const quotes = await quotesOf(storage, userId, found);
  return {
    role: 'assistant',
    name: RECALL,
    parentId: question.messageId,
    content: sentence(words, quotes, isByMeaning),
    // The quotes travel as parts, not as text: otherwise every search would find them twice.
    ...(quotes.length === 0 ? {} : { parts: quotes }),
    metadata: { recall: true },
  };
}

async function findByWords(
  storage: FFStorageManager,
  userId: string,
  question: FFMessageDTO,
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
  question: FFMessageDTO,
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
function isUseful(hit: FFSearchResultDTO, question: FFMessageDTO): boolean {
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

function sentence(
  words: readonly string[],
  quotes: readonly Quote[],
  isByMeaning: boolean,
): string {
  if (words.length === 0) {
    return 'Saved. There is no word in it that I could look up, so I have nothing to add.';
  }
  const [first, ...others] = quotes;
  if (first === undefined) {
    return 'Saved. I found nothing about it in your history, but from now on I can find this.';
  }
  const place = `“${first.title}”, ${formatDate(first.timestamp)}`;
  if (isByMeaning) return `Nothing has these words. Close to it in meaning is ${place}.`;
  if (others.length === 0) return `The closest I have is from ${place}.`;
  return `The closest I have is from ${place}, and ${others.length} more.`;
}
