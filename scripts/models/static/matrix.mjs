/**
 * Dot products of all rows of one matrix with all rows of another.
 *
 * @param {Float32Array} products where they are written: `count` rows of `count`
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {number} count rows of each; a multiple of 4
 * @param {number} width
 */
export function multiplyRows(products, a, b, count, width) {
  for (let i = 0; i < count; i += 1) {
    const row = i * width;
    // Four columns at a time read the row of `a` once instead of four times.
    for (let j = 0; j < count; j += 4) {
      const first = j * width;
      const [second, third, fourth] = [first + width, first + 2 * width, first + 3 * width];
      let [p, q, r, s] = [0, 0, 0, 0];
      for (let k = 0; k < width; k += 1) {
        const x = /** @type {number} */ (a[row + k]);
        p += x * /** @type {number} */ (b[first + k]);
        q += x * /** @type {number} */ (b[second + k]);
        r += x * /** @type {number} */ (b[third + k]);
        s += x * /** @type {number} */ (b[fourth + k]);
      }
      const at = i * count + j;
      products[at] = p;
      products[at + 1] = q;
      products[at + 2] = r;
      products[at + 3] = s;
    }
  }
}

/**
 * The directions that most of the rows' length lies in, found by orthogonal iteration.
 *
 * @param {Float32Array} rows
 * @param {number} width
 * @param {number} count of directions
 * @param {import('./random.mjs').Random} random
 * @returns {Float64Array[]} orthonormal, the longest first
 */
export function principalDirections(rows, width, count, random) {
  const moments = Array.from({ length: width }, () => new Float64Array(width));
  for (let start = 0; start < rows.length; start += width) {
    const row = rows.subarray(start, start + width);
    for (const [a, column] of moments.entries()) {
      const x = row[a] ?? 0;
      for (let b = 0; b < width; b += 1) column[b] = (column[b] ?? 0) + x * (row[b] ?? 0);
    }
  }
  let directions = Array.from({ length: count }, () =>
    Float64Array.from({ length: width }, () => random.next() - 0.5),
  );
  makeOrthonormal(directions);
  for (let round = 0; round < 15; round += 1) {
    directions = directions.map((direction) =>
      Float64Array.from(moments, (column) => dot(column, direction)),
    );
    makeOrthonormal(directions);
  }
  return directions;
}

/** Gram and Schmidt, twice, because once loses digits. @param {readonly Float64Array[]} vectors */
function makeOrthonormal(vectors) {
  for (const [i, vector] of vectors.entries()) {
    for (let pass = 0; pass < 2; pass += 1) {
      for (const earlier of vectors.slice(0, i)) {
        const share = dot(vector, earlier);
        for (let k = 0; k < vector.length; k += 1) {
          vector[k] = (vector[k] ?? 0) - share * (earlier[k] ?? 0);
        }
      }
    }
    const length = Math.sqrt(dot(vector, vector));
    for (let k = 0; k < vector.length; k += 1) vector[k] = (vector[k] ?? 0) / length;
  }
}

/** @param {Float64Array} a @param {Float64Array} b */
function dot(a, b) {
  let sum = 0;
  for (let k = 0; k < a.length; k += 1) sum += (a[k] ?? 0) * (b[k] ?? 0);
  return sum;
}

/**
 * The rows in the coordinates of some directions.
 *
 * @param {Float32Array} rows
 * @param {number} width
 * @param {readonly Float64Array[]} directions
 * @returns {Float32Array}
 */
export function project(rows, width, directions) {
  const projected = new Float32Array((rows.length / width) * directions.length);
  for (let row = 0, at = 0; row < rows.length; row += width) {
    for (const direction of directions) {
      let sum = 0;
      for (let k = 0; k < width; k += 1) sum += (rows[row + k] ?? 0) * (direction[k] ?? 0);
      projected[at++] = sum;
    }
  }
  return projected;
}

/**
 * Makes every row as long as it is to be, in place.
 *
 * @param {Float32Array} rows
 * @param {number} width
 * @param {(row: number) => number} lengthOf
 */
export function scaleRows(rows, width, lengthOf) {
  for (let row = 0; row * width < rows.length; row += 1) {
    const values = rows.subarray(row * width, (row + 1) * width);
    let squares = 0;
    for (const value of values) squares += value * value;
    if (squares === 0) continue;
    const factor = lengthOf(row) / Math.sqrt(squares);
    for (let k = 0; k < width; k += 1) values[k] = (values[k] ?? 0) * factor;
  }
}

/**
 * Takes the rows' mean from each of them, in place.
 *
 * @param {Float32Array} rows
 * @param {number} width
 */
export function center(rows, width) {
  const mean = new Float64Array(width);
  const count = rows.length / width;
  for (let i = 0; i < rows.length; i += 1) {
    mean[i % width] = (mean[i % width] ?? 0) + (rows[i] ?? 0) / count;
  }
  for (let i = 0; i < rows.length; i += 1) rows[i] = (rows[i] ?? 0) - (mean[i % width] ?? 0);
}
