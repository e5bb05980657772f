const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How fast the people in the samples write. */
const CHARACTERS_PER_MINUTE = 160;

/** When the messages of a sample were written, were it true. */
export function timesOf(
  {
    daysAgo,
    hour,
    messages,
  }: {
    readonly daysAgo: number;
    readonly hour: number;
    readonly messages: readonly { readonly content: string }[];
  },
  nowMs: number,
): string[] {
  let atMs = new Date(nowMs - daysAgo * DAY_MS).setHours(hour, 7, 0, 0);
  return messages.map(({ content }) => {
    atMs += MINUTE_MS * (1 + content.length / CHARACTERS_PER_MINUTE);
    return new Date(atMs).toISOString();
  });
}
