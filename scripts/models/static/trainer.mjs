import { multiplyRows } from './matrix.mjs';

/** Adam's rates of forgetting. */
const [MOMENTUM, VARIANCE] = [0.9, 0.99];

/** Cosines are divided by it before they compete. */
const TEMPERATURE = 0.05;

/** How much the pairs in a batch weigh against the teacher's vectors. */
const RANKING_WEIGHT = 0.1 / TEMPERATURE;

/**
 * What the model is to learn, for both sides of the pairs: `0` messages, `1` queries.
 *
 * @typedef {object} Lesson
 * @property {readonly (readonly Int32Array[])[]} pieces by side and pair: the pieces of the text
 * @property {readonly Float32Array[]} teacher by side: the teacher's vectors
 * @property {readonly Float32Array[]} targets by side: the teacher's vectors in the model's dimensions
 * @property {number} teacherWidth
 */

/**
 * Trains the rows, in place. A text's vector is the sum of its pieces' rows, normalised, so a row's
 * length is its piece's weight. Two things are asked of it: that it points to where the teacher's
 * vector points, and that among the texts of a batch a query is most similar to its message, and to
 * others as much as the teacher finds.
 *
 * @param {Float32Array} rows
 * @param {number} width
 * @param {Lesson} lesson
 * @param {{ batch: number, pairWeight: number }} options `batch` is a multiple of 4; `pairWeight`, from
 *   0 to 1, says how much a query's own message counts against the teacher's opinion
 */
export function createTrainer(rows, width, lesson, { batch, pairWeight }) {
  const { pieces, teacher, targets, teacherWidth } = lesson;
  const vectors = [new Float32Array(batch * width), new Float32Array(batch * width)];
  const slopes = [new Float32Array(batch * width), new Float32Array(batch * width)];
  const lengths = [new Float32Array(batch), new Float32Array(batch)];
  const cosines = new Float32Array(batch * batch);
  const opinions = new Float32Array(batch * batch);
  const pull = new Float32Array(batch * batch);

  const gradient = new Float32Array(rows.length);
  const momentum = new Float32Array(rows.length);
  const variance = new Float32Array(rows.length);
  /** By row: how often it was changed. */
  const changes = new Int32Array(rows.length / width);
  const isTouched = new Uint8Array(changes.length);

  /** @param {number} first */
  function embed(first) {
    for (const side of [0, 1]) {
      const sums = of(vectors, side);
      sums.fill(0);
      for (let n = 0; n < batch; n += 1) {
        const start = n * width;
        for (const piece of of(of(pieces, side), first + n)) {
          const row = piece * width;
          for (let k = 0; k < width; k += 1)
            sums[start + k] = at(sums, start + k) + at(rows, row + k);
        }
        let squares = 0;
        for (let k = 0; k < width; k += 1) squares += at(sums, start + k) ** 2;
        const length = Math.sqrt(squares) || 1e-6;
        of(lengths, side)[n] = length;
        for (let k = 0; k < width; k += 1) sums[start + k] = at(sums, start + k) / length;
      }
    }
  }

  /** How far the vectors are from the teacher's; begins the slopes. @param {number} first */
  function compareWithTeacher(first) {
    let loss = 0;
    for (const side of [0, 1]) {
      const target = of(targets, side).subarray(first * width, (first + batch) * width);
      const vector = of(vectors, side);
      const slope = of(slopes, side);
      for (let i = 0; i < target.length; i += 1) {
        loss -= at(vector, i) * at(target, i);
        slope[i] = -at(target, i);
      }
    }
    return 1 + loss / (2 * batch);
  }

  /** How badly each text ranks those of the other side; adds to the slopes. @param {number} first */
  function rank(first) {
    const [from, to] = [first * teacherWidth, (first + batch) * teacherWidth];
    multiplyRows(cosines, of(vectors, 1), of(vectors, 0), batch, width);
    multiplyRows(
      opinions,
      of(teacher, 1).subarray(from, to),
      of(teacher, 0).subarray(from, to),
      batch,
      teacherWidth,
    );
    pull.fill(0);
    let loss = 0;
    for (let i = 0; i < batch; i += 1) {
      loss += rankOne(i, i * batch, 1) + rankOne(i, i, batch);
    }
    for (let i = 0; i < batch; i += 1) {
      for (let j = 0; j < batch; j += 1) pullTogether(i, j, at(pull, i * batch + j));
    }
    return loss / (2 * batch);
  }

  /**
   * The cross entropy of one row or column of the cosines.
   *
   * @param {number} own which of them is the pair's other side
   * @param {number} start
   * @param {number} step
   */
  function rankOne(own, start, step) {
    let [sum, opinionSum] = [0, 0];
    for (let j = 0, i = start; j < batch; j += 1, i += step) {
      sum += Math.exp((at(cosines, i) - 1) / TEMPERATURE);
      opinionSum += Math.exp((at(opinions, i) - 1) / TEMPERATURE);
    }
    let loss = 0;
    for (let j = 0, i = start; j < batch; j += 1, i += step) {
      const share = Math.exp((at(cosines, i) - 1) / TEMPERATURE) / sum;
      const opinion = Math.exp((at(opinions, i) - 1) / TEMPERATURE) / opinionSum;
      const wanted = (1 - pairWeight) * opinion + (j === own ? pairWeight : 0);
      loss -= wanted * Math.log(Math.max(share, 1e-12));
      pull[i] = at(pull, i) + RANKING_WEIGHT * (share - wanted);
    }
    return loss;
  }

  /** @param {number} query @param {number} message @param {number} force negative when closer */
  function pullTogether(query, message, force) {
    if (Math.abs(force) < 1e-6) return;
    const [q, m] = [query * width, message * width];
    const [messages, queries] = [of(vectors, 0), of(vectors, 1)];
    const [messageSlopes, querySlopes] = [of(slopes, 0), of(slopes, 1)];
    for (let k = 0; k < width; k += 1) {
      querySlopes[q + k] = at(querySlopes, q + k) + force * at(messages, m + k);
      messageSlopes[m + k] = at(messageSlopes, m + k) + force * at(queries, q + k);
    }
  }

  /** Hands the slopes of the vectors on to the rows that they are the sums of. @param {number} first */
  function gather(first) {
    /** @type {number[]} */
    const touched = [];
    for (const side of [0, 1]) {
      const slope = of(slopes, side);
      const vector = of(vectors, side);
      for (let n = 0; n < batch; n += 1) {
        const start = n * width;
        // A change along the vector only changes its length, which is not part of it.
        let along = 0;
        for (let k = 0; k < width; k += 1) along += at(slope, start + k) * at(vector, start + k);
        const factor = 1 / (at(of(lengths, side), n) * batch);
        for (let k = start; k < start + width; k += 1) {
          slope[k] = (at(slope, k) - along * at(vector, k)) * factor;
        }
        for (const piece of of(of(pieces, side), first + n)) {
          if (isTouched[piece] === 0) touched.push(piece);
          isTouched[piece] = 1;
          const row = piece * width;
          for (let k = 0; k < width; k += 1)
            gradient[row + k] = at(gradient, row + k) + at(slope, start + k);
        }
      }
    }
    return touched;
  }

  /** Adam, for the rows that were touched. @param {readonly number[]} touched @param {number} rate */
  function change(touched, rate) {
    for (const row of touched) {
      isTouched[row] = 0;
      const times = (changes[row] ?? 0) + 1;
      changes[row] = times;
      const [warmth, spread] = [1 - MOMENTUM ** times, 1 - VARIANCE ** times];
      for (let i = row * width; i < (row + 1) * width; i += 1) {
        const slope = at(gradient, i);
        gradient[i] = 0;
        const mean = MOMENTUM * at(momentum, i) + (1 - MOMENTUM) * slope;
        const square = VARIANCE * at(variance, i) + (1 - VARIANCE) * slope * slope;
        momentum[i] = mean;
        variance[i] = square;
        const step = mean / warmth / (Math.sqrt(square / spread) + 1e-8);
        rows[i] = at(rows, i) - rate * step;
      }
    }
  }

  return {
    /**
     * The losses of the batch that begins with a pair: one less the mean cosine to the teacher, and
     * the cross entropy of the ranking.
     *
     * @param {number} first
     */
    measure(first) {
      embed(first);
      return { distance: compareWithTeacher(first), ranking: rank(first) };
    },

    /**
     * Learns from the batch that begins with a pair.
     *
     * @param {number} first
     * @param {number} rate
     */
    learn(first, rate) {
      this.measure(first);
      change(gather(first), rate);
    },
  };
}

/**
 * A number that is known to be there. For one kind of array only: it is called billions of times, and
 * with one kind it costs nothing.
 *
 * @param {Float32Array} numbers
 * @param {number} index
 */
function at(numbers, index) {
  return /** @type {number} */ (numbers[index]);
}

/**
 * An element that is known to be there.
 *
 * @template T
 * @param {readonly T[]} list
 * @param {number} index
 */
function of(list, index) {
  return /** @type {T} */ (list[index]);
}
