import { describe, expect, it } from 'vitest';
import { extractContext } from '../../../worker/context/extract.ts';
import { BEANS, conversation, message, MOVE } from './conversations.ts';

const LIMITS = { maxKeyPoints: 10, maxSummaryLength: 500 };

async function entitiesOf(...contents: string[]): Promise<Record<string, string[]>> {
  return (await extractContext(conversation(...contents), LIMITS))?.entities ?? {};
}

describe('addresses', () => {
  it('finds e-mail addresses without what surrounds them', async () => {
    const text = 'Write to <ada.b+news@mail.example.org>, or "bo@x-y.example".';
    const { emails } = await entitiesOf(text, 'Not me@home, a@b or foo@@bar.com.');
    expect(emails).toEqual(['ada.b+news@mail.example.org', 'bo@x-y.example']);
  });

  it('finds URLs without the punctuation of the sentence', async () => {
    const { urls } = await entitiesOf(
      'See https://a.example/x?y=1&z=2#top, (http://b.example/w_(x)) and www.c.example/d.',
      'Also docs.python.org! And [the list](https://d.example/list).',
    );
    expect(urls).toEqual([
      'https://a.example/x?y=1&z=2#top',
      'http://b.example/w_(x)',
      'www.c.example/d',
      'docs.python.org',
      'https://d.example/list',
    ]);
  });

  it('takes no file, version or number for a URL', async () => {
    expect(await entitiesOf('Open index.html, main.py and v1.2.3, about 3.5 e.g. here.')).toEqual(
      {},
    );
  });
});

describe('values', () => {
  it('finds money', async () => {
    const { money } = await entitiesOf(
      'It costs $1,200.50 or €30, maybe 50 EUR, £2.5 million, 300k USD or twenty dollars.',
    );
    expect(money).toEqual([
      '$1,200.50',
      '€30',
      '50 EUR',
      '£2.5 million',
      '300k USD',
      'twenty dollars',
    ]);
  });

  it('finds quantities', async () => {
    const { quantities } = await entitiesOf(
      'It weighs 75 kg, is 2.5m long, 30% full, needs 3-4 hours at 180 °C and seats twelve people.',
    );
    expect(quantities).toEqual(['75 kg', '2.5m', '30%', '3-4 hours', '180 °C', 'twelve people']);
  });

  it('finds dates and times', async () => {
    const { dates } = await entitiesOf(
      'We met on Tuesday, March 5th, 2024 at 3pm, on 5 May 2023, on 2024-06-07 and in 1998.',
      'See you next Friday at 14:30, the day after tomorrow, two weeks ago or by Christmas.',
      'May I march in June? In May I may. Am 3. Oktober 2025, 05.03.2024 oder im Juli.',
    );
    expect(dates).toEqual([
      'Tuesday, March 5th, 2024 at 3pm',
      '5 May 2023',
      '2024-06-07',
      '1998',
      'next Friday',
      '14:30',
      'the day after tomorrow',
      'two weeks ago',
      'Christmas',
      'June',
      'May',
      '3. Oktober 2025',
      '05.03.2024',
    ]);
  });

  it('gives nothing twice', async () => {
    const { money, dates } = await entitiesOf(
      'Pay $5 on 5 May 2024.',
      '$5 ON 5 MAY 2024? On 5 May 2024.',
    );
    expect(money).toEqual(['$5']);
    expect(dates).toEqual(['5 May 2024']);
  });
});

describe('names', () => {
  it('finds people, organizations and places', async () => {
    expect(
      await entitiesOf(
        'My friend Grace works at Initech, and I hope she likes it. Grace moved to Lyon.',
        "I'm Dr. Chen from the University of Zurich. Contact Sarah O'Connor or Jean-Luc Picard at the European Central Bank in Frankfurt.",
      ),
    ).toEqual({
      people: ['Grace', 'Dr. Chen', "Sarah O'Connor", 'Jean-Luc Picard'],
      organizations: ['Initech', 'University of Zurich', 'European Central Bank'],
      places: ['Lyon', 'Frankfurt'],
    });
  });

  it('takes off the possessive and gives the fullest form of a name once', async () => {
    const { people } = await entitiesOf(
      "We read Emma Watson's book. Emma was there.",
      'Emma Watson wrote to John.',
    );
    expect(people).toEqual(['Emma Watson', 'John']);
  });

  it('takes no greeting, no beginning of a sentence and no code for a name', async () => {
    expect(
      await entitiesOf(
        'Yes, I know. Mark the page. Thanks! Will it work? Hope so. Will you call `useRose()`?',
        'Sure! Here is the English JSON of the API:\n```\nconst Rose = new Paris();\n```\nRose and Paris hold it.',
      ),
    ).toEqual({});
  });

  it('knows those who take part', async () => {
    const context = await extractContext(MOVE, LIMITS);
    expect(context?.entities).toEqual({
      people: ['Nora', 'Tobias', 'Felix', 'Dr. Weber'],
      places: ['Leipzig', 'Hamburg'],
      dates: ['14 June 2025', 'last month', 'tomorrow'],
      money: ['€180'],
      quantities: ['210 kg'],
    });
  });

  it('takes any name of a participant, also one that is a pattern', async () => {
    const messages = [
      message(1, 'user', 'Ask Jo-Ann (the boss) about the plan.', 'Jo-Ann (the boss)'),
    ];
    const named = [
      ...messages,
      message(2, 'user', 'Fine.', 'X**{'),
      message(3, 'user', 'ok', 'Assistant'),
    ];
    const context = await extractContext(named, LIMITS);
    expect(context?.entities['people']?.[0]).toBe('Jo-Ann (the boss)');
  });

  it('looks for no names in other languages, but for values', async () => {
    const entities = await entitiesOf(
      'Der Teig geht bei 26 Grad in 4 Stunden auf, und das Brot kostet 5 Euro in der Bäckerei Stern.',
    );
    expect(entities).toEqual({ money: ['5 Euro'], quantities: ['26 Grad', '4 Stunden'] });
  });
});

describe('entities', () => {
  it('has keys only for kinds of which there is something', async () => {
    expect(Object.keys((await extractContext(BEANS, LIMITS))?.entities ?? {})).toEqual([
      'urls',
      'quantities',
    ]);
  });

  it('begins with what is named most often', async () => {
    const { places } = await entitiesOf('From Rome to Paris, then from Paris to Berlin in a day.');
    expect(places).toEqual(['Paris', 'Rome', 'Berlin']);
  });

  it('has at most 50 values of a kind', async () => {
    const prices = Array.from({ length: 80 }, (_, index) => `$${String(index + 1)}`);
    const { money } = await entitiesOf(`Choose: ${prices.join(', ')}.`);
    expect(money).toEqual(prices.slice(0, 50));
  });
});
