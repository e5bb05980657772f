const MAX_WORDS = 12;

/** Words that nearly every message holds: as a query they would find everything. */
const COMMON_WORDS = new Set(
  `a about again all also an and any are as at be been but by can could did do does done for from get
  got had has have he her his how i if in into is it its just know last long many me mention mentioned
  much my no not of on one or our out please put recall remember said say should so some such tell than
  that the their them then there these they this those to told up us very want was we were what when
  where which who why will with would you your

  aber als am an auch auf aus bei bin bis bist da das dass dein dem den der des die dir doch ein eine
  einem einen einer er es für hab habe haben hast hat hatte ich ihr im in ist ja kann mal man mein
  mich mir mit nach nicht noch nur oder schon sein sich sie sind so über um und uns vom von vor wann
  war waren warum was weißt wenn wer wie wir wird wo wurde zu zum zur`.split(/\s+/),
);

/** What is worth looking for in a sentence: its words without the common ones, each once. */
export function questionWords(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const telling = words.filter((word) => word.length > 1 && !COMMON_WORDS.has(word));
  return [...new Set(telling)].slice(0, MAX_WORDS);
}
