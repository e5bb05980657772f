import type { FFMessageDTO, MessageRole } from '../../../src/shared/model/message.ts';

/** Messages with ids `m1`, `m2` …, said in turn by a user and an assistant. */
export function conversation(...contents: string[]): FFMessageDTO[] {
  return contents.map((content, index) =>
    message(index + 1, index % 2 === 0 ? 'user' : 'assistant', content),
  );
}

export function message(
  number: number,
  role: MessageRole,
  content: string,
  name?: string,
): FFMessageDTO {
  return {
    messageId: `m${String(number)}`,
    role,
    content,
    timestamp: '2025-01-01T00:00:00.000Z',
    ...(name === undefined ? {} : { name }),
  };
}

/** Two people who plan a move, by their names. */
export const MOVE: readonly FFMessageDTO[] = [
  ['Nora', 'Hey Tobias! Long time no see. How have you been?'],
  ['Tobias', 'Hi Nora! Good, thanks. Busy with the new flat in Leipzig.'],
  ['Nora', 'Wow, a new flat! When do you move?'],
  ['Tobias', 'We move to Leipzig on 14 June 2025, with a rented van from Hamburg.'],
  ['Nora', "I can help you carry boxes. My brother Felix has a van too, he'd lend it."],
  ['Tobias', 'That would save us the €180 for the rented van. Thank you so much, Nora!'],
  ['Nora', 'Sure! How many boxes are there?'],
  ['Tobias', 'About forty boxes, most of them books, and a piano that weighs 210 kg.'],
  ['Nora', 'The piano needs professional movers. Ask Dr. Weber, she moved hers last month.'],
  ['Tobias', 'Good idea. I will ask her tomorrow and book the movers for the piano.'],
].map(([name, content], index) =>
  message(index + 1, index % 2 === 0 ? 'user' : 'assistant', content ?? '', name),
);

/** A question about cooking, answered at length and in Markdown. */
export const BEANS: readonly FFMessageDTO[] = conversation(
  'Hello! Why do my dried beans stay hard even after two hours of cooking?',
  [
    'Great question! Here are the usual reasons:',
    '',
    '1. **Old beans**: beans that are older than two years hardly soften any more.',
    '2. **Hard water**: calcium in hard water keeps the skins of the beans firm.',
    '3. **Acid**: tomatoes or vinegar stop beans from softening, so add them last.',
    '',
    'Soak the beans overnight with 1 teaspoon of baking soda, and cook them in fresh water.',
    'See [this guide](https://beans.example.org/soaking) for a table of cooking times.',
    'I hope this helps! Let me know if you have any other questions.',
  ].join('\n'),
  'Our water is very hard here. Is baking soda enough against hard water?',
  'Yes. Baking soda binds the calcium of hard water and makes the beans soften in about an hour.',
);
