/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/**
 * Shows how far something has come: in place on a terminal, else now and then on a line of its own.
 *
 * @param {string} what
 * @param {number} total 0 where it is not known
 */
export function startProgress(what, total) {
  const { isTTY } = process.stdout;
  let shownPercent = 0;
  return {
    /**
     * @param {number} done
     * @param {string} detail
     */
    advance(done, detail) {
      const percent = total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 0;
      const text = `  ${what} ${`${percent}`.padStart(3)} %  ${detail}`;
      if (isTTY) {
        process.stdout.write(`\r${text}\u001b[K`);
      } else if (percent >= shownPercent + 25) {
        shownPercent = percent;
        say(text);
      }
    },
    end() {
      if (isTTY) process.stdout.write('\r\u001b[K');
    },
  };
}

/**
 * @param {readonly string[]} headings
 * @param {readonly (readonly (string | number)[])[]} rows columns of numbers are set to the right
 */
export function sayTable(headings, rows) {
  const columns = headings.map((heading, index) => {
    const cells = rows.map((row) => format(row[index] ?? ''));
    const width = Math.max(heading.length, ...cells.map(({ length }) => length));
    const isNumeric = rows.every((row) => typeof row[index] === 'number');
    const pad = (/** @type {string} */ text) =>
      isNumeric ? text.padStart(width) : text.padEnd(width);
    return [pad(heading), '─'.repeat(width), ...cells.map(pad)];
  });
  say('');
  for (let line = 0; line < rows.length + 2; line++) {
    say(`  ${columns.map((column) => column[line]).join('  ')}`);
  }
  say('');
}

/** @param {string | number} cell */
function format(cell) {
  return typeof cell === 'number'
    ? cell.toLocaleString('en-US', { maximumFractionDigits: 2 })
    : cell;
}

/** @param {number} since what `performance.now()` gave */
export function secondsSince(since) {
  return (performance.now() - since) / 1_000;
}
