import Papa from 'papaparse';
import { decodeText } from './decode-text.ts';
import type { DocumentSource } from './reader.ts';
import { TextCollector } from './text-collector.ts';

/**
 * The rows of a table, a line each. Under a row of headers a cell is written `header: value`, so that
 * each line, and with it each search result, says what its values are; otherwise cells stand between
 * commas. The delimiter of CSV is found out.
 */
export function readCsv(source: DocumentSource): string {
  const text = decodeText(source);
  const collector = new TextCollector();
  let first: readonly string[] | undefined;
  let headers: readonly string[] | undefined;
  Papa.parse<string[]>(text, {
    delimiter: source.kind === 'tsv' ? '\t' : '',
    skipEmptyLines: 'greedy',
    step: ({ data }, parser) => {
      const cells = data.map((cell) => cell.replace(/\s+/g, ' ').trim());
      // Whether the first row holds headers is known with the second.
      if (first === undefined) {
        first = cells;
        return;
      }
      if (headers === undefined) {
        headers = areHeaders(first, cells) ? first : [];
        if (headers.length === 0) addRow(collector, first, []);
      }
      addRow(collector, cells, headers);
      if (collector.isFull) parser.abort();
    },
  });
  if (headers === undefined) addRow(collector, first ?? [], []);
  return collector.text();
}

/** Names, all different, of as many columns as the next row has at least. */
function areHeaders(cells: readonly string[], next: readonly string[]): boolean {
  return (
    cells.length > 1 &&
    cells.length >= next.length &&
    new Set(cells).size === cells.length &&
    cells.every((cell) => cell !== '' && cell.length <= 100 && !/^[-+\d.,%\s]+$/.test(cell))
  );
}

function addRow(
  collector: TextCollector,
  cells: readonly string[],
  headers: readonly string[],
): void {
  const parts = cells.flatMap((cell, column) => {
    const header = headers[column];
    if (cell === '') return [];
    return header === undefined ? [cell] : [`${header}: ${cell}`];
  });
  collector.add(parts.join(', '));
  collector.endLine();
}
