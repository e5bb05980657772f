import { find, type Found } from './entity-patterns.ts';

const MONTH_NAMES =
  'January|February|March|April|June|July|August|September|October|November|December|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre';
const MONTH = String.raw`(?:${MONTH_NAMES}|May|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Okt|Dez)\b\.?)`;
/** Months that are no other English word. */
const CLEAR_MONTH = 'January|February|April|June|July|August|September|October|November|December';
const WEEKDAY =
  '(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag';
const DAY = String.raw`(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.)?`;
const DAY_NUMBER = String.raw`(?:0?[1-9]|[12]\d|3[01])`;
const MONTH_NUMBER = '(?:0?[1-9]|1[0-2])';
const YEAR = String.raw`(?:1[5-9]|20)\d{2}`;
const CLOCK = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:\s?[ap]\.?m\b\.?)?|(?:1[0-2]|0?[1-9])\s?(?:[ap]m\b|[ap]\.m\.)`;
const HOLIDAY =
  "Christmas(?: (?:Eve|Day))?|New Year(?:'s|’s)? (?:Eve|Day)|Easter(?: (?:Sunday|Monday))?|Good Friday|Thanksgiving|Halloween|Valentine(?:'s|’s) Day|Hanukkah|Ramadan|Diwali|Weihnachten|Ostern|Silvester";
const PERIOD = 'weekend|week|month|quarter|year|spring|summer|autumn|fall|winter|century|decade';
const COUNT = 'a|a few|a couple of|several|two|three|four|five|six|seven|eight|nine|ten|\\d{1,3}';
const SPAN = '(?:day|week|weekend|month|year|decade|hour|minute)s?';
const RELATIVE = [
  `(?:early |later |late )?(?:last|next|this(?: past| coming)?|past|previous|following) (?:${PERIOD}|${WEEKDAY}|${CLEAR_MONTH}|March|May|night)`,
  'last (?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)',
  '(?:the )?day (?:before yesterday|after tomorrow)',
  '(?:yesterday|tomorrow)(?: (?:morning|afternoon|evening|night))?',
  'today|tonight|(?:this|that) (?:morning|afternoon|evening)',
  `(?:${COUNT}) ${SPAN} (?:ago|from now|later|earlier)`,
  'übermorgen|vorgestern|gestern|heute|(?:nächste|letzte|vorige|kommende)[nrs]? (?:Woche|Monat|Jahr|Wochenende)',
].join('|');

const START = String.raw`(?<![\p{L}\p{N}_/.-])`;
const END = String.raw`(?![\p{L}\p{N}_/]|-\d)`;
const shape = (source: string, flags = 'gu'): RegExp =>
  new RegExp(`${START}(?:${source})${END}`, flags);

const DATES: readonly RegExp[] = [
  // 2024-03-05, 2024-03-05T14:30Z
  shape(
    String.raw`${YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T[\d:.]{4,12}(?:Z|[+-]\d\d:?\d\d)?)?`,
  ),
  // 5/3/2024, 05.03.2024, 5-3-24
  shape(
    String.raw`(?:${DAY_NUMBER}([/.-])${MONTH_NUMBER}|${MONTH_NUMBER}([/.-])${DAY_NUMBER})(?:\1|\2)(?:${YEAR}|\d{2})`,
  ),
  // Tuesday, March 5th, 2024 at 3pm
  shape(
    String.raw`(?:(?:${WEEKDAY}),? )?${MONTH} ${DAY}(?:\s?[-–]\s?${DAY})?(?:,? ${YEAR})?(?:,? (?:at )?(?:${CLOCK}))?`,
  ),
  // on the 5th of March 2024, Dienstag, 5. März 2024
  shape(
    String.raw`(?:(?:${WEEKDAY}),? )?(?:(?:den|the) )?${DAY} (?:of |de )?${MONTH}(?: (?:de )?${YEAR})?(?:,? (?:at |um )?(?:${CLOCK}))?`,
  ),
  shape(String.raw`${MONTH}(?: of)?,? ${YEAR}`),
  shape(CLEAR_MONTH),
  shape(
    String.raw`(?<=\b(?:[Ii]n|[Bb]y|[Ss]ince|[Uu]ntil|[Tt]ill|[Ee]arly|[Ll]ate|[Mm]id|[Ff]rom|[Ff]or|of|[Dd]uring) )(?:March|May|März|Mai|Januar|Februar|Juni|Juli|Oktober|Dezember)`,
  ),
  shape(
    String.raw`(?:${WEEKDAY})s?(?: (?:morning|afternoon|evening|night))?(?:,? (?:at )?(?:${CLOCK}))?`,
  ),
  shape(
    String.raw`(?<=\b(?:[Ii]n|[Bb]y|[Ss]ince|[Uu]ntil|[Tt]ill|[Ff]rom|[Oo]f|[Bb]efore|[Aa]fter|[Dd]uring|[Ss]eit|[Jj]ahr|early|late|mid|around|year) )${YEAR}(?:\s?[-–]\s?${YEAR})?`,
  ),
  shape(String.raw`(?:(?:early|mid|late)[- ])?(?:(?:1[5-9]|20)\d0)s`),
  shape(
    String.raw`${YEAR}\s?[-–]\s?${YEAR}|Q[1-4] ${YEAR}|(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter) (?:of )?${YEAR}`,
  ),
  shape(CLOCK),
  shape(HOLIDAY),
  shape(RELATIVE, 'giu'),
];

/** Days, times of day, spans of the calendar, and what is counted from today; as they are written. */
export function findDates(text: string): Found[] {
  return find(text, DATES);
}
