/**
 * `node scripts/api-docs.mjs`: writes docs/api from the signatures and the doc comments in src, so
 * that there is one place to say what a method does. A test compares the pages with what this makes.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { membersOf, parseDeclarations, readDoc } from './api-docs/source.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/**
 * A page: methods come from interfaces named `…Methods`, and from the class that every manager is;
 * what else its files export to apps is shown as types.
 *
 * @typedef {{ name: string, title: string, guide: string, files: readonly string[] }} Page
 */

/** @type {readonly Page[]} */
const PAGES = [
  {
    name: 'opening',
    title: 'Opening and closing',
    guide: 'opening-and-errors',
    files: [
      'src/manager/lifecycle.ts',
      'src/shared/contract.ts',
      'src/shared/host.ts',
      'src/shared/embedding.ts',
    ],
  },
  group('users', 'Users', 'users-and-sessions', 'users', 'user'),
  group('sessions', 'Sessions', 'users-and-sessions', 'sessions', 'session'),
  group('messages', 'Messages', 'messages', 'messages', 'message'),
  {
    name: 'streams',
    title: 'Streams and growing messages',
    guide: 'streams',
    files: ['src/api/streams.ts'],
  },
  group('search', 'Search', 'search', 'search', 'search'),
  group('documents', 'Documents', 'documents', 'documents', 'document'),
  group('personas-and-panels', 'Personas and panels', 'personas-and-panels', 'personas', 'panel'),
  group('context', 'Situational context', 'context', 'contexts', 'context'),
  group('statistics', 'Statistics', 'statistics', 'statistics', 'statistics'),
  {
    name: 'configuration',
    title: 'Configuration',
    guide: 'configuration',
    files: [
      'src/api/configuration.ts',
      'src/validation/config.ts',
      'src/shared/config.ts',
      'src/shared/search-languages.ts',
    ],
  },
  {
    name: 'maintenance',
    title: 'Maintenance',
    guide: 'maintenance',
    files: ['src/api/maintenance.ts'],
  },
  group('reliability', 'Reliability', 'reliability', 'reliability', 'reliability'),
  group('backups', 'Backups', 'backups', 'backups', 'backup'),
  {
    name: 'errors-and-types',
    title: 'Errors and common types',
    guide: 'opening-and-errors',
    files: ['src/shared/errors.ts', 'src/shared/model/json.ts'],
  },
];

const INTRODUCTION = `# API

Every method of \`FFStorageManager\`, with its exact signature. These pages are made from the doc
comments of the source by \`node scripts/api-docs.mjs\`; a test fails when they are out of date. To
learn how things fit together, read the [guide](../guide/README.md).

## What holds for all methods

- They return promises, except \`getConfiguration()\`, the getters \`backend\` and \`role\`, and
  \`streamMessages\` and \`followMessage\`, which give something to iterate over and throw at once.
- Calls take effect in the order in which they were made. They need not wait for one another.
- A read of something that is not there gives \`null\` or an empty list. A delete or an update of it
  gives \`false\`. A write *under* it throws: \`FFUserNotFoundError\`, \`FFSessionNotFoundError\`, else
  \`FFStorageError\` with the code \`not-found\`.
- Bad input throws \`FFValidationError\` with the \`field\` at fault, before anything is written. Unknown
  options are bad input.
- Any method throws \`FFStorageError\` with the code \`closed\` before \`initialize()\` and after \`close()\`,
  \`timeout\` after \`runtime.callTimeoutMs\`, and \`worker-lost\` when the storage worker dies. Maintenance
  and backups have no deadline.
- Results are copies: changing one changes nothing in the store.

## Pages
`;

/** @param {string} path */
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/**
 * @param {string} name
 * @param {string} title
 * @param {string} guide
 * @param {string} api
 * @param {string} model
 * @returns {Page}
 */
function group(name, title, guide, api, model) {
  return { name, title, guide, files: [`src/api/${api}.ts`, `src/shared/model/${model}.ts`] };
}

/**
 * The pages of docs/api by the names of their files.
 *
 * @returns {Map<string, string>}
 */
export function renderApiDocs() {
  const index = read('src/index.ts');
  const pages = PAGES.map((page) => ({ ...page, ...contentOf(page, index) }));
  const places = new Map(
    pages.flatMap(({ name, types }) =>
      types.map((type) => [type.name, `${name}.md#${type.name.toLowerCase()}`]),
    ),
  );
  const rows = pages.map(({ name, title, methods, types }) => {
    const items = methods.length > 0 ? methods : types;
    const names = [...new Set(items.map((item) => `\`${item.name}\``))];
    return `| [${title}](${name}.md) | ${names.join(' ')} |`;
  });
  const readme = `${INTRODUCTION}\n| | |\n|---|---|\n${rows.join('\n')}\n`;
  return new Map([
    ['README.md', readme],
    ...pages.map(
      (page) => /** @type {[string, string]} */ ([`${page.name}.md`, render(page, places)]),
    ),
  ]);
}

/**
 * @param {Page} page
 * @param {string} index the package's entry, which says what apps can import
 */
function contentOf({ files }, index) {
  const declarations = files.flatMap((file) =>
    parseDeclarations(read(file)).map((declaration) => ({ ...declaration, file })),
  );
  const groups = declarations.filter(({ name }) => /Methods$|^StoreLifecycle$/.test(name));
  const isImportable = (/** @type {typeof declarations[number]} */ { name, kind, file }) =>
    new RegExp(`\\b${name}\\b`).test(index) ||
    (/^(?:interface|type)$/.test(kind) &&
      index.includes(`export type * from './${file.replace('src/', '')}'`));
  const importable = declarations.filter(isImportable);
  // Without the list that a type takes its values from, it would say nothing.
  const isSource = (/** @type {typeof declarations[number]} */ { name }) =>
    importable.some(({ text }) => text.includes(`(typeof ${name})`));
  const exported = declarations.filter((item) => importable.includes(item) || isSource(item));
  const functions = exported.filter(({ kind }) => kind === 'function');
  return {
    introductions: groups.filter(({ kind }) => kind === 'interface').map(({ doc }) => doc),
    methods: [
      ...functions.map(({ name, doc, text }) => ({ name, doc, signature: signatureOf(text) })),
      ...groups.flatMap(membersOf),
    ],
    types: exported.filter((item) => !groups.includes(item) && !functions.includes(item)),
  };
}

/** @param {string} text of a function */
function signatureOf(text) {
  return /^export (function [^]*?) \{\n/.exec(text)?.[1] ?? text;
}

/**
 * @param {Page & ReturnType<typeof contentOf>} page
 * @param {ReadonlyMap<string, string>} places where types are described, by their names
 */
function render({ title, guide, introductions, methods, types }, places) {
  const parts = [
    `# ${title}`,
    `[All pages](README.md) · [Guide](../guide/${guide}.md)`,
    ...introductions.map((doc) => readDoc(doc).text),
  ];
  for (const { name, doc, signature } of methods) {
    const { text, params, throws } = readDoc(doc);
    parts.push(`## ${name}`, code(signature), text);
    if (params.length > 0) parts.push(list('Parameters', params));
    if (throws.length > 0) parts.push(list('Throws', throws));
    const used = [...places].filter(([type]) => new RegExp(`\\b${type}\\b`).test(signature));
    if (used.length > 0) {
      parts.push(`Types: ${used.map(([type, place]) => `[\`${type}\`](${place})`).join(', ')}`);
    }
  }
  if (types.length > 0 && methods.length > 0) parts.push('## Types');
  const heading = methods.length > 0 ? '###' : '##';
  for (const [index, { name, doc, text }] of types.entries()) {
    // A constant and the type of its values share a name.
    if (types[index - 1]?.name !== name) parts.push(`${heading} ${name}`);
    parts.push(readDoc(doc).text, code(text));
  }
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** @param {string} text */
function code(text) {
  // What a constructor does is nobody's concern who calls it.
  return `\`\`\`ts\n${text.replace(/( constructor\(.*\)) \{[^]*?\n {2}\}/g, '$1;')}\n\`\`\``;
}

/**
 * @param {string} title
 * @param {readonly string[]} items
 */
function list(title, items) {
  return `${title}:\n\n${items.map((item) => `- ${item}`).join('\n')}`;
}

if (basename(process.argv[1] ?? '') === 'api-docs.mjs') {
  for (const [name, text] of renderApiDocs()) writeFileSync(join(ROOT, 'docs/api', name), text);
}
