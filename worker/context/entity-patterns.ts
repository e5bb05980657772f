/** A value found in a text, and where. */
export interface Found {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

// Quantifiers are bounded: a hundred thousand letters without a space must not cost their square.
const EMAIL =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}][\p{L}\p{N}._%+-]{0,63}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}@])/gu;

const URL_WITH_SCHEME = /(?<![\p{L}\p{N}])(?:https?|ftp):\/\/[^\s<>"“”«»`|\\^{}]{2,2000}/giu;

const URL_WITHOUT_SCHEME =
  /(?<![\p{L}\p{N}@./:-])(?:www\.[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,6}|[\p{L}\p{N}][\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}-]{1,63}){0,4}\.(?:com|org|net|edu|gov|io|dev|app|ai|de|uk|fr|eu|ch|at|nl|ca|info))(?:\/[^\s<>"“”«»`|\\^{}]{0,2000})?(?![\p{L}\p{N}@-])/giu;

const NUMBER = String.raw`\d{1,3}(?:[,.'’ ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?`;
const NUMBER_WORD =
  'two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|hundred|thousand|zwei|drei|vier|fünf|sechs|zehn';
const SCALE = 'hundred|thousand|million|billion|trillion|mio|mrd|Millionen|Milliarden';
const SYMBOL = String.raw`(?:US|A|C|NZ|HK|S)?\$|[€£¥₹₽₩₺₿]`;
const CURRENCY =
  'USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|BRL|US dollars?|dollars?|euros?|cents?|pounds? sterling|francs?|Franken|yen|yuan|rupees?|pesos?|kron(?:a|e|er|or)|bucks|quid';

const MONEY: readonly RegExp[] = [
  new RegExp(
    String.raw`(?<![\p{L}\p{N}$])(?:${SYMBOL})\s?(?:${NUMBER})(?:\s?(?:${SCALE}|bn|[kmb]))?(?![\p{L}\p{N}])`,
    'giu',
  ),
  new RegExp(
    String.raw`(?<![\p{L}\p{N}.,$])(?:(?:${NUMBER})(?:\s?(?:${SCALE}|[kmb])\b)?|(?:${NUMBER_WORD})(?:\s(?:${SCALE}))?|a (?:hundred|thousand|million|billion))\s?(?:[€£¥₹₽₩₺]|(?:${CURRENCY})(?![\p{L}\p{N}]))`,
    'giu',
  ),
];

const UNITS = [
  '%|percent(?:age points?)?|per cent|Prozent|‰',
  '°\\s?[CF]?|degrees?(?: (?:Celsius|Fahrenheit))?|Grad',
  'mm|cm|dm|km|nm|μm|µm|m|miles?|mi|yards?|feet|foot|ft|inch(?:es)?|(?:centi|milli|kilo)?met(?:er|re)s?|Kilometern?|light[- ]years?',
  'mg|kg|g|grams?|kilograms?|kilos?|t|tons?|tonnes?|lbs?|pounds?|ounces?|oz|Gramm|Kilogramm',
  'ml|cl|dl|l|lit(?:er|re)s?|gallons?|quarts?|pints?|cups?|tablespoons?|teaspoons?|tbsp|tsp|Liter',
  'm²|m2|km²|sqm|sq\\.? ?ft|square (?:feet|met(?:er|re)s|miles|kilomet(?:er|re)s)|acres?|hectares?|ha',
  'km\\/h|kmh|mph|m\\/s|knots?',
  'bytes?|[kmgtKMGT]i?B|[kmgt]bps|[KMG]bit\\/s|megabytes?|gigabytes?|terabytes?|pixels?|px|fps|dpi|tokens?',
  'kWh|Wh|[kMG]?W|watts?|kilowatts?|volts?|V|mAh|amps?|[kMG]?Hz|hp|PS|kcal|calories|kJ|lumens?|dB',
  'ms|s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?|weeks?|months?|years?|decades?|centur(?:y|ies)|Sekunden?|Minuten?|Stunden?|Tagen?|Wochen?|Monaten?|Jahren?',
  'people|persons|participants|users|customers|employees|members|students|guests|visitors|players|kids|children|pages|words|characters|lines|times|steps|reps|sets|copies|items|pieces|slices|servings|points|votes|bedrooms|rooms|seats|floors|episodes|chapters|books|questions|stars|copies',
].join('|');

const QUANTITY = new RegExp(
  String.raw`(?<![\p{L}\p{N}.,$€£-])(?:(?:${NUMBER})(?:\s?(?:-|–|to|bis)\s?(?:${NUMBER}))?(?:\s(?:${SCALE})\s|\s|-)?|(?:${NUMBER_WORD})(?:\s(?:${SCALE}))?[\s-])(?:${UNITS})(?![\p{L}\p{N}])`,
  'gu',
);

/** Ends of what is caught that belong to the sentence around it. */
const TRAILING = /[.,;:!?…'"’”*_~]/;

export function findEmails(text: string): Found[] {
  return find(text, [EMAIL]);
}

/** With `http`, `https` and `ftp`, and those without a scheme whose ending leaves no doubt. */
export function findUrls(text: string): Found[] {
  return find(text, [URL_WITH_SCHEME, URL_WITHOUT_SCHEME]).map(({ value, start }) => {
    const clean = withoutTail(value);
    return { value: clean, start, end: start + clean.length };
  });
}

export function findMoney(text: string): Found[] {
  return find(text, MONEY);
}

/** Numbers with a unit, or with something that is often counted. */
export function findQuantities(text: string): Found[] {
  return find(text, [QUANTITY]);
}

/** What the patterns match, in order; of two that overlap, the one that begins first or is longer. */
export function find(text: string, patterns: readonly RegExp[]): Found[] {
  const all = patterns
    .flatMap((pattern) => [...text.matchAll(pattern)])
    .map(({ 0: value, index }) => ({ value, start: index, end: index + value.length }))
    .sort((one, other) => one.start - other.start || other.end - one.end);
  const apart: Found[] = [];
  for (const found of all) if (found.start >= (apart.at(-1)?.end ?? 0)) apart.push(found);
  return apart;
}

/** Takes off what follows an address in a sentence, and brackets that were opened before it. */
function withoutTail(url: string): string {
  const unopened = {
    ')': occurrences(url, ')') - occurrences(url, '('),
    ']': occurrences(url, ']') - occurrences(url, '['),
  };
  let end = url.length;
  for (; end > 0; end -= 1) {
    const last = url.charAt(end - 1);
    if ((last === ')' || last === ']') && unopened[last] > 0) unopened[last] -= 1;
    else if (!TRAILING.test(last)) break;
  }
  return url.slice(0, end);
}

function occurrences(text: string, character: string): number {
  return text.split(character).length - 1;
}
