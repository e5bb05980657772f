import { say, sayTable } from '../../examples/runner/output.mjs';
import { OWN } from './rows.mjs';

/**
 * The figures of one system in one repetition.
 *
 * @typedef {{ system: string, figures: import('./rows.mjs').Figures }} Result
 */

/**
 * @typedef {object} RowReport
 * @property {string} key
 * @property {string} label
 * @property {Record<string, Spread>} systems
 * @property {string} [peer]
 * @property {number} [ratio] of the first system's median to the peer's
 * @property {string} [target]
 * @property {boolean} [isMet]
 */

/** @typedef {{ median: number, min: number, max: number }} Spread */

/**
 * @param {readonly import('./rows.mjs').Row[]} rows
 * @param {readonly Result[]} results
 * @returns {RowReport[]} rows that nothing was measured for are left out
 */
export function reportRows(rows, results) {
  const systems = [...new Set(results.map(({ system }) => system))];
  return rows.flatMap((row) => {
    const spreads = systems.flatMap((system) => {
      const values = results
        .filter((result) => result.system === system)
        .flatMap(({ figures }) => figures[row.key] ?? []);
      return values.length === 0 ? [] : [{ system, spread: spreadOf(values) }];
    });
    if (spreads.length === 0) return [];
    const bySystem = Object.fromEntries(spreads.map(({ system, spread }) => [system, spread]));
    return [{ key: row.key, label: row.label, systems: bySystem, ...compare(row, bySystem) }];
  });
}

/**
 * @param {import('./rows.mjs').Row} row
 * @param {Record<string, Spread>} bySystem
 */
function compare({ peer, target }, bySystem) {
  const own = bySystem[OWN]?.median;
  const other = peer === undefined ? undefined : bySystem[peer]?.median;
  if (own === undefined) return {};
  const ratio = other === undefined ? undefined : own / other;
  const comparison = peer === undefined || ratio === undefined ? {} : { peer, ratio };
  if (target === undefined) return comparison;
  const isRatio = 'ratio' in target;
  const bound = isRatio ? target.ratio : target.figure;
  const sign = bound === 'at most' ? '≤' : '≥';
  const text = isRatio ? `${sign} ${target.value} × ${peer}` : `${sign} ${target.value}`;
  const value = isRatio ? ratio : own;
  if (value === undefined) return { ...comparison, target: text };
  const isMet = bound === 'at most' ? value <= target.value : value >= target.value;
  return { ...comparison, target: text, isMet };
}

/**
 * @param {readonly number[]} values at least one
 * @returns {Spread}
 */
function spreadOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ index) => sorted[index] ?? 0;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
}

/** @param {readonly RowReport[]} rows */
export function printRows(rows) {
  const systems = [...new Set(rows.flatMap((row) => Object.keys(row.systems)))];
  sayTable(
    ['median (least to most)', ...systems, 'ratio', 'target', 'met'],
    rows.map((row) => [
      row.label,
      ...systems.map((system) => formatSpread(row.systems[system])),
      row.ratio === undefined ? '' : `${format(row.ratio)} × ${row.peer}`,
      row.target ?? '',
      row.isMet === undefined ? '' : row.isMet ? 'yes' : 'NO',
    ]),
  );
  const missed = rows.filter(({ isMet }) => isMet === false).length;
  const counted = rows.filter(({ isMet }) => isMet !== undefined).length;
  if (counted > 0) say(`${counted - missed} of ${counted} targets are met.`);
}

/** @param {Spread | undefined} spread */
function formatSpread(spread) {
  if (spread === undefined) return '';
  const { median, min, max } = spread;
  return min === max ? format(median) : `${format(median)} (${format(min)} to ${format(max)})`;
}

/** @param {number} value */
function format(value) {
  return value.toLocaleString('en-US', { maximumSignificantDigits: value >= 1_000 ? 5 : 3 });
}
