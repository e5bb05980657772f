/** A word of a sentence as compromise has tagged it: `pre + text + post` of all terms is the sentence. */
export interface TaggedTerm {
  readonly text: string;
  readonly pre: string;
  readonly post: string;
  readonly tags: readonly string[];
}

export type DictionaryKind = 'Organization' | 'Place' | 'Person' | 'FirstName';

/** Tells parts of speech of English. */
export interface Tagger {
  tag(sentence: string): TaggedTerm[];
  /** Whether its dictionary knows the words as a name of that kind, which is more than a guess. */
  knows(words: string, kind: DictionaryKind): boolean;
  /** Whether its dictionary has the word as an ordinary one that names nothing. */
  isOrdinary(word: string): boolean;
}

/** Tags of the dictionary that stand for a kind. */
const KINDS: Readonly<Record<DictionaryKind, ReadonlySet<string>>> = {
  Organization: new Set(['Organization', 'Company', 'SportsTeam', 'School']),
  Place: new Set(['Place', 'City', 'Country', 'Region']),
  Person: new Set(['Person', 'FirstName', 'MaleName', 'FemaleName', 'LastName']),
  FirstName: new Set(['FirstName', 'MaleName', 'FemaleName']),
};

let loading: Promise<Tagger> | undefined;

/** compromise with its dictionary is some 300 kB, so it is loaded when the first text needs it. */
export function loadTagger(): Promise<Tagger> {
  loading ??= load().catch((error: unknown) => {
    // A chunk that could not be fetched may come next time.
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Tagger> {
  const { default: nlp } = await import('compromise/two');
  const { one } = nlp.model() as { one: { lexicon: Readonly<Record<string, unknown>> } };
  const tagsOf = (words: string): unknown[] => {
    const key = words.toLowerCase();
    return Object.hasOwn(one.lexicon, key) ? [one.lexicon[key]].flat() : [];
  };
  const isKind = (tag: unknown, kind: DictionaryKind): boolean =>
    typeof tag === 'string' && KINDS[kind].has(tag);
  return {
    tag(sentence) {
      const parsed = nlp(sentence).json({ terms: { tags: true } }) as { terms: TaggedTerm[] }[];
      return parsed.flatMap(({ terms }) => terms);
    },
    knows(words, kind) {
      return tagsOf(words).some((tag) => isKind(tag, kind));
    },
    isOrdinary(word) {
      const tags = tagsOf(word);
      return (
        tags.length > 0 &&
        !tags.some(
          (tag) =>
            tag === 'ProperNoun' ||
            isKind(tag, 'Person') ||
            isKind(tag, 'Place') ||
            isKind(tag, 'Organization'),
        )
      );
    },
  };
}
