import { describe, expect, it } from 'vitest';
import { extractText } from '../../../worker/documents/extract.ts';
import { MAX_TEXT_LENGTH } from '../../../worker/documents/text-collector.ts';

/** The text of a document that has one. */
async function textOf(content: BlobPart, mimeType: string): Promise<string> {
  const result = await extractText(new Blob([content]), { mimeType, filename: 'document' });
  if (result.status === 'none') throw new Error(result.message);
  return result.text;
}

describe('HTML', () => {
  const html = (content: BlobPart, mimeType = 'text/html') => textOf(content, mimeType);

  it('gives its title and text, blocks apart', async () => {
    const page = `<!doctype html><html><head><title>A &amp; B</title><meta charset=utf-8>
      <style>p { color: red }</style><script>if (1 < 2) run('<p>no</p>')</script></head>
      <body><!-- no --><h1>Head<b>ing</b></h1><p>One
        two <i>three</i>.<br>Four&nbsp;&eacute;&#x1f44b;<p>Next<ul><li>a<li><p>b</p></ul>
      <noscript>no</noscript><template>no</template></body></html>`;
    expect(await html(page)).toBe('A & B\n\nHeading\n\nOne two three.\nFour é👋\n\nNext\n\na\n\nb');
  });

  it('gives the rows of a table as lines', async () => {
    const table = '<table><tr><th>Name<th>Age<tr><td>Ada<td> 36 </table>after';
    expect(await html(table)).toBe('Name\tAge\nAda\t36\n\nafter');
  });

  it('keeps the lines of preformatted text', async () => {
    expect(await html('<p>x</p><pre>a\n  b &lt;\n</pre>y')).toBe('x\n\na\n  b <\n\ny');
  });

  it('says its encoding itself', async () => {
    const page = new Blob(['<meta http-equiv=x content="text/html; charset=koi8-r"><p>']);
    expect(await html(new Blob([page, new Uint8Array([0xc1])]))).toBe('а');
    expect(await html(new Blob([page, 'é']), 'text/html; charset=utf-8')).toBe('é');
  });

  it('as XML knows elements that close themselves', async () => {
    const page = '<html><script src="x"/><p>one</p><![CDATA[a < b]]></html>';
    expect(await html(page, 'application/xhtml+xml')).toBe('one\n\na < b');
    expect(await html('<p>one<script src="x"/><p>two')).toBe('one');
  });

  it('takes elements that nobody closes, up to a limit', async () => {
    expect(await html(`${'<div>'.repeat(9_000)}deep`)).toBe('deep');
    await expect(html(`${'<div>'.repeat(11_000)}deep`)).rejects.toThrow('10000 deep');
  });
});

describe('Markdown', () => {
  const markdown = (content: string) => textOf(content, 'text/markdown');

  it('gives its text without markup, blocks apart', async () => {
    const page = `# Title #

Some *text* with \`code <b>\`, [a link](https://example.com "t") and ![a cat](cat.png),
<b>bold</b> &amp; more.\\
Next [ref][r].

| Name | Age |
|------|-----|
| Ada  | 36  |

- one
- two
  1. three

> quoted

\`\`\`ts
const a = 1;

# no heading
\`\`\`
[r]: https://example.com
Setext
---`;
    expect(await markdown(page)).toBe(
      [
        'Title',
        'Some text with code <b>, a link and a cat, bold & more.\nNext ref.',
        'Name\tAge\nAda\t36',
        'one\ntwo\n\nthree',
        'quoted',
        'const a = 1;\n\n# no heading',
        'Setext',
      ].join('\n\n'),
    );
  });

  it('gives the same for a large document as for its parts', async () => {
    const part = 'Some *text*.\n\n```\n*code*\n\nmore\n```\n\n* item\n\n';
    const whole = await markdown(part.repeat(2_000));
    expect(whole).toBe(
      Array(2_000)
        .fill(await markdown(part))
        .join('\n\n'),
    );
  });

  it('is taken as it is written behind a limit', async () => {
    const paragraph = `*word* ${'and so on '.repeat(2_000)}\n\n`;
    const text = await markdown(paragraph.repeat(150));
    expect(text.startsWith('word and')).toBe(true);
    expect(text.match(/\*word\* and/g)?.length).toBeGreaterThan(10);
    expect(text.match(/word/g)).toHaveLength(150);
  }, 60_000);

  it('takes what parsers are slow with', async () => {
    expect(await markdown(`${'> '.repeat(30_000)}deep`)).toMatch(/deep$/);
    expect((await markdown('['.repeat(30_000))).replace(/\s/g, '')).toHaveLength(30_000);
  }, 60_000);
});

describe('JSON', () => {
  const json = (content: string) => textOf(content, 'application/json');

  it('gives keys and values as lines', async () => {
    const value = {
      title: 'A "quoted"\nname',
      count: 12,
      none: null,
      yes: true,
      empty: '',
      list: ['a', 'b'],
      people: [{ name: 'Ada', born: { year: 1815 } }, { name: 'Alan' }],
    };
    const lines = [
      'title: A "quoted"',
      'name',
      'count: 12',
      'none: null',
      'yes: true',
      'empty:',
      'list:',
      'a',
      'b',
      'people:',
      'name: Ada',
      'born:',
      'year: 1815',
      '',
      'name: Alan',
    ].join('\n');
    expect(await json(JSON.stringify(value))).toBe(lines);
    expect(await json(JSON.stringify(value, null, 2))).toBe(lines);
  });

  it('keeps numbers as they are written', async () => {
    expect(await json('{"id": 12345678901234567890, "x": -1.50e+3}')).toBe(
      'id: 12345678901234567890\nx: -1.50e+3',
    );
  });

  it('gives values one after another', async () => {
    expect(await textOf('{"a":"x"}\n{"a":"y\\u00e9"}\n', 'application/x-ndjson')).toBe(
      'a: x\n\na: yé',
    );
  });

  it('is taken as it is written when it is none', async () => {
    expect(await json('{ "a": 1, // why\n}')).toBe('{ "a": 1, // why\n}');
    expect(await json('{"a": "torn')).toBe('{"a": "torn');
    expect(await json('{"a": "\\x"}')).toBe('{"a": "\\x"}');
    expect(await json("{'a'}")).toBe("{'a'}");
  });

  it('may be nested as deeply as it likes', async () => {
    expect(await json(`${'['.repeat(500_000)}"deep"${']'.repeat(500_000)}`)).toBe('deep');
  });
});

describe('CSV', () => {
  const csv = (content: string) => textOf(content, 'text/csv');

  it('gives rows as lines that say what their values are', async () => {
    expect(await csv('name,city,age\nAda,"London, ""UK""",36\n\nAlan,,41\n')).toBe(
      'name: Ada, city: London, "UK", age: 36\nname: Alan, age: 41',
    );
  });

  it('gives cells alone without headers', async () => {
    expect(await csv('1,2\n3,4')).toBe('1, 2\n3, 4');
    expect(await csv('a,a\nb,c')).toBe('a, a\nb, c');
    expect(await csv('word\nother')).toBe('word\nother');
    expect(await csv('only,headers')).toBe('only, headers');
  });

  it('keeps cells beyond the headers and lines within a cell', async () => {
    expect(await csv('a,b\n1,2\n"x\ny",2,3')).toBe('a: 1, b: 2\na: x y, b: 2, 3');
  });

  it('finds out its delimiter; TSV has one', async () => {
    expect(await csv('name;city\nAda;"Paris, France"\nAlan;Rome')).toBe(
      'name: Ada, city: Paris, France\nname: Alan, city: Rome',
    );
    expect(await textOf('a,b\tc\n1\t2', 'text/tab-separated-values')).toBe('a,b: 1, c: 2');
  });

  it('does not grow beyond the limit by its headers', async () => {
    const headers = ['first', 'second'].map((name) => name.repeat(16)).join(',');
    const text = await csv(`${headers}\n${'1,2\n'.repeat(300_000)}`);
    expect(text.length).toBeLessThanOrEqual(MAX_TEXT_LENGTH);
    expect(text.length).toBeGreaterThan(MAX_TEXT_LENGTH - 200);
  }, 60_000);
});
