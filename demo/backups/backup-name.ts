/** A name with the local date and time, such as `2026-11-23 21.25`, that no backup has yet. */
export function freshName(now: Date, taken: readonly string[]): string {
  const name = `${datePart(now)} ${twoDigits(now.getHours())}.${twoDigits(now.getMinutes())}`;
  let number = 1;
  let fresh = name;
  while (taken.includes(fresh)) {
    number += 1;
    fresh = `${name} - ${number}`;
  }
  return fresh;
}

/** The name that an exported file is proposed to have. */
export function fileName(now: Date): string {
  return `flatfile-chat ${datePart(now)}.zip`;
}

function datePart(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
}

function twoDigits(number: number): string {
  return `${number}`.padStart(2, '0');
}
