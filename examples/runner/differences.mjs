/**
 * Where two JSON values differ, each place in words; nothing when they are the same.
 *
 * @param {unknown} expected
 * @param {unknown} actual
 * @param {string} [place] what the values are called
 * @returns {string[]}
 */
export function differences(expected, actual, place = 'value') {
  if (expected === actual) return [];
  if (
    Array.isArray(expected) !== Array.isArray(actual) ||
    !isObject(expected) ||
    !isObject(actual)
  ) {
    return [`${place}: expected ${show(expected)}, got ${show(actual)}`];
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...keys].flatMap((key) =>
    differences(
      expected[key],
      actual[key],
      Array.isArray(expected) ? `${place}[${key}]` : `${place}.${key}`,
    ),
  );
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}

/** @param {unknown} value */
function show(value) {
  if (value === undefined) return 'nothing';
  const json = JSON.stringify(value);
  return json.length > 120 ? `${json.slice(0, 120)}…` : json;
}
