import { add, loadSplat, mul } from '../lanes';

/**
 * Products of matrices for convolutions over rows of channels, f32. Two rows of the result and four vectors of its columns are summed at
 * a time: of the shapes that fit 15 registers this is the fastest in both V8 and JavaScriptCore. All strides are in bytes.
 */

/** Columns that lie together in a packed matrix. Widths are multiples of it. */
const PANEL = 16;
const PANEL_BYTES: usize = 4 * PANEL;

/** Rows 0 and 1, columns of four `T`: out = start + Σ a[row, i]·b[i]. */
@inline
function block2<T>(
  a: usize, aRow: usize, b: usize, bRow: usize, inner: i32, start: usize, startRow: usize, out: usize, outRow: usize,
): void {
  const w = sizeof<T>();
  let p0 = load<T>(start), p1 = load<T>(start + w), p2 = load<T>(start + 2 * w), p3 = load<T>(start + 3 * w);
  start += startRow;
  let q0 = load<T>(start), q1 = load<T>(start + w), q2 = load<T>(start + 2 * w), q3 = load<T>(start + 3 * w);
  for (const end = a + (<usize>inner << 2); a < end; a += 4) {
    const p = loadSplat<T>(a), q = loadSplat<T>(a + aRow);
    const b0 = load<T>(b), b1 = load<T>(b + w), b2 = load<T>(b + 2 * w), b3 = load<T>(b + 3 * w);
    p0 = add<T>(p0, mul<T>(p, b0)); q0 = add<T>(q0, mul<T>(q, b0));
    p1 = add<T>(p1, mul<T>(p, b1)); q1 = add<T>(q1, mul<T>(q, b1));
    p2 = add<T>(p2, mul<T>(p, b2)); q2 = add<T>(q2, mul<T>(q, b2));
    p3 = add<T>(p3, mul<T>(p, b3)); q3 = add<T>(q3, mul<T>(q, b3));
    b += bRow;
  }
  store<T>(out, p0); store<T>(out + w, p1); store<T>(out + 2 * w, p2); store<T>(out + 3 * w, p3);
  out += outRow;
  store<T>(out, q0); store<T>(out + w, q1); store<T>(out + 2 * w, q2); store<T>(out + 3 * w, q3);
}

/** One row, columns of four `T`. */
@inline
function block1<T>(a: usize, b: usize, bRow: usize, inner: i32, start: usize, out: usize): void {
  const w = sizeof<T>();
  let p0 = load<T>(start), p1 = load<T>(start + w), p2 = load<T>(start + 2 * w), p3 = load<T>(start + 3 * w);
  for (const end = a + (<usize>inner << 2); a < end; a += 4) {
    const p = loadSplat<T>(a);
    p0 = add<T>(p0, mul<T>(p, load<T>(b)));
    p1 = add<T>(p1, mul<T>(p, load<T>(b + w)));
    p2 = add<T>(p2, mul<T>(p, load<T>(b + 2 * w)));
    p3 = add<T>(p3, mul<T>(p, load<T>(b + 3 * w)));
    b += bRow;
  }
  store<T>(out, p0); store<T>(out + w, p1); store<T>(out + 2 * w, p2); store<T>(out + 3 * w, p3);
}

/** All rows of some columns of four `T` at `b`, `start` and `out`. */
@inline
function column<T>(
  a: usize, aRow: usize, rows: i32, b: usize, bRow: usize, inner: i32, start: usize, startRow: usize, out: usize, outRow: usize,
): void {
  let row = 0;
  for (; row + 2 <= rows; row += 2) {
    block2<T>(a, aRow, b, bRow, inner, start, startRow, out, outRow);
    a += 2 * aRow;
    start += 2 * startRow;
    out += 2 * outRow;
  }
  if (row < rows) block1<T>(a, b, bRow, inner, start, out);
}

@inline
function productWith<T>(
  a: usize, aRow: usize, rows: i32, inner: i32, b: usize, bias: usize, columns: i32, out: usize, outRow: usize,
): void {
  for (let panel = 0; panel < columns; panel += PANEL) {
    for (let at: usize = 0; at < PANEL_BYTES; at += 4 * sizeof<T>()) {
      column<T>(a, aRow, rows, b + at, PANEL_BYTES, inner, bias + at, 0, out + at, outRow);
    }
    b += <usize>inner * PANEL_BYTES;
    bias += PANEL_BYTES;
    out += PANEL_BYTES;
  }
}

/**
 * out [rows, columns] = a [rows, inner] · b [inner, columns] + bias [columns] in each row. Rows of `a` may overlap: with a stride shorter than a
 * row this is a convolution. `b` is packed: 16 columns of all rows, then the next 16.
 */
export function product(
  a: usize, aRow: usize, rows: i32, inner: i32, b: usize, bias: usize, columns: i32, out: usize, outRow: usize,
): void {
  if (ASC_FEATURE_SIMD) productWith<v128>(a, aRow, rows, inner, b, bias, columns, out, outRow);
  else productWith<f32>(a, aRow, rows, inner, b, bias, columns, out, outRow);
}

@inline
function mixRowsWith<T>(
  matrix: usize, rows: i32, inner: i32, width: i32, tiles: i32,
  input: usize, inputRow: usize, inputTile: usize, start: usize, startRow: usize, startTile: usize, out: usize, outRow: usize, outTile: usize,
): void {
  const bytes = <usize>width << 2;
  for (; tiles > 0; tiles--) {
    for (let at: usize = 0; at < bytes; at += 4 * sizeof<T>()) {
      column<T>(matrix, <usize>inner << 2, rows, input + at, inputRow, inner, start + at, startRow, out + at, outRow);
    }
    input += inputTile;
    start += startTile;
    out += outTile;
  }
}

/**
 * In each of `tiles` tiles: out [rows, width] = start [rows, width] + matrix [rows, inner] · input [inner, width], where rows and tiles of the three
 * lie as far apart as their strides say; `start` may be `out`. `width`: a multiple of 16.
 */
export function mixRows(
  matrix: usize, rows: i32, inner: i32, width: i32, tiles: i32,
  input: usize, inputRow: usize, inputTile: usize, start: usize, startRow: usize, startTile: usize, out: usize, outRow: usize, outTile: usize,
): void {
  if (ASC_FEATURE_SIMD) {
    mixRowsWith<v128>(matrix, rows, inner, width, tiles, input, inputRow, inputTile, start, startRow, startTile, out, outRow, outTile);
  } else {
    mixRowsWith<f32>(matrix, rows, inner, width, tiles, input, inputRow, inputTile, start, startRow, startTile, out, outRow, outTile);
  }
}
