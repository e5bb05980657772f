import type { NameSpan } from './name-spans.ts';
import { isStopWord } from './stop-words.ts';
import type { Tagger } from './tagger.ts';

/** What a name may stand for. */
export type NameKind = 'people' | 'organizations' | 'places';

const HONORIFIC =
  /^(?:Dr|Mr|Mrs|Ms|Mx|Prof|Professor|Doctor|Sir|Dame|Lady|Lord|President|Senator|Judge|Captain|Aunt|Uncle|Grandma|Grandpa)$/;

const COMPANY_END =
  /(?:^|\s)(?:Inc|Corp|Corporation|Ltd|Limited|LLC|LLP|PLC|GmbH|AG|SE|KG|Co|Company|Group|Holdings?|Partners|Labs?|Technologies|Systems|Solutions|Industries|Enterprises|Airlines|Airways|Motors|Foundation|Association|Institute|Committee|Commission|Agency|Ministry|Department|Council|Union|(?<!West |Left |Right )Bank|University|Laboratory|Office|College|Academy|School|Hospital|Clinic|Church|Orchestra|Museum|Gallery|Bureau|Authority|League|Federation|Society|Party|Press|Times|News|Studios?|Records|Reserve)$/;

const ORGANIZATION_START =
  /^(?:University|Institute|Bank|Ministry|Department|Museum|Church|House|Court|Bureau) of /;

const PLACE_END =
  /\s(?:Street|St|Avenue|Ave|Road|Boulevard|Lane|Drive|Square|Plaza|Park|Garden|Gardens|Forest|Mountain|Mountains|Hills?|Valley|Canyon|Desert|River|Lake|Sea|Ocean|Bay|Beach|Coast|Island|Islands|Falls|Bridge|Tower|Castle|Palace|Cathedral|Station|Airport|County|City|Village|Province|Republic|Peninsula)$/;

const PLACE_START =
  /^(?:Mount|Mt|Lake|Cape|Fort|Port|San|Santa(?! Claus)|Saint|St|Gulf of|Bay of|Isle of|Republic of|State of) /;

/** Before the name of somebody whom one knows. */
const RELATION =
  /^(?:friend|friends|buddy|colleague|coworker|boss|manager|wife|husband|partner|brother|sister|son|daughter|mom|mum|mother|dad|father|cousin|aunt|uncle|nephew|niece|girlfriend|boyfriend|neighbor|neighbour|teacher|coach|named|actor|actress|singer|author|director|president|chancellor|senator|professor)$/;

const GREETING = /^(?:hi|hey|hello|dear|thanks|bye|congrats|hallo|liebe|lieber)$/;

const SAYING =
  /^(?:said|says|told|tells|asked|asks|replied|wrote|thinks|thought|suggested|mentioned|wants|wanted|agreed|called|emailed)$/;

const WORKING =
  /\b(?:work|works|worked|working|job|intern|interned|internship|employed|hired|ceo|cto|cfo|founder|engineer|manager|director|position|role|offer|interview|contract)(?: \w+)? (?:at|for|by|of|from|with)$/;

const LIVING =
  /\b(?:live|lives|lived|living|moved|moving|travel|travell?ed|travell?ing|flew|fly|flying|drove|trip|born|based|located|visit|visited|visiting|vacation|holiday)(?: \w+)? (?:in|to|from|near|at)$|\b(?:visit|visited|visiting)$/;

const LOCATING = /^(?:in|from|near|to|around|across|outside|towards?|at)$/;

/** Nationalities, faiths and the like are capitalised, and no names of anything. */
const DEMONYM =
  /(?:[^aeiou]ese|ish|[^sm]ian|[^i]can|[a-z]ern|Greek|French|Dutch|German|Italian|Arab|Jewish|Muslim|Christian|Catholic|Islam|Hindu|Buddhist)s?$/;

/** Acronyms of techniques, formats and people's identities. */
const COMMON_ACRONYM =
  /^(?:\p{Lu}{1,2}|LGBTQ?\+?|\p{L}*(?:TV|PC|AI|ML)|[A-Z]*(?:ML|JS|SS|QL)|API|SDK|IDE|CLI|GUI|URL|HTTPS?|PDF|CSV|JSON|YAML|JVM|CPU|GPU|RAM|SSD|USB|LLM|GPT|NLP|FAQ|DIY|CEO|CTO|CFO|HR|PR|IT|ID|OK|DNA|RNA|ADHD|PTSD|UFO|VPN|IP|TCP|DNS|GPS|SMS|PhD|MBA|BMI|GDP|ROI|SEO|KPI|AM|PM)s?$/u;

/** What a run of capitalised words names; `null` when nothing says so. */
export function classify(span: NameSpan, tagger: Tagger): NameKind | null {
  const { value, terms } = span;
  if (isNoName(value)) return null;
  if (HONORIFIC.test(terms[0]?.text ?? '') && startsCapital(terms[1]?.text)) return 'people';

  const known = kindInDictionary(value, tagger);
  if (known !== null && !(known === 'people' && isDoubtful(span))) return known;
  if (COMPANY_END.test(value) && terms.length > 1) return 'organizations';
  if (ORGANIZATION_START.test(value)) return 'organizations';
  if (isPlace(span, tagger)) return 'places';
  if (isPerson(span, tagger)) return 'people';
  return kindFromContext(span);
}

function isNoName(value: string): boolean {
  if (!/\p{Ll}/u.test(value) && COMMON_ACRONYM.test(value)) return true;
  // camelCase, snake_case and version numbers are code.
  if (value === 'God') return true;
  if (/\p{Ll}\p{Lu}\p{Ll}*\p{Lu}|^\p{L}\d|_|\d{2,}/u.test(value)) return true;
  return !/\s/.test(value) && (DEMONYM.test(value) || isStopWord(value.toLowerCase(), 'english'));
}

function startsCapital(word: string | undefined): boolean {
  return word !== undefined && /^\p{Lu}/u.test(word);
}

function kindInDictionary(value: string, tagger: Tagger): NameKind | null {
  const plain = value.replace(/\.$/, '');
  if (tagger.knows(plain, 'Organization')) return 'organizations';
  if (tagger.knows(plain, 'Place')) return 'places';
  if (tagger.knows(plain, 'Person')) return 'people';
  return null;
}

/** "Mark the page", "Grace is": a word that begins a sentence may be a name by its capital alone. */
function isDoubtful({ terms, startsSentence, value }: NameSpan): boolean {
  if (!/\p{Ll}/u.test(value)) return true;
  return startsSentence && terms.length === 1 && terms[0]?.tags.includes('Person') !== true;
}

function isPlace(span: NameSpan, tagger: Tagger): boolean {
  const { value, terms, before } = span;
  if (terms.length > 1 && (PLACE_END.test(value) || PLACE_START.test(value))) return true;
  if (LIVING.test(before.join(' ')) && terms.every(isProperOrParticle)) return true;
  if (!terms.every(({ tags, text }) => tags.includes('Place') || !startsCapital(text)))
    return false;
  // A tag alone is a guess.
  return (
    terms.some(({ text }) => tagger.knows(text, 'Place')) || LOCATING.test(before.at(-1) ?? '')
  );
}

function isProperOrParticle({ tags, text }: NameSpan['terms'][number]): boolean {
  return tags.includes('ProperNoun') || !startsCapital(text);
}

function isPerson({ terms, value }: NameSpan, tagger: Tagger): boolean {
  const capitalised = terms.filter(({ text }) => startsCapital(text));
  // All in capitals it is an acronym that happens to be a name: "BEV".
  if (!/\p{Ll}/u.test(value) || capitalised.length < 2 || capitalised.length > 4) return false;
  if (isNamesake(terms, tagger)) return false;
  const tagged = capitalised.filter(({ tags }) => tags.includes('Person')).length;
  return (
    tagged * 2 >= capitalised.length && capitalised.some(({ text }) => tagger.knows(text, 'Person'))
  );
}

/** "Abraham Accords", "Charlotte's Web": named after a person. */
function isNamesake(terms: NameSpan['terms'], tagger: Tagger): boolean {
  const last = terms.at(-1)?.text ?? '';
  const isPlural = last.endsWith('s') && tagger.isOrdinary(last.slice(0, -1));
  return isPlural || terms.slice(0, -1).some(({ text }) => /['’]s$/.test(text));
}

function kindFromContext({ before, after, terms, value }: NameSpan): NameKind | null {
  if (WORKING.test(before.join(' '))) return 'organizations';
  if (terms.length > 3 || !/\p{Ll}/u.test(value)) return null;
  const previous = before.at(-1) ?? '';
  if (RELATION.test(previous) || GREETING.test(previous) || SAYING.test(after)) return 'people';
  return null;
}
