import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitSentences } from '../../../worker/context/sentences.ts';

describe('splitSentences', () => {
  it.each([
    [['It rains.', 'We stay!', 'Do you?', 'fine.', 'ok']],
    [['Dr. Ito met Mrs. Grey, e.g. in St. Ives.', 'She left at 5 p.m. on Monday.']],
    [['J.K. Rowling and George R. R. Martin write.', 'So do I.', 'Really.']],
    [['It costs 3.50 at https://shop.example/a.b?c=1.', 'See No. 5 there.']],
    [['He works at Acme Inc. in Rome.', 'They make tea, cups, etc.', 'Nice.']],
    [['I said no.', 'Then I left.']],
    [['Well... maybe later.', 'He said "stop!" twice.', '(Never again.)', 'Done…']],
    [['Am 5. Mai war es so weit, z.B. in Bonn.', 'Danach nicht mehr.']],
    [['He has 5.', 'She has 6.']],
  ])('splits %j', (sentences) => {
    expect(splitSentences(sentences.join(' '))).toEqual(sentences);
  });

  it('needs no space after the full stop of Chinese and Japanese', () => {
    expect(splitSentences('今天下雨。我们去吗？“不去。”他说')).toEqual([
      '今天下雨。',
      '我们去吗？',
      '“不去。”',
      '他说',
    ]);
  });

  it('knows the marks of Arabic and Hindi', () => {
    expect(splitSentences('هل تسمعني؟ نعم')).toEqual(['هل تسمعني؟', 'نعم']);
    expect(splitSentences('यह ठीक है। चलो')).toEqual(['यह ठीक है।', 'चलो']);
  });

  it('takes the mark of a quotation away whose other mark is in another sentence', () => {
    expect(splitSentences('"It is late. We must go."')).toEqual(['It is late.', 'We must go.']);
    expect(splitSentences('"It is late."')).toEqual(['"It is late."']);
  });

  it('loses no character but spaces and quotation marks', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('Dr.', 'a', 'B.', '...', '?!', '"', '”', '。', '5.', 'I.', ' '))
        .map((parts) => parts.join('')),
    );
    const bare = (value: string): string => value.replace(/[\s"“”]/g, '');
    fc.assert(
      fc.property(text, (line) => {
        const sentences = splitSentences(line);
        expect(bare(sentences.join(''))).toBe(bare(line));
        expect(sentences.every((sentence) => line.includes(sentence))).toBe(true);
      }),
    );
  });
});
