/** A MIME type without its parameters, in lower case. */
export function essenceOf(mimeType: string): string {
  return (mimeType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** Whether a type, whatever its parameters, is the one that a pattern names: `a/b`, `a/*` or all. */
export function matchesType(mimeType: string, pattern: string): boolean {
  const type = essenceOf(mimeType);
  const wanted = essenceOf(pattern);
  if (wanted === '*/*' || wanted === type) return true;
  return wanted.endsWith('/*') && type.startsWith(wanted.slice(0, -1));
}
