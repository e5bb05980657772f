import { describe, expect, it } from 'vitest';
import { readPlainText } from '../../../worker/context/plain-text.ts';

const textsOf = (content: string): string[] => readPlainText(content).lines.map(({ text }) => text);

describe('readPlainText', () => {
  it.each([
    ['**bold** and *italic* and __both__ and ~~gone~~', 'bold and italic and both and gone'],
    ['call `parse()` first', 'call parse() first'],
    ['keep snake_case_names and 2 * 3 * 4', 'keep snake_case_names and 2 * 3 * 4'],
    ['`__init__` stays', '__init__ stays'],
    ['read [the guide](https://a.example/b "title") now', 'read the guide now'],
    ['see ![a chart](chart.png)', 'see a chart'],
    ['a [reference][1] and a note[^2]', 'a reference and a note'],
    ['mail <ada@example.org> or <https://a.example>', 'mail ada@example.org or https://a.example'],
    ['x<br>y <b>z</b>, a < b', 'x y z , a < b'],
    ['5 \\* 3 &amp; more&nbsp;text', '5 * 3 & more text'],
  ])('reads %j as %j', (content, text) => {
    expect(textsOf(content)).toEqual([text]);
  });

  it('knows headings, items, quotes and the cells of tables', () => {
    const content =
      '# Plan #\n> quoted\n- [x] one\n2) two\nII. three\n---\n| a | b |\n|:--|--:|\n| 1 | 2 |';
    expect(readPlainText(content).lines).toEqual([
      { kind: 'heading', text: 'Plan' },
      { kind: 'prose', text: 'quoted' },
      { kind: 'item', text: 'one' },
      { kind: 'item', text: 'two' },
      { kind: 'item', text: 'three' },
      ...['a', 'b', '1', '2'].map((text) => ({ kind: 'cell', text })),
    ]);
  });

  it('keeps code and links apart from the text', () => {
    const content =
      'Try `go`:\n```ts\nconst a = `1`;\n```\nand [this](http://x.example/y).\n~~~\nopen';
    expect(readPlainText(content)).toEqual({
      lines: [
        { kind: 'prose', text: 'Try go:' },
        { kind: 'prose', text: 'and this.' },
      ],
      code: ['go', 'const a = `1`;', 'open'],
      links: ['http://x.example/y'],
    });
  });

  it.each([
    'const total = price * 2;',
    'def area(radius):',
    'import numpy as np',
    'from os import path',
    'for (let i = 0; i < 3; i++) {',
    '}',
    '"name": "value",',
    'total = sum(prices)',
    '$ npm install compromise',
    '// a comment',
    'return total;',
  ])('takes %j for code', (line) => {
    expect(readPlainText(line)).toEqual({ lines: [], code: [line], links: [] });
  });

  it.each([
    'Let me know what you think; it matters.',
    'From home I go to work by bike.',
    'If it rains, we stay inside.',
    'Import duties rose again this year.',
    'For me: tea.',
  ])('takes %j for something that is said', (line) => {
    expect(textsOf(line)).toEqual([line]);
  });

  it('joins lines that were wrapped and leaves those that were meant', () => {
    expect(
      textsOf(
        'The committee has decided that the meeting is\nmoved to Monday.\nBring cake\nplease',
      ),
    ).toEqual([
      'The committee has decided that the meeting is moved to Monday.',
      'Bring cake',
      'please',
    ]);
  });
});
