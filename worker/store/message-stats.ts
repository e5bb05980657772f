import { MessageRole, type FFMessageDTO } from '../../src/shared/model/message.ts';

/** What can be counted of a session's messages; plain data, kept with the offset table. */
export interface MessageStats {
  /** In the order of {@link ROLES}. */
  readonly byRole: readonly number[];
  /** UTF-16 units of all contents. */
  readonly characters: number;
  /** Messages by the day of their timestamp in UTC. */
  readonly byDay: Readonly<Record<string, number>>;
  /** Messages by the hour of their timestamp in UTC, 24 numbers. */
  readonly byHour: readonly number[];
  /** The earliest and the latest timestamp, in milliseconds since 1970; `null` without messages. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /**
   * Whether the message that was earliest or latest is deleted, so that the two must be looked for
   * among the messages that are left.
   */
  readonly rangeUnknown: boolean;
}

/** In what order counts by role are kept. */
export const ROLES: readonly MessageRole[] = Object.values(MessageRole);

const HOURS = 24;

type Counted = Pick<FFMessageDTO, 'role' | 'content' | 'timestamp'>;

export const NO_MESSAGES: MessageStats = {
  byRole: ROLES.map(() => 0),
  characters: 0,
  byDay: {},
  byHour: Array.from({ length: HOURS }, () => 0),
  firstAt: null,
  lastAt: null,
  rangeUnknown: false,
};

/** Counts messages as they come and go. */
export class MessageCounter {
  readonly #byRole: number[];
  #characters: number;
  readonly #byDay: Map<string, number>;
  readonly #byHour: number[];
  #firstAt: number | null;
  #lastAt: number | null;
  #rangeUnknown: boolean;

  constructor(from: MessageStats = NO_MESSAGES) {
    this.#byRole = [...from.byRole];
    this.#characters = from.characters;
    this.#byDay = new Map(Object.entries(from.byDay));
    this.#byHour = [...from.byHour];
    this.#firstAt = from.firstAt;
    this.#lastAt = from.lastAt;
    this.#rangeUnknown = from.rangeUnknown;
  }

  /** Whether {@link setRange} is needed. */
  get rangeUnknown(): boolean {
    return this.#rangeUnknown;
  }

  add(message: Counted): void {
    const at = this.#count(message, 1);
    this.#firstAt = Math.min(this.#firstAt ?? at, at);
    this.#lastAt = Math.max(this.#lastAt ?? at, at);
  }

  remove(message: Counted): void {
    const at = this.#count(message, -1);
    if (this.#byRole.every((count) => count === 0)) {
      this.setRange(null, null);
    } else if (at === this.#firstAt || at === this.#lastAt) {
      this.#rangeUnknown = true;
    }
  }

  /** Takes note that a message's text is another one; who spoke, and when, never changes. */
  replace(before: Counted, after: Counted): void {
    this.#characters += after.content.length - before.content.length;
  }

  setRange(firstAt: number | null, lastAt: number | null): void {
    this.#firstAt = firstAt;
    this.#lastAt = lastAt;
    this.#rangeUnknown = false;
  }

  snapshot(): MessageStats {
    return {
      byRole: [...this.#byRole],
      characters: this.#characters,
      byDay: Object.fromEntries(this.#byDay),
      byHour: [...this.#byHour],
      firstAt: this.#firstAt,
      lastAt: this.#lastAt,
      rangeUnknown: this.#rangeUnknown,
    };
  }

  /** Gives the time of the message in milliseconds since 1970. */
  #count({ role, content, timestamp }: Counted, by: 1 | -1): number {
    const at = Date.parse(timestamp);
    const day = timestamp.slice(0, timestamp.indexOf('T'));
    const hour = Math.floor(at / 3_600_000) % HOURS;
    bump(this.#byRole, ROLES.indexOf(role), by);
    bump(this.#byHour, (hour + HOURS) % HOURS, by);
    this.#characters += by * content.length;
    const count = (this.#byDay.get(day) ?? 0) + by;
    if (count === 0) this.#byDay.delete(day);
    else this.#byDay.set(day, count);
    return at;
  }
}

/** Adds up what the sessions of a user hold; the range of times is not part of it. */
export class StatsSum {
  readonly #byRole = ROLES.map(() => 0);
  #characters = 0;
  readonly #byDay = new Map<string, number>();
  readonly #byHour = Array.from({ length: HOURS }, () => 0);

  get byRole(): readonly number[] {
    return this.#byRole;
  }

  get byHour(): readonly number[] {
    return this.#byHour;
  }

  get characters(): number {
    return this.#characters;
  }

  /** In the order of the days. */
  byDay(): Record<string, number> {
    return Object.fromEntries([...this.#byDay].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Puts the newer stats of one session in the place of the older. */
  replace(before: MessageStats, after: MessageStats): void {
    this.#add(before, -1);
    this.#add(after, 1);
  }

  #add({ byRole, characters, byDay, byHour }: MessageStats, by: 1 | -1): void {
    byRole.forEach((count, role) => bump(this.#byRole, role, by * count));
    byHour.forEach((count, hour) => bump(this.#byHour, hour, by * count));
    this.#characters += by * characters;
    for (const [day, count] of Object.entries(byDay)) {
      const sum = (this.#byDay.get(day) ?? 0) + by * count;
      if (sum === 0) this.#byDay.delete(day);
      else this.#byDay.set(day, sum);
    }
  }
}

function bump(counts: number[], index: number, by: number): void {
  counts[index] = (counts[index] ?? 0) + by;
}
