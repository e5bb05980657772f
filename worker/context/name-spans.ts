import { isSmallTalk } from './stop-words.ts';
import type { TaggedTerm, Tagger } from './tagger.ts';

/** A run of capitalised words, and what stands around it. */
export interface NameSpan {
  readonly terms: readonly TaggedTerm[];
  readonly value: string;
  /** The three words before it, in lower case. */
  readonly before: readonly string[];
  /** The word after it, in lower case. */
  readonly after: string;
  readonly startsSentence: boolean;
}

const CAPITALISED = /^\p{Lu}[\p{L}\p{M}\p{N}'’.&-]*$/u;

/** Stand inside names without a capital. */
const PARTICLES = new Set([
  'de',
  'del',
  'della',
  'da',
  'di',
  'du',
  'la',
  'le',
  'van',
  'von',
  'der',
  'den',
  'bin',
  'al',
  'y',
]);

/** Names that go on with "of": after any other word it joins two names. */
const NAMED_OF =
  /^(?:Academy|Bank|Bay|Board|Bureau|Cape|Church|City|Cliffs|College|Council|Court|Department|Federation|Gulf|House|Institute|Isle|Kingdom|League|Lord|Ministry|Museum|Order|Palace|Republic|School|Society|State|Strait|Temple|Tower|University)$/;

/** Tags of words that begin a sentence with a capital without being a name. */
const GRAMMAR = new Set([
  'Pronoun',
  'Determiner',
  'Preposition',
  'Conjunction',
  'Verb',
  'Adverb',
  'Expression',
  'QuestionWord',
  'Modal',
  'Copula',
  'Date',
  'Month',
  'WeekDay',
  'Value',
]);

/**
 * The runs of capitalised words in a sentence that may be names. Capitals tell where a name begins and
 * ends, which is where compromise errs most.
 */
export function nameSpans(terms: readonly TaggedTerm[], tagger: Tagger): NameSpan[] {
  const spans: NameSpan[] = [];
  let index = 0;
  while (index < terms.length) {
    const length = spanLength(terms, index);
    const from = index;
    index += Math.max(length, 1);
    if (length === 0) continue;
    const span = trimSpan(terms, from, from + length, tagger);
    if (span !== null) spans.push(span);
  }
  return spans;
}

function spanLength(terms: readonly TaggedTerm[], from: number): number {
  let length = 0;
  let joins = false;
  for (let index = from; index < terms.length; index += 1) {
    const term = terms[index];
    if (term === undefined || (index > from && /\S/.test(term.pre))) break;
    if (CAPITALISED.test(term.text)) {
      length = index - from + 1;
      joins = NAMED_OF.test(term.text);
    } else if (length === 0 || !isParticle(term.text, joins) || index - from > length + 1) {
      break;
    }
    if (!continues(term)) break;
  }
  return length;
}

function isParticle(word: string, joins: boolean): boolean {
  return PARTICLES.has(word) || (joins && (word === 'of' || word === 'the'));
}

/** Whether a name may go on after a term: only a space, a hyphen or an abbreviation's stop follows. */
function continues({ text, post }: TaggedTerm): boolean {
  if (post === ' ' || post === '-') return true;
  return post === '. ' && /^(?:Dr|Mr|Mrs|Ms|Prof|St|Sr|Jr|\p{Lu}(?:\.\p{Lu})*)$/u.test(text);
}

/** Takes off what is only capitalised because it begins the sentence, and the possessive `'s`. */
function trimSpan(
  terms: readonly TaggedTerm[],
  start: number,
  end: number,
  tagger: Tagger,
): NameSpan | null {
  let from = start;
  while (from < end && beginsSentence(terms, from)) {
    if (!isGrammar(terms[from]) && !isLeadIn(terms.slice(from, end), tagger)) break;
    from += 1;
  }
  while (from < end && /^(?:I|I['’]\w+|The|A|An)$/.test(terms[from]?.text ?? '')) from += 1;
  if (from === end) return null;
  const span = terms.slice(from, end);
  const value = span
    .map(({ text, post }, index) => (index === span.length - 1 ? text : `${text}${post}`))
    .join('')
    .replace(/['’]s?$/, '')
    .replace(/[.,&-]+$/, '');
  if (value.length < 2 || value.length > 80) return null;
  return {
    terms: span,
    value: endsWithStop(span) ? `${value}.` : value,
    before: terms.slice(Math.max(from - 3, 0), from).map(({ text }) => text.toLowerCase()),
    after: terms[end]?.text.toLowerCase() ?? '',
    startsSentence: beginsSentence(terms, from),
  };
}

/** "Robert Downey Jr." and "Acme Inc." keep their stop. */
function endsWithStop(span: readonly TaggedTerm[]): boolean {
  const last = span.at(-1);
  return last !== undefined && last.post.startsWith('.') && /^(?:Jr|Sr)$/.test(last.text);
}

function beginsSentence(terms: readonly TaggedTerm[], index: number): boolean {
  const previous = terms[index - 1];
  return (
    previous === undefined ||
    /[.!?:"“(]\s*$/.test(previous.post) ||
    /["“(]/.test(terms[index]?.pre ?? '')
  );
}

/** "Anytime Nate": an ordinary word before the name of a person, with no comma between them. */
function isLeadIn(terms: readonly TaggedTerm[], tagger: Tagger): boolean {
  const [first, second] = terms;
  if (first === undefined || second === undefined) return false;
  return tagger.isOrdinary(first.text) && tagger.knows(second.text, 'FirstName');
}

function isGrammar(term: TaggedTerm | undefined): boolean {
  if (term === undefined) return false;
  if (/^\p{Lu}{2,}$/u.test(term.text)) return false;
  const { tags } = term;
  if (isSmallTalk(term.text.toLowerCase())) return true;
  if (tags.includes('ProperNoun') || tags.includes('Person') || tags.includes('Place'))
    return false;
  return tags.some((tag) => GRAMMAR.has(tag)) || tags.includes('Adjective');
}
