import nlp from 'compromise';
import { createRandom } from './random.mjs';
import {
  DEEDS,
  DEED_QUESTIONS,
  EXAMPLE_QUESTIONS,
  FACTS,
  MENTION_QUESTIONS,
} from './sentences.mjs';
import { CLOSERS, COMPANY, OPENERS, TIMES } from './small-talk.mjs';

/** @typedef {import('./random.mjs').Random} Random */
/** @typedef {import('./topics.mjs').Topics} Topics */
/** @typedef {import('./wordnet.mjs').Synset} Synset */
/** @typedef {readonly [message: string, query: string]} Pair A message, and a search that should find it. */

/** Stand for the sender and whom they talk to until a pair's place in the order is known. */
const SENDER = '\u0001';
const OTHER = '\u0002';

/** Pairs in a row that happen among the same few people: names alone must not tell them apart. */
const ROOM = 128;

/**
 * Messages, and searches for them, made of WordNet and of phrases. The order is random, except that
 * neighbours talk in the same room.
 *
 * @param {Topics} topics
 * @param {{ seed: number, deeds: number, facts: number, examples: number, definitions: number }} options
 * @returns {Pair[]}
 */
export function makePairs(topics, { seed, deeds, facts, examples, definitions }) {
  const random = createRandom(seed);
  const say = sayer(topics, random);
  const sentences = [...topics.synsets.values()].flatMap((synset) =>
    synset.examples.map((example) => ({ synset, example })),
  );
  const defined = [...topics.synsets.values()].filter((synset) =>
    synset.words.some((word) => topics.isCommon(word.toLowerCase(), 50)),
  );
  const pairs = [
    ...Array.from({ length: deeds }, () => say.deed()),
    ...Array.from({ length: facts }, () => say.fact()),
    ...random.shuffle(sentences).slice(0, examples).map(say.example),
    ...random.shuffle(defined).slice(0, definitions).map(say.definition),
  ];
  return seat(random.shuffle(pairs), topics.names, random);
}

/**
 * Puts people into the sentences: two to four in each room.
 *
 * @param {readonly Pair[]} pairs
 * @param {readonly string[]} names
 * @param {Random} random
 * @returns {Pair[]}
 */
function seat(pairs, names, random) {
  /** @type {string[]} */
  let room = [];
  return pairs.map(([message, query], index) => {
    if (index % ROOM === 0) {
      room = Array.from({ length: 2 + random.below(3) }, () => random.pick(names));
      if (random.chance(0.1)) room = ['User', 'Assistant'];
    }
    const sender = random.below(room.length);
    const other = (sender + 1 + random.below(room.length - 1)) % room.length;
    /** @param {string} text */
    const name = (text) =>
      text
        .replaceAll(SENDER, room[sender] ?? '')
        .replaceAll(OTHER, room[other] ?? '')
        .replace(/\s+/g, ' ')
        .trim();
    const named = name(query);
    return [name(message), query === query.toLowerCase() ? named.toLowerCase() : named];
  });
}

/**
 * @param {Topics} topics
 * @param {Random} random
 */
function sayer({ synsets, meanings, words, names, isCommon }, random) {
  /**
   * @param {string} template
   * @param {string[]} [used] gets the words that were filled in
   */
  const fill = (template, used) =>
    template.replace(/\{(\w+)\}/g, (slot, topic) => {
      if (topic === 'name' || topic === 'pet') return random.pick(names);
      if (topic === 'number') return String(2 + random.below(400));
      if (topic === 'time') return random.pick(TIMES);
      const list = words[topic];
      if (!list) return slot;
      const word = random.pick(list);
      used?.push(word);
      return word;
    });

  /** Another word for it, or a more general one, or itself. @param {string} word */
  const vary = (word) => {
    const synset = meanings.get(word.toLowerCase())?.[0];
    if (!synset) return word;
    const general = synsets.get(synset.hypernyms[0] ?? '');
    if (random.chance(0.4) && general) return random.pick(general.words);
    return random.pick([word, ...synset.words.filter((other) => other !== word)].slice(-4));
  };

  /** A whole message around what it says. @param {string} core */
  const message = (core) => {
    const parts = [core];
    if (random.chance(0.45)) parts.unshift(random.pick(OPENERS));
    if (random.chance(0.2)) parts.unshift(random.pick(OPENERS));
    if (random.chance(0.5)) parts.push(random.pick(CLOSERS));
    const text = parts.join(' ').replaceAll('{other}', OTHER);
    return random.chance(0.9) ? `${SENDER}: ${text}` : text;
  };

  /** Some write a question as one does, others as few letters as will do. @param {string} text */
  const query = (text) => {
    const named = text.replaceAll('{name}', SENDER);
    return random.chance(0.15) ? named.toLowerCase().replace(/[?.]$/, '') : named;
  };

  /** @param {string} text what "I" did */
  const asked = (text) =>
    text
      .replace(/\bmy\b/g, () => random.pick(['his', 'her', 'their']))
      .replace(/\bI\b/g, () => random.pick(['he', 'she']));

  return {
    /** @returns {Pair} */
    deed() {
      const [verb = '', past = '', doing = '', rest = ''] = random.pick(DEEDS);
      /** @type {string[]} */
      const used = [];
      let object = fill(rest, used);
      const when = random.pick(TIMES);
      const said = random.pick([
        `I ${past} ${object}`,
        `I ${past} ${object}`,
        `I ${past} ${object}`,
        `We ${past} ${object}`,
        `I've been ${doing} ${object}`,
        `I'm going to ${verb} ${object}`,
        `Just ${past} ${object}`,
      ]);
      const ending = random.pick(['.', '!', '.', ' and it was great.', ', it was really nice.']);
      let core = `${said} ${random.pick(COMPANY)} ${when}`.trimEnd() + ending;
      if (random.chance(0.35)) {
        const [, next = '', , more = ''] = random.pick(DEEDS);
        core += ` Then I ${next} ${fill(more)}.`;
      }
      const word = random.pick([...used, '']);
      if (word !== '' && random.chance(0.4)) object = object.replace(word, vary(word));
      if (random.chance(0.25))
        object = object
          .split(' ')
          .slice(0, 2 + random.below(4))
          .join(' ');
      object = asked(object);
      const question = random
        .pick(DEED_QUESTIONS)
        .replace('{doing}', `${doing} ${object}`)
        .replace('{did}', `${past} ${object}`)
        .replace('{do}', `${verb} ${object}`)
        .replace('{verb}', verb)
        .replace('{object}', object)
        .replace('{time}', when)
        .replace('{general}', () => vary(used[0] ?? object));
      return [message(core), query(question)];
    },

    /** @returns {Pair} */
    fact() {
      const [statement = '', question = ''] = random.pick(FACTS);
      /** @type {Map<string, string>} */
      const chosen = new Map();
      const said = statement.replace(/\{\w+\}/g, (slot) => {
        const word = chosen.get(slot) ?? fill(slot);
        chosen.set(slot, word);
        return word;
      });
      const sought = question.replace(/\{\w+\}/g, (slot) => {
        const word = chosen.get(slot);
        if (word === undefined) return slot;
        return random.chance(0.2) ? vary(word) : word;
      });
      return [message(said), query(sought)];
    },

    /** @param {{ synset: Synset, example: string }} sentence @returns {Pair} */
    example({ synset, example }) {
      const own = /^(?:he|she|they|we|i) (.+)$/i.exec(example)?.[1];
      let core = example;
      let question;
      if (own !== undefined && random.chance(0.8)) {
        const infinitive = infinitiveOf(own);
        const [first = ''] = own.split(' ');
        if (!/^(?:is|was|are|were|has|does)$/.test(first)) {
          const present = /[^s]s$/.test(first);
          core = `I ${(present ? infinitive : own).replace(/\b(?:his|her|their)\b/g, 'my')}`;
        }
        question = random.pick(EXAMPLE_QUESTIONS).replace('{do}', infinitive).replace('{did}', own);
      } else {
        const list = example.split(' ');
        const start = random.below(Math.max(1, list.length - 4));
        const part = list.slice(start, start + 3 + random.below(4)).join(' ');
        question = random.pick(MENTION_QUESTIONS).replace('{object}', part);
      }
      if (random.chance(0.5)) question = replaceOne(question, synset.words, random);
      core = core.charAt(0).toUpperCase() + core.slice(1) + (/[.!?]$/.test(core) ? '' : '.');
      return [message(core), query(question)];
    },

    /** @param {Synset} synset @returns {Pair} */
    definition(synset) {
      const known = synset.words.filter((word) => isCommon(word.toLowerCase(), 50));
      const word = random.pick(known);
      const general = synsets.get(synset.hypernyms[0] ?? '')?.words[0];
      const said = [synset.definition];
      if (synset.examples.length > 0 && random.chance(0.4)) said.push(random.pick(synset.examples));
      const sought = random.pick([
        word,
        word,
        `a ${word}`,
        `What is ${word}?`,
        synset.words.join(', '),
        general === undefined ? word : `${word}, ${general}`,
      ]);
      return [said.join('. '), sought];
    },
  };
}

/** "gave him a watch" as "give him a watch". @param {string} predicate */
function infinitiveOf(predicate) {
  const [first = ''] = predicate.split(' ');
  const verb = nlp(`he ${predicate}`).verbs().toInfinitive().out('text').replace(/^he /i, '');
  return verb === '' || verb === 'he' ? predicate : verb + predicate.slice(first.length);
}

/**
 * Replaces the first of the words that is there by another one of them.
 *
 * @param {string} text
 * @param {readonly string[]} words of one meaning
 * @param {Random} random
 */
function replaceOne(text, words, random) {
  for (const word of words) {
    const pattern = new RegExp(`\\b${word.replace(/[^a-z ]/gi, '.')}\\w*`, 'i');
    const others = words.filter((other) => other !== word);
    if (others.length > 0 && pattern.test(text)) return text.replace(pattern, random.pick(others));
  }
  return text;
}
