import { components, type IIndex } from '@orama/orama';
import { TermDictionary, type TermMatching } from './term-dictionary.ts';
import type { TextAnalyzer } from './tokenizer.ts';

type DefaultIndex = components.index.Index;

/**
 * Orama's index with its own way of keeping text fields. The default one rescans all tokens of a text
 * for each of them, which is quadratic in the length of a message; it divides a term's count by the
 * text's length before BM25 does so again, which lets the shortest messages win; it counts terms in
 * plain objects, where `constructor` and `__proto__` are no numbers; and it must be given the whole
 * text once more to remove it.
 */
export function createChatIndex(
  analyzer: TextAnalyzer,
  matching: TermMatching,
): IIndex<DefaultIndex> {
  const base = components.index.createIndex();
  return {
    ...base,

    create: (orama, documentIds, schema) => {
      const index = base.create(orama, documentIds, schema);
      for (const [prop, tree] of Object.entries(index.indexes)) {
        if (tree.type !== 'Radix') continue;
        // Orama's search calls no other method of a text field's tree than those three.
        tree.node = new TermDictionary(matching) as unknown as typeof tree.node;
        index.tokenOccurrences[prop] = createCounts();
      }
      return index;
    },

    insert: (implementation, index, prop, id, internalId, value, type, ...rest) => {
      if (type !== 'string' || typeof value !== 'string') {
        base.insert(implementation, index, prop, id, internalId, value, type, ...rest);
        return;
      }
      const [, , documentCount] = rest;
      const field = fieldOf(index, prop);
      const tokens = analyzer.tokenize(value, 'text');
      const countByTerm = createCounts();
      for (const { term } of tokens) countByTerm[term] = (countByTerm[term] ?? 0) + 1;
      field.countsByDocument[internalId] = countByTerm;
      field.lengthByDocument[internalId] = tokens.length;
      field.setAverageLength(
        (field.averageLength * (documentCount - 1) + tokens.length) / documentCount,
      );
      for (const term of Object.keys(countByTerm)) {
        field.documentCountByTerm[term] = (field.documentCountByTerm[term] ?? 0) + 1;
        field.terms.insert(term, internalId);
      }
    },

    remove: (implementation, index, prop, id, internalId, value, type, ...rest) => {
      if (type !== 'string') {
        return base.remove(implementation, index, prop, id, internalId, value, type, ...rest);
      }
      const [, , documentCount] = rest;
      const field = fieldOf(index, prop);
      const length = field.lengthByDocument[internalId] ?? 0;
      field.setAverageLength(
        documentCount > 1
          ? (field.averageLength * documentCount - length) / (documentCount - 1)
          : 0,
      );
      for (const term of Object.keys(field.countsByDocument[internalId] ?? {})) {
        const left = (field.documentCountByTerm[term] ?? 1) - 1;
        if (left > 0) field.documentCountByTerm[term] = left;
        else delete field.documentCountByTerm[term];
        field.terms.removeDocumentByWord(term, internalId);
      }
      delete field.countsByDocument[internalId];
      delete field.lengthByDocument[internalId];
      return true;
    },
  };
}

/** Counts by term, without a prototype: any word may be a term. */
function createCounts(): Record<string, number> {
  return Object.create(null) as Record<string, number>;
}

/** The parts of the index that belong to one text field, by what they mean. */
function fieldOf(index: DefaultIndex, prop: string) {
  const terms: unknown = index.indexes[prop]?.node;
  const countsByDocument = index.frequencies[prop];
  const lengthByDocument = index.fieldLengths[prop];
  const documentCountByTerm = index.tokenOccurrences[prop];
  if (
    !(terms instanceof TermDictionary) ||
    countsByDocument === undefined ||
    lengthByDocument === undefined ||
    documentCountByTerm === undefined
  ) {
    throw new TypeError(`${prop} is no text field of the index`);
  }
  return {
    terms,
    countsByDocument,
    lengthByDocument,
    documentCountByTerm,
    averageLength: index.avgFieldLength[prop] ?? 0,
    setAverageLength: (length: number): void => {
      index.avgFieldLength[prop] = length;
    },
  };
}
