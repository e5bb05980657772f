import type { Conversation } from './conversation.ts';
import { findDates } from './date-patterns.ts';
import { findEmails, findMoney, findQuantities, findUrls, type Found } from './entity-patterns.ts';
import { EntityList } from './entity-list.ts';
import { findNames } from './names.ts';

const KINDS = [
  'people',
  'organizations',
  'places',
  'dates',
  'money',
  'emails',
  'urls',
  'quantities',
] as const;

type EntityKind = (typeof KINDS)[number];

/**
 * Names and values by kind. A kind of which there is nothing has no key. Each list begins with what
 * is named most often, at equal numbers with what is named first, and has at most 50 values, none
 * twice but for case; of people, organizations and places the fullest form that occurs ("Ada
 * Lovelace", not also "Ada"). Names are found in English sentences only; the rest in any language.
 */
export async function entitiesOf(conversation: Conversation): Promise<Record<string, string[]>> {
  const lists: Record<EntityKind, EntityList> = {
    people: new EntityList('names'),
    organizations: new EntityList('names'),
    places: new EntityList('names'),
    dates: new EntityList('values'),
    money: new EntityList('values'),
    emails: new EntityList('values'),
    urls: new EntityList('values'),
    quantities: new EntityList('values'),
  };
  const rests = conversation.sentences.map(({ text }) => addValues(text, lists));
  for (const link of conversation.links) {
    for (const { value } of findEmails(link)) lists.emails.add(value);
    for (const { value } of findUrls(link)) lists.urls.add(value);
  }
  for (const { value, kind } of await findNames(conversation, rests)) lists[kind].add(value);

  const entities: Record<string, string[]> = {};
  for (const kind of KINDS) {
    const values = lists[kind].values();
    if (values.length > 0) entities[kind] = values;
  }
  return entities;
}

/** Adds what has a pattern, and returns the text without it, so that nothing is found twice. */
function addValues(text: string, lists: Record<EntityKind, EntityList>): string {
  let rest = text;
  const take = (list: EntityList, find: (from: string) => Found[]): void => {
    for (const { value, start, end } of find(rest)) {
      list.add(value);
      // Not a space: two words that were apart must not become neighbours.
      rest = `${rest.slice(0, start)}${'\u0000'.repeat(end - start)}${rest.slice(end)}`;
    }
  };
  take(lists.emails, findEmails);
  take(lists.urls, findUrls);
  take(lists.money, findMoney);
  take(lists.dates, findDates);
  take(lists.quantities, findQuantities);
  return rest;
}
