import { describe, expect, it } from 'vitest';
import { parseHighlight, plainText } from '../../demo/search/highlight.ts';

describe('parseHighlight', () => {
  it('separates what matched from what surrounds it', () => {
    expect(parseHighlight('350 g <mark>water</mark>, four folds')).toEqual([
      { text: '350 g ', marked: false },
      { text: 'water', marked: true },
      { text: ', four folds', marked: false },
    ]);
  });

  it('takes several marks, also where they touch or stand at the ends', () => {
    expect(parseHighlight('<mark>cold</mark><mark>water</mark> and <mark>salt</mark>')).toEqual([
      { text: 'cold', marked: true },
      { text: 'water', marked: true },
      { text: ' and ', marked: false },
      { text: 'salt', marked: true },
    ]);
  });

  it('gives back the characters that were escaped', () => {
    expect(parseHighlight('&lt;b&gt; &amp; &quot;<mark>it&#39;s</mark>&quot; &apos;')).toEqual([
      { text: '<b> & "', marked: false },
      { text: "it's", marked: true },
      { text: '" \'', marked: false },
    ]);
  });

  it('unescapes once only', () => {
    expect(parseHighlight('&amp;lt;mark&amp;gt;')).toEqual([
      { text: '&lt;mark&gt;', marked: false },
    ]);
  });

  it('does not mark what a message said about marks', () => {
    expect(parseHighlight('a &lt;mark&gt;<mark>tag</mark>&lt;/mark&gt;')).toEqual([
      { text: 'a <mark>', marked: false },
      { text: 'tag', marked: true },
      { text: '</mark>', marked: false },
    ]);
  });

  it('leaves any other tag and any other entity as the text that it is', () => {
    const text = '<img src=x onerror=alert(1)> <MARK> <mark class="x"> &nbsp; &unknown;';
    expect(parseHighlight(text)).toEqual([{ text, marked: false }]);
  });

  it('marks to the end where a mark is not closed', () => {
    expect(parseHighlight('cut <mark>off')).toEqual([
      { text: 'cut ', marked: false },
      { text: 'off', marked: true },
    ]);
  });

  it('gives nothing for nothing', () => {
    expect(parseHighlight('')).toEqual([]);
    expect(parseHighlight('<mark></mark>')).toEqual([]);
  });
});

describe('plainText', () => {
  it('is the text that the highlight was made from', () => {
    expect(plainText('fish &amp; <mark>chips</mark> &lt;3')).toBe('fish & chips <3');
  });
});
