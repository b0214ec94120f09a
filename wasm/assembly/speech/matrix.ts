import { add, loadSplat, mul, splat } from '../lanes';

/**
 * Products of small dense matrices, row-major f32. Four rows at a time share each load of the right-hand side; eight
 * columns at a time give each row two vectors of sums to hide the latency of addition.
 */

/** Rows r … r + 3, columns of two `T` at `b` and `out`. */
@inline
function block4x2<T>(a: usize, aRow: usize, b: usize, bRow: usize, inner: i32, bias: usize, out: usize, outRow: usize): void {
  const left = load<T>(bias), right = load<T>(bias + sizeof<T>());
  let a0l = left, a0r = right, a1l = left, a1r = right, a2l = left, a2r = right, a3l = left, a3r = right;
  for (let end = a + (<usize>inner << 2); a < end; a += 4) {
    const bl = load<T>(b), br = load<T>(b + sizeof<T>());
    const s0 = loadSplat<T>(a), s1 = loadSplat<T>(a + aRow), s2 = loadSplat<T>(a + 2 * aRow), s3 = loadSplat<T>(a + 3 * aRow);
    a0l = add<T>(a0l, mul<T>(s0, bl)); a0r = add<T>(a0r, mul<T>(s0, br));
    a1l = add<T>(a1l, mul<T>(s1, bl)); a1r = add<T>(a1r, mul<T>(s1, br));
    a2l = add<T>(a2l, mul<T>(s2, bl)); a2r = add<T>(a2r, mul<T>(s2, br));
    a3l = add<T>(a3l, mul<T>(s3, bl)); a3r = add<T>(a3r, mul<T>(s3, br));
    b += bRow;
  }
  store<T>(out, a0l); store<T>(out + sizeof<T>(), a0r);
  store<T>(out + outRow, a1l); store<T>(out + outRow + sizeof<T>(), a1r);
  store<T>(out + 2 * outRow, a2l); store<T>(out + 2 * outRow + sizeof<T>(), a2r);
  store<T>(out + 3 * outRow, a3l); store<T>(out + 3 * outRow + sizeof<T>(), a3r);
}

/** One row, columns of two `T`. */
@inline
function block1x2<T>(a: usize, b: usize, bRow: usize, inner: i32, bias: usize, out: usize): void {
  let left = load<T>(bias), right = load<T>(bias + sizeof<T>());
  for (let end = a + (<usize>inner << 2); a < end; a += 4) {
    const s = loadSplat<T>(a);
    left = add<T>(left, mul<T>(s, load<T>(b)));
    right = add<T>(right, mul<T>(s, load<T>(b + sizeof<T>())));
    b += bRow;
  }
  store<T>(out, left);
  store<T>(out + sizeof<T>(), right);
}

@inline
function product<T>(a: usize, b: usize, bias: usize, rows: i32, inner: i32, columns: i32, out: usize): void {
  const aRow = <usize>inner << 2, bRow = <usize>columns << 2;
  let row = 0;
  for (; row + 4 <= rows; row += 4) {
    for (let at: usize = 0; at < bRow; at += 2 * sizeof<T>()) block4x2<T>(a, aRow, b + at, bRow, inner, bias + at, out + at, bRow);
    a += 4 * aRow;
    out += 4 * bRow;
  }
  for (; row < rows; row++) {
    for (let at: usize = 0; at < bRow; at += 2 * sizeof<T>()) block1x2<T>(a, b + at, bRow, inner, bias + at, out + at);
    a += aRow;
    out += bRow;
  }
}

/** out [rows, columns] = a [rows, inner] · b [inner, columns] + bias [columns] in each row. `columns`: a multiple of 8. */
export function affine(a: usize, b: usize, bias: usize, rows: i32, inner: i32, columns: i32, out: usize): void {
  if (ASC_FEATURE_SIMD) product<v128>(a, b, bias, rows, inner, columns, out);
  else product<f32>(a, b, bias, rows, inner, columns, out);
}
