import { expect, onTestFinished, vi } from 'vitest';

/**
 * Runs an example and compares what it prints with what the comments behind its `console.log` calls
 * say. A comment may go on, after a comma or a colon, to explain what is printed.
 *
 * @param source the code of the example as it is written
 */
export async function expectPromisedOutput(
  source: string,
  run: () => Promise<void>,
): Promise<void> {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  onTestFinished(() => log.mockRestore());
  await run();

  const printed = log.mock.calls.map((values) => values.map((value) => show(value)).join(' '));
  const promised = [...source.matchAll(/^ *(?:console\.log\(.*|\)); \/\/ (.*)$/gm)];
  const shown = promised.map(([, comment = ''], index) => {
    const line = printed[index] ?? '\0';
    return comment.startsWith(line) && /^(?:$|[,:] )/.test(comment.slice(line.length))
      ? line
      : comment;
  });
  expect(printed).toEqual(shown);
}

/** As a console shows a value. */
function show(value: unknown, inside = false): string {
  if (typeof value === 'string') return inside ? `'${value}'` : value;
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[ ${value.map((item) => show(item, true)).join(', ')} ]`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${show(item, true)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}
