/** Which way a key moves in a vertical list; `undefined` for any other key. */
const TARGETS_BY_KEY: Readonly<Record<string, (index: number, last: number) => number>> = {
  ArrowDown: (index, last) => Math.min(index + 1, last),
  ArrowUp: (index) => Math.max(index - 1, 0),
  Home: () => 0,
  End: (_, last) => last,
};

/**
 * Moves the focus among the items of a list that a key event came from; `false` when the key moves
 * nothing. `items` are found by their selector, in document order.
 */
export function moveFocus(event: KeyboardEvent, list: Element, selector: string): boolean {
  const target = TARGETS_BY_KEY[event.key];
  if (target === undefined || event.altKey || event.ctrlKey || event.metaKey) return false;
  const items = [...list.querySelectorAll<HTMLElement>(selector)];
  const index = items.findIndex((item) => item === document.activeElement);
  if (index < 0) return false;
  items[target(index, items.length - 1)]?.focus();
  event.preventDefault();
  return true;
}
