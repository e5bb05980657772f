import { describe, expect, it } from 'vitest';
import { createAnalyzer, type TokenUse } from '../../../../worker/search/analysis/analyzer.ts';

const plain = await createAnalyzer('none');

/** The terms of each position. */
function terms(text: string, use: TokenUse = 'text'): string {
  let last = -1;
  return plain
    .tokenize(text, use)
    .map(({ term, position }) => {
      const separator = last === -1 ? '' : position === last ? '|' : ' ';
      last = position;
      return separator + term;
    })
    .join('');
}

/** What the terms stand for, as it is written. */
function sources(text: string): string[] {
  return plain.tokenize(text).map(({ start, end }) => text.slice(start, end));
}

describe('tokenize', () => {
  it.each([
    ['Hello, world! (It is…)', 'hello world it is'],
    [' \n\t!?()[]{}<>*~', ''],
    ['', ''],
    ['end.', 'end'],
    ['wait...what', 'wait what'],
    ['and/or yes—no', 'and or yes no'],
    [
      'constructor toString hasOwnProperty',
      'constructor tostring|to|string hasownproperty|has|own|property',
    ],
    ['x'.repeat(1_000), 'x'.repeat(64)],
  ])('splits %j at what is neither letter nor digit', (text, expected) => {
    expect(terms(text)).toBe(expected);
  });

  it.each([
    ['Café CAFÉ cafe\u0301', 'cafe cafe cafe'],
    ['naïve Ångström', 'naive angstrom'],
    ['Œuvre œuvre Æther Ørsted Łódź', 'oeuvre oeuvre aether orsted lodz'],
    ['groß GROSS GROẞ Straße', 'gross gross gross strasse'],
    ['İstanbul ISTANBUL ıstanbul istanbul', 'istanbul istanbul istanbul istanbul'],
    ['ΑΘΉΝΑ Αθήνα λόγος ΛΌΓΟΣ', 'αθηνα αθηνα λογοσ λογοσ'],
    ['Ёлка ёлка', 'елка елка'],
    ['ＡＢＣ ﬁle 𝐛𝐨𝐥𝐝 ②', 'abc file bold 2'],
    ['كِتَابٌ كتاب أحمد احمد كـتـاب', 'كتاب كتاب احمد احمد كتاب'],
    ['مِلָּה מִלָּה מלה', 'ملה מלה מלה'],
    ['٣٤ ۳۴ ३४ 34', '34 34 34 34'],
    ['soft\u00adhyphen می\u200cخواهم', 'softhyphen ميخواهم'],
  ])('folds what differs in case, accents or form only: %j', (text, expected) => {
    expect(terms(text)).toBe(expected);
  });

  it('keeps the marks of other scripts, which carry vowels', () => {
    expect(terms('हिन्दी')).toBe('हिन्दी');
    expect(terms('हिन्दी')).not.toBe(terms('हन्द'));
  });

  it.each([
    ["don't don’t dont", 'dont dont dont'],
    ["Anna's Anna’s users' users", 'anna anna users users'],
    ["we'll they've I'm you're he'd it's", 'we they i you he it'],
    ["'quoted' rock'n'roll", 'quoted rocknroll'],
    ["l'homme o'clock qu’elle", 'lhomme|homme oclock|clock quelle|elle'],
    ['צה"ל צה״ל', 'צהל צהל'],
  ])('takes words with apostrophes for one: %j', (text, expected) => {
    expect(terms(text)).toBe(expected);
  });

  it.each([
    ['getUserName', 'getusername|get|user|name'],
    ['HTTPServer parseHTML5', 'httpserver|http|server parsehtml5|parsehtml|parse|html 5'],
    ['snake_case __init__ MAX_LENGTH ___', 'snakecase|snake case init maxlength|max length'],
    ['kebab-case wi-fi wifi WiFi', 'kebabcase|kebab case wifi|wi fi wifi wifi'],
    ['node.js a.b->c()', 'nodejs|node js ab|a b c'],
    ['C++ C# F# g++ a+b', 'c++|c c#|c f#|f g++|g a b'],
    ['.NET (.env) dir/.git x.y', '.net|net .env|env dir git xy|x y'],
    ['std::vector this.#name', 'std vector this #name|name'],
    ['JavaScript iPhone PhD LaTeX macOS', 'javascript|java|script iphone|phone phd latex macos'],
    ['AT&T Q&A U.S.A. e.g.', 'at&t|at t q&a|q a usa|u s a eg|e g'],
  ])('knows code and names by the whole and by the parts: %j', (text, expected) => {
    expect(terms(text)).toBe(expected);
  });

  it.each([
    ['3.14 3,14', '3.14|3|14 3.14|3|14'],
    ['1,000 1000 1,234,567.5', '1000 1000 1234567.5'],
    ['v2 v2.0 2.0', 'v2 v2.0|2.0 2.0|2|0'],
    ['1.2.3 192.168.1.1', '1.2.3|1|2|3 192.168.1.1|192|168|1'],
    ['2026-01-31 31/01/2026', '2026-01-31|2026 01 31 31/01/2026|31 01 2026'],
    ['10:30 1/2', '10:30|10 30 1/2|1 2'],
    ['10kg 10 kg 3pm 5th', '10kg|10 kg 10 kg 3pm|3 pm 5th'],
    ['$20 20€ €20', '$20|20 €20|20 €20|20'],
    [
      'iPhone12 covid-19 COVID19 mp3',
      'iphone12|iphone|phone 12 covid19|covid 19 covid19|covid 19 mp3',
    ],
    ['555-1234 10-20', '555-1234|555 1234 10-20|10 20'],
    ['sha256 0x1F', 'sha256|sha 256 0x1f'],
    ['python3.12', 'python3.12|python 3.12|3|12'],
  ])('keeps numbers whole, and finds their parts: %j', (text, expected) => {
    expect(terms(text)).toBe(expected);
  });

  it.each([
    ['#tag #wi-fi #42 a#b', '#tag|tag #wifi|wifi|wi fi #42|42 a b'],
    ['#ThrowbackThursday', '#throwbackthursday|throwbackthursday|throwback|thursday'],
    ['@anna @ 5', '@anna|anna 5'],
  ])('keeps what makes hashtags and mentions: %j', (text, expected) => {
    expect(terms(text)).toBe(expected);
  });

  it.each([
    ['anna.smith@example.com', 'annasmith@examplecom|annasmith|anna smith examplecom|example com'],
    [
      'https://www.example.com/a/FooBar?q=x%20y#z',
      'https examplecom|www example com a foobar q x y z',
    ],
    ['(see http://localhost:3000/.)', 'see http localhost 3000'],
    ['www.example.com', 'examplecom|www example com'],
    ['https://例え.jp', 'https 例え|例 え jp'],
  ])('finds addresses by their host and its parts: %j', (text, expected) => {
    expect(terms(text)).toBe(expected);
  });

  it('makes few terms of long links and of encoded data', () => {
    const link = `https://example.com/?${'utm_source=abc&'.repeat(1_000)} end`;
    expect(plain.tokenize(link).length).toBeLessThan(50);
    expect(terms(link)).toMatch(/ end$/);
    const data = 'iVBORw0KGgo9AAANS7UhEU/gA8ab+c1d2e3f'.repeat(1_000);
    expect(plain.tokenize(`data:image/png;base64,${data}== end`).length).toBeLessThan(15);
  });

  it.each([
    ['👋🎉', '👋 🎉'],
    ['👍🏽', '👍🏽|👍'],
    ['👩🏽‍💻', '👩🏽‍💻|👩‍💻|👩|💻'],
    ['👨‍👩‍👧', '👨‍👩‍👧|👨|👩|👧'],
    ['❤️ ❤', '❤ ❤'],
    ['🇩🇪🇫🇷', '🇩🇪 🇫🇷'],
    ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['1️⃣ ok👍ok © ™', '1 ok 👍 ok'],
  ])('has a token for each emoji, and for what it is made of: %j', (text, expected) => {
    expect(terms(text)).toBe(expected);
  });

  it.each([
    ['你好世界', '你好|你 好世|好 世界|世 界'],
    ['好', '好'],
    ['コーヒー', 'コー|コ ーヒ|ー ヒー|ヒ ー'],
    ['人々', '人々|人 々'],
    ['𠮷野家', '𠮷野|𠮷 野家|野 家'],
    ['iPhone的设置2', 'iphone|phone 的设|的 设置|设 置 2'],
    ['학교에서', '학교|학 교에|교 에서|에 서'],
    ['ｶﾞｽ', 'ガス|ガ ス'],
    ['ガス', 'ガス|ガ ス'],
    ['ไทย', 'ไท|ไ ทย|ท ย'],
  ])('cuts scripts without spaces into pairs, beside their characters: %j', (text, expected) => {
    expect(terms(text)).toBe(expected);
  });

  it('takes decomposed syllables for what they are', () => {
    expect(terms('학교에서'.normalize('NFD'))).toBe(terms('학교에서'));
  });

  it('says which part of the text each term stands for', () => {
    expect(sources('Ein Café, 你好!')).toEqual(['Ein', 'Café', '你好', '你', '好']);
    expect(sources('(#wi-fi)')).toEqual(['#wi-fi', 'wi-fi', 'wi', 'fi']);
    expect(sources('C++, 20€, 👍🏽!')).toEqual(['C++', 'C', '20€', '20', '👍🏽', '👍🏽']);
  });
});

describe('tokenize, of queries', () => {
  it.each([
    ['你好世界', '你好 好世 世界'],
    ['好', '好'],
    ['getUserName JavaScript', 'getusername|get|user|name javascript'],
    ['3.14', '3.14'],
    ['msg42 10kg snake_case', 'msg42 10kg snakecase'],
    ['C++ Q&A e-mail', 'c++ q&a email mail'],
    ['https://example.com/docs', 'examplecom|example com docs'],
  ])('leaves out of %j what a longer term says better', (text, expected) => {
    expect(terms(text, 'query')).toBe(expected);
  });
});

describe('tokenize, of phrases', () => {
  it.each([
    ['wi-fi router', 'wi fi router'],
    ['getUserName of C++', 'getusername of c++'],
    ['#wi-fi 10kg $20', '#wifi fi 10 kg $20'],
    ['你好世界', '你好 好世 世界'],
    ['👩🏽‍💻 31.01.2026', '👩🏽‍💻 31.01.2026'],
  ])('gives one term for each position of %j', (text, expected) => {
    expect(terms(text, 'phrase')).toBe(expected);
  });

  it('puts the parts of what is joined where they would stand as words of their own', () => {
    const positions = (text: string): [string, number][] =>
      plain.tokenize(text, 'phrase').map(({ term, position }) => [term, position]);
    expect(positions('a long-term plan for 10kg')).toEqual(positions('a long term plan for 10 kg'));
  });
});
