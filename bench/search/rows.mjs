/**
 * What is measured of a system, by the names that {@link ROWS} refers to.
 *
 * @typedef {Record<string, number>} Figures
 */

/**
 * A line of the table.
 *
 * @typedef {object} Row
 * @property {string} key of the figures
 * @property {string} label
 * @property {string} [peer] what the first system is compared with
 * @property {Target} [target]
 */

/**
 * Either a bound on the ratio to the peer, or on the figure itself.
 *
 * @typedef {{ ratio: 'at most' | 'at least', value: number } | { figure: 'at most', value: number }} Target
 */

export const OWN = 'flatfile-chat';

export const TEXT_SYSTEMS = [OWN, 'sqlite', 'orama', 'minisearch'];

export const VECTOR_SYSTEMS = [OWN, 'orama'];

/**
 * @param {readonly number[]} dimensions of the vectors that are compared
 * @returns {Row[]}
 */
export function rowsFor(dimensions) {
  return [
    {
      key: 'importPerSecond',
      label: 'import, indexed, messages/s',
      peer: 'sqlite',
      target: { ratio: 'at least', value: 2 },
    },
    {
      key: 'coldMs',
      label: 'first text result after a cold start, ms',
      peer: 'sqlite',
      target: { ratio: 'at most', value: 1 },
    },
    {
      key: 'searchP50Ms',
      label: 'text search, p50 ms',
      peer: 'sqlite',
      target: { ratio: 'at most', value: 0.8 },
    },
    { key: 'searchP95Ms', label: 'text search, p95 ms', peer: 'sqlite' },
    {
      key: 'searchHeapMB',
      label: 'memory of the workers after these searches, MB',
      target: { figure: 'at most', value: 40 },
    },
    {
      key: 'bytesPerMessage',
      label: 'bytes on disk per message, with all that is kept for search',
      peer: 'sqlite',
      target: { ratio: 'at most', value: 1 },
    },
    {
      key: 'bytesWithoutVectors',
      label: 'bytes on disk per message, with the text index only',
      peer: 'sqlite',
    },
    ...dimensions.flatMap((count) => vectorRows(count)),
  ];
}

/**
 * @param {number} dimensions
 * @returns {Row[]}
 */
function vectorRows(dimensions) {
  const name = `vector search, ${dimensions} dimensions`;
  return [
    {
      key: vectorKey('P50Ms', dimensions),
      label: `${name}, p50 ms`,
      peer: 'orama',
      target: { ratio: 'at most', value: 0.2 },
    },
    { key: vectorKey('P95Ms', dimensions), label: `${name}, p95 ms`, peer: 'orama' },
    {
      key: vectorKey('HeapMB', dimensions),
      label: `${name}, memory above an idle worker, MB`,
      peer: 'orama',
      target: { ratio: 'at most', value: 0.1 },
    },
    {
      key: vectorKey('PerSecond', dimensions),
      label: `${name}, vectors added/s`,
      peer: 'orama',
    },
  ];
}

/**
 * @param {'P50Ms' | 'P95Ms' | 'HeapMB' | 'PerSecond'} what
 * @param {number} dimensions
 */
export function vectorKey(what, dimensions) {
  return `vector${dimensions}${what}`;
}
