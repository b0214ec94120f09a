/** Search in a table of distances: how they are spread, and the smallest of each row. */

/** Magnitudes are counted by exponent and 8 bits of mantissa. */
const KEY_SHIFT: i32 = 15;

/** Adds `count` values (f32, below 0 counts as 0) to `histogram`, 65536 counts (i32) by the upper bits of the value. */
export function countMagnitudes(values: usize, count: i32, histogram: usize): void {
  for (let end = values + (<usize>count << 2); values < end; values += 4) {
    const key = <usize>(reinterpret<u32>(max(load<f32>(values), 0)) >> KEY_SHIFT);
    const at = histogram + (key << 2);
    store<i32>(at, load<i32>(at) + 1);
  }
}

/** Puts `value` at its place among `kept` ascending values, the last of which falls out. */
@inline
function insert(value: f32, index: i32, kept: i32, indices: usize, values: usize): void {
  let at = <usize>(kept - 1) << 2;
  while (at > 0) {
    const above = load<f32>(values + at - 4);
    if (above <= value) break;
    store<f32>(values + at, above);
    store<i32>(indices + at, load<i32>(indices + at - 4));
    at -= 4;
  }
  store<f32>(values + at, value);
  store<i32>(indices + at, index);
}

function smallest(row: usize, columns: i32, kept: i32, indices: usize, values: usize): void {
  for (let at: usize = 0; at < <usize>kept << 2; at += 4) {
    store<f32>(values + at, Infinity);
    store<i32>(indices + at, 0);
  }
  const worst = values + (<usize>(kept - 1) << 2);
  let column = 0;
  if (ASC_FEATURE_SIMD) {
    for (; column + 4 <= columns; column += 4) {
      const four = v128.load(row + (<usize>column << 2));
      // Few values enter once the row has been seen for a while: one comparison sends away four.
      let below = i32x4.bitmask(f32x4.lt(four, v128.load32_splat(worst)));
      while (below) {
        const lane = ctz(below);
        below &= below - 1;
        const value = load<f32>(row + (<usize>(column + lane) << 2));
        if (value < load<f32>(worst)) insert(value, column + lane, kept, indices, values);
      }
    }
  }
  for (; column < columns; column++) {
    const value = load<f32>(row + (<usize>column << 2));
    if (value < load<f32>(worst)) insert(value, column, kept, indices, values);
  }
}

/**
 * The `kept` smallest values of each row, ascending, and their columns: `indices` (i32) and `values` (f32) are
 * [rows, kept]. `table`: [rows, stride] f32, of which the first `columns` (≥ kept) of each row count.
 */
export function nearest(table: usize, rows: i32, stride: i32, columns: i32, kept: i32, indices: usize, values: usize): void {
  for (let row = 0; row < rows; row++) {
    smallest(table, columns, kept, indices, values);
    table += <usize>stride << 2;
    indices += <usize>kept << 2;
    values += <usize>kept << 2;
  }
}
