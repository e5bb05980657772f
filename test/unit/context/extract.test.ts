import { describe, expect, it } from 'vitest';
import { extractContext } from '../../../worker/context/extract.ts';
import { BEANS, conversation, message, MOVE } from './conversations.ts';

const LIMITS = { maxKeyPoints: 10, maxSummaryLength: 500 };

describe('extractContext', () => {
  it.each([
    ['no message', []],
    ['spaces', conversation('  ', '\n\t')],
    ['emoji and symbols', conversation('😀👍', '!!! …', '***')],
    ['code', conversation('```js\nconst a = 1;\n```', 'return a;\n}')],
    ['an image without a description', conversation('![](data:image/png;base64,AAAA)')],
  ])('is null for %s', async (_name, messages) => {
    expect(await extractContext(messages, LIMITS)).toBeNull();
  });

  it('summarises in whole sentences, in the order of the conversation', async () => {
    const context = await extractContext(BEANS, { ...LIMITS, maxSummaryLength: 300 });
    expect(context?.summary).toBe(
      [
        'Why do my dried beans stay hard even after two hours of cooking?',
        'Soak the beans overnight with 1 teaspoon of baking soda, and cook them in fresh water.',
        'Our water is very hard here.',
        'Baking soda binds the calcium of hard water and makes the beans soften in about an hour.',
      ].join(' '),
    );
  });

  it('leaves out greetings, thanks, introductions and offers of help', async () => {
    const context = await extractContext(BEANS, { maxKeyPoints: 100, maxSummaryLength: 10_000 });
    const all = [context?.summary, ...(context?.keyPoints ?? [])].join('\n');
    for (const filler of ['Hello', 'Great question', 'usual reasons', 'hope this', 'Let me know']) {
      expect(all).not.toContain(filler);
    }
  });

  it('names the weightiest point first and none twice', async () => {
    const context = await extractContext(
      [
        ...BEANS,
        ...conversation('Hard water: calcium in hard water keeps the skins of the beans firm!'),
      ],
      { ...LIMITS, maxKeyPoints: 4 },
    );
    expect(context?.keyPoints).toHaveLength(4);
    const aboutCalcium = context?.keyPoints.filter((point) => point.includes('skins of the beans'));
    expect(aboutCalcium).toHaveLength(1);
  });

  it('gives of a long sentence its first clauses', async () => {
    const clause = 'The harbour crane lifts containers from the freight ships of the harbour';
    const long = `${clause}, ${'then it turns very slowly and with care, '.repeat(4)}and it rests.`;
    const context = await extractContext(conversation(long), LIMITS);
    const point = context?.keyPoints[0] ?? '';
    expect(point.length).toBeLessThanOrEqual(200);
    expect(long.startsWith(point)).toBe(true);
    expect(long.charAt(point.length)).toBe(',');
  });

  it('cuts a sentence at a word when none fits', async () => {
    const context = await extractContext(
      conversation('Photosynthesis turns sunlight, water and carbon dioxide into sugar.'),
      { ...LIMITS, maxSummaryLength: 30 },
    );
    expect(context?.summary).toBe('Photosynthesis turns…');
  });

  it('prefers what two people talk about to how they address one another', async () => {
    const context = await extractContext(MOVE, { maxKeyPoints: 3, maxSummaryLength: 160 });
    expect(context?.keyPoints.join(' ')).toMatch(/piano/);
    expect(context?.keyPoints.join(' ')).toMatch(/van/);
    expect(context?.keyPoints.join(' ')).not.toMatch(/Hey|Hi |Wow|Thank/);
  });

  it('gives small talk as it is, without a point or any confidence', async () => {
    const context = await extractContext(conversation('hi there', 'Hello!'), LIMITS);
    expect(context).toMatchObject({ summary: 'hi there', keyPoints: [], confidence: 0 });
  });

  it('reads system and tool messages only when nobody else says anything', async () => {
    const system = message(1, 'system', 'Answer as a pirate captain would answer.');
    const user = message(2, 'user', 'Which knots hold a hammock between two trees?');
    expect((await extractContext([system, user], LIMITS))?.summary).toBe(user.content);
    expect((await extractContext([system], LIMITS))?.summary).toBe(system.content);
  });

  it('names the first and the last message that it has looked at', async () => {
    expect((await extractContext(BEANS, LIMITS))?.messageRange).toEqual({
      firstMessageId: 'm1',
      lastMessageId: 'm4',
    });
    const many = Array.from({ length: 700 }, (_, index) =>
      message(index + 1, 'user', 'Tea, please.'),
    );
    expect((await extractContext(many, LIMITS))?.messageRange).toEqual({
      firstMessageId: 'm201',
      lastMessageId: 'm700',
    });
  });

  it('gives nothing where nothing is asked for', async () => {
    expect((await extractContext(BEANS, { ...LIMITS, maxKeyPoints: 0 }))?.keyPoints).toEqual([]);
  });

  it('works without spaces between words', async () => {
    const context = await extractContext(
      conversation(
        '你好！我想学习用陶轮做茶杯，应该从哪里开始？',
        '先练习把陶土放在陶轮的中心。然后用湿手慢慢拉高茶杯的壁。不要急。',
        '谢谢！',
      ),
      { maxKeyPoints: 2, maxSummaryLength: 40 },
    );
    expect(context?.summary).toBe(
      '我想学习用陶轮做茶杯，应该从哪里开始？先练习把陶土放在陶轮的中心。',
    );
    expect(context?.keyPoints).toHaveLength(2);
  });

  it('works in German', async () => {
    const context = await extractContext(
      conversation(
        'Guten Tag! Wann schneidet man am besten einen alten Apfelbaum?',
        'Einen alten Apfelbaum schneidet man im späten Winter, z.B. im Februar. Ich hoffe, das hilft!',
      ),
      LIMITS,
    );
    expect(context?.summary).toBe(
      'Wann schneidet man am besten einen alten Apfelbaum? Einen alten Apfelbaum schneidet man im späten Winter, z.B. im Februar.',
    );
  });
});

describe('confidence', () => {
  const confidenceOf = async (
    messages: Parameters<typeof extractContext>[0],
    limits: Partial<typeof LIMITS> = {},
  ): Promise<number> =>
    (await extractContext(messages, { ...LIMITS, ...limits }))?.confidence ?? -1;

  it('rises with the number of key points', async () => {
    const limits = [0, 1, 3, 10].map((maxKeyPoints) => ({ maxKeyPoints, maxSummaryLength: 80 }));
    const values = await Promise.all(limits.map((limit) => confidenceOf(MOVE, limit)));
    expect(values).toEqual(values.toSorted((one, other) => one - other));
    expect(values.at(-1)).toBeGreaterThan((values[0] ?? 0) + 0.1);
  });

  it('is lower for less text, although it is quoted whole', async () => {
    const short = await confidenceOf(conversation('Dried beans need water.'));
    expect(short).toBeGreaterThan(0);
    expect(await confidenceOf(BEANS)).toBeGreaterThan(short * 2);
  });

  it('falls when more is said than a summary can hold', async () => {
    const longer = conversation(
      'Glaciers grind valleys into bedrock over thousands of winters.',
      'Violin makers dry their spruce for ten years before they carve it.',
      'A sailor reads the wind from ripples, clouds and seagulls.',
      'Beetles navigate by the Milky Way, which physicists proved with tiny hats.',
      'Bakeries once rented their ovens to neighbours on Sundays.',
      'Medieval tax collectors counted chimneys, windows and sheep.',
    );
    const limits = { maxKeyPoints: 2, maxSummaryLength: 120 };
    expect(await confidenceOf([...BEANS, ...longer], limits)).toBeLessThan(
      await confidenceOf(BEANS, limits),
    );
  });
});
