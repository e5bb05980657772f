/** Values of one kind that are given. */
const MAX_VALUES = 50;

/** Values among which the shorter forms of a name are looked for, which takes the square of it. */
const MAX_COMPARED = 500;

interface Entry {
  value: string;
  count: number;
}

/** Gathers the values of one kind, each once. */
export class EntityList {
  readonly #entries = new Map<string, Entry>();
  readonly #kind: 'names' | 'values';

  /** @param kind of `names` the shorter forms are taken into the fullest; `values` stand as they are */
  constructor(kind: 'names' | 'values') {
    this.#kind = kind;
  }

  add(value: string): void {
    const key = value.toLowerCase().replace(/\s+/g, ' ');
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#entries.set(key, { value, count: 1 });
      return;
    }
    entry.count += 1;
    // "Berlin" reads better than "BERLIN" or "berlin", whichever came first.
    if (this.#kind === 'names' && isMixedCase(value) && !isMixedCase(entry.value))
      entry.value = value;
  }

  /** The most frequent first, at equal numbers the first one added. */
  values(): string[] {
    const entries = byCount([...this.#entries.values()]);
    const given =
      this.#kind === 'names' ? byCount(fullest(entries.slice(0, MAX_COMPARED))) : entries;
    return given.slice(0, MAX_VALUES).map(({ value }) => value);
  }
}

function byCount(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((one, other) => other.count - one.count);
}

/** Takes "Ada" into "Ada Lovelace": each name into the longest one that holds it as whole words. */
function fullest(entries: readonly Entry[]): Entry[] {
  const counts = new Map(entries.map((entry) => [entry, entry.count]));
  const longestFirst = [...entries].sort((one, other) => other.value.length - one.value.length);
  for (const entry of longestFirst) {
    const part = ` ${entry.value.toLowerCase()} `;
    const fuller = longestFirst.find(
      (other) =>
        other !== entry && counts.has(other) && ` ${other.value.toLowerCase()} `.includes(part),
    );
    if (fuller === undefined) continue;
    counts.set(fuller, (counts.get(fuller) ?? 0) + entry.count);
    counts.delete(entry);
  }
  return entries.flatMap((entry) => {
    const count = counts.get(entry);
    return count === undefined ? [] : [{ value: entry.value, count }];
  });
}

function isMixedCase(value: string): boolean {
  return /\p{Lu}/u.test(value) && /\p{Ll}/u.test(value);
}
