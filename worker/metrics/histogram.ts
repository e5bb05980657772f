/** Relative error of a percentile; a little less than the 1 % promised, for what rounding adds. */
const ACCURACY = 0.0099;

/** Each bucket ends at this multiple of the one before. */
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);

const LOG_GAMMA = Math.log(GAMMA);

/** Milliseconds up to which a time counts as 0: browsers' clocks are coarser than a microsecond. */
const SHORTEST = 0.001;

/** Milliseconds from which all times are one: some thirty years. */
const LONGEST = 1e12;

/** The index of the bucket of times that count as 0; all others are above. */
const ZERO_BUCKET = Math.floor(Math.log(SHORTEST) / LOG_GAMMA);

/**
 * A histogram of times whose percentiles are exact to 1 %, in a memory that does not grow with what
 * is recorded: at most some 1,750 counters, of which only those in use exist.
 *
 * Its buckets grow by a constant factor, so that the middle of a bucket is within a constant relative
 * error of all that it holds: the DDSketch of Masson, Rim and Lee (2019), "DDSketch: A fast and
 * fully-mergeable quantile sketch with relative-error guarantees".
 */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #max = 0;

  /** @param ms a time in milliseconds; what is no time (negative, `NaN`) counts as 0 */
  record(ms: number): void {
    const bucket = bucketOf(ms);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#count += 1;
    if (ms > this.#max) this.#max = ms;
  }

  /** How many times were recorded. */
  get count(): number {
    return this.#count;
  }

  /** The longest time, exactly; 0 when there is none. */
  get max(): number {
    return this.#max;
  }

  /**
   * The time that the share `q` of all times does not exceed (nearest rank), in milliseconds and
   * exact to 1 % between a microsecond and thirty years. 0 when nothing is recorded.
   *
   * @param q 0 to 1; 0.95 for the 95th percentile
   */
  percentile(q: number): number {
    const rank = Math.min(Math.max(Math.ceil(q * this.#count), 1), this.#count);
    let seen = 0;
    for (const bucket of [...this.#counts.keys()].sort((one, other) => one - other)) {
      seen += this.#counts.get(bucket) ?? 0;
      if (seen >= rank) return Math.min(middleOf(bucket), this.#max);
    }
    return 0;
  }
}

function bucketOf(ms: number): number {
  return ms > SHORTEST ? Math.ceil(Math.log(Math.min(ms, LONGEST)) / LOG_GAMMA) : ZERO_BUCKET;
}

/** The value whose relative distance to both ends of the bucket is the same. */
function middleOf(bucket: number): number {
  return bucket === ZERO_BUCKET ? 0 : (2 * GAMMA ** bucket) / (GAMMA + 1);
}
