import type { Sentence } from './conversation.ts';
import type { TermSpace } from './term-space.ts';

/** Distinct terms from which a sentence counts as full: shorter ones say too little to stand alone. */
const FULL_TERMS = 6;

/** UTF-16 units above which a sentence costs more of a summary than it brings. */
const LONG = 240;

/** Points back to something that a summary has left out. */
const POINTS_BACK =
  /^(?:(?:and|but|so|or|also|then|because)\b[ ,]*)?(?:it|its|it's|this|that|that's|these|those|they|they're|he|she|his|her|their|such|both|one)\b/i;

/** Is a reaction to what somebody else has said. */
const EXCLAIMS =
  /^(?:wow|whoa|aww?|oh|ah|yeah|yep|yes|no|nah|hey|hi|hello|haha|lol|ok|okay|sure|cool|nice|great|awesome|thanks|congrats)\b[^.]/i;

/** Names and figures carry what can be known; a capital at the beginning of a sentence is not a name. */
const SPECIFIC = /\d|[^.!?:]\s+["'“(]?(?!I\b)\p{Lu}/u;

const ENDED = /[.!?…。！？।؟]["'”’)\]»」』）]*$/;

/**
 * How much each sentence says about the conversation, 0 to 1; the best one has 1, small talk 0.
 * Its terms decide; who says it, where and in which form then lifts or lowers it.
 */
export function salienceOf(sentences: readonly Sentence[], space: TermSpace): number[] {
  const raw = sentences.map((sentence, index) => space.centrality(index) * formFactor(sentence));
  const best = raw.reduce((most, value) => Math.max(most, value), 0);
  return best === 0 ? raw : raw.map((value) => value / best);
}

function formFactor(sentence: Sentence): number {
  const { text, role, kind } = sentence;
  const question = /[?？؟]["'”’)]*$/.test(text);
  let factor = (Math.min(new Set(sentence.terms).size, FULL_TERMS) / FULL_TERMS) ** 0.8;
  if (text.length > LONG) factor *= LONG / text.length;
  if (sentence.opens && sentence.terms.length > 2) factor *= 1.6;
  else if (sentence.leads) factor *= 1.15;
  // What is asked for is a subject; what is asked back is not, until it is answered.
  if (question && !sentence.opens) factor *= role === 'user' && sentence.leads ? 0.9 : 0.5;
  if (SPECIFIC.test(text)) factor *= 1.15;
  if (POINTS_BACK.test(text)) factor *= 0.7;
  if (EXCLAIMS.test(text)) factor *= 0.8;
  if (kind !== 'prose') factor *= kind === 'cell' ? 0.3 : 0.8;
  if (!ENDED.test(text)) factor *= 0.8;
  return factor;
}
