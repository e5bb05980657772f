/**
 * Reads declarations from TypeScript source as the formatter leaves it: a declaration starts at the
 * margin and goes on in lines that are indented, empty or closing; a member does so two columns in.
 * That is all the syntax that is needed here.
 */

/**
 * @typedef {{ kind: string, name: string, doc: string, text: string }} Declaration
 * @typedef {{ name: string, doc: string, signature: string }} Member
 */

/**
 * What a file exports, in its order.
 *
 * @param {string} source
 * @returns {Declaration[]}
 */
export function parseDeclarations(source) {
  const lines = source.split('\n');
  return lines.flatMap((line, start) => {
    const found = /^export (?:abstract )?(interface|type|class|const|function) (\w+)/.exec(line);
    if (found === null) return [];
    const [, kind = '', name = ''] = found;
    let end = start + 1;
    while (end < lines.length && /^(?:$|[\s)\]}])/.test(lines[end] ?? '')) end++;
    const text = lines.slice(start, end).join('\n').trimEnd();
    return [{ kind, name, doc: docBefore(lines, start), text }];
  });
}

/**
 * The documented public methods of an interface or a class.
 *
 * @param {Declaration} declaration
 * @returns {Member[]}
 */
export function membersOf({ text }) {
  const lines = text.split('\n').map((line) => line.replace(/^ {2}/, ''));
  return lines.flatMap((line, start) => {
    const name = /^(?:async |get )?(\w+|\[[\w.]+\])\(/.exec(line)?.[1];
    const doc = docBefore(lines, start);
    if (name === undefined || doc === '') return [];
    let last = start;
    while (!/^\S.*[;{]$/.test(lines[last] ?? ';')) last++;
    const signature = lines.slice(start, last + 1).join('\n');
    return [{ name, doc, signature: signature.replace(/^async /, '').replace(/(?:;| \{)$/, '') }];
  });
}

/**
 * The doc comment that ends above a line; empty when there is none.
 *
 * @param {readonly string[]} lines
 * @param {number} index
 */
function docBefore(lines, index) {
  if (!/^(?:\/\*\*.*)? ?\*\/$/.test(lines[index - 1] ?? '')) return '';
  let start = index - 1;
  while (!(lines[start] ?? '/**').startsWith('/**')) start--;
  return lines
    .slice(start, index)
    .map((line) => line.replace(/^\/\*\* ?|^ \*(?!\/) ?/, '').replace(/ ?\*\/$/, ''))
    .join('\n')
    .trim();
}

/**
 * The parts of a doc comment as Markdown.
 *
 * @param {string} doc
 * @returns {{ text: string, params: string[], throws: string[] }}
 */
export function readDoc(doc) {
  const linked = doc.replace(/\{@link ([\w.]+)\}/g, '`$1`');
  const [text = '', ...tags] = linked.split(/^@/m);
  /** @param {string} tag */
  const tagged = (tag) =>
    tags
      .filter((item) => item.startsWith(`${tag} `))
      .map((item) => item.slice(tag.length + 1).trim());
  return {
    text: text.trim(),
    params: tagged('param').map((item) => item.replace(/^(\w+)/, '`$1`:')),
    throws: tagged('throws').map((item) => item.replace(/(?<![`\w])FF\w+Error\b/g, '`$&`')),
  };
}
