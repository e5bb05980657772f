/** Whether a text is a time as the store keeps it: ISO 8601 in UTC with milliseconds. */
export function isStoredTimestamp(text: string): boolean {
  const time = Date.parse(text);
  return !Number.isNaN(time) && new Date(time).toISOString() === text;
}
