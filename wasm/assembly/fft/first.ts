import { add, mul, sub } from '../lanes';

/**
 * The first pass of the vector transform: radix 4 over points that alternate re, im (a real signal read as complex).
 * With stride 1 no two neighbouring points share a twiddle factor, so a vector holds two points through the butterfly, and
 * the four outputs of one group then become one block, turned by a block of factors.
 */

/** −i·z for two points. */
@inline
function quarterTurned(z: v128): v128 {
  return v128.xor(v128.shuffle<f32>(z, z, 1, 0, 3, 2), i32x4(0, 0x80000000, 0, 0x80000000));
}

/** One block from outputs 0, 1 (`a`) and 2, 3 (`b`) of a group. */
@inline
function storeGroup(out: usize, a: v128, b: v128, w: usize): void {
  const re = v128.shuffle<f32>(a, b, 0, 2, 4, 6), im = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
  const cos = v128.load(w), sin = v128.load(w, 16);
  v128.store(out, sub<v128>(mul<v128>(re, cos), mul<v128>(im, sin)));
  v128.store(out, add<v128>(mul<v128>(re, sin), mul<v128>(im, cos)), 16);
}

/**
 * @param input four columns of `groups` points
 * @param out `groups` blocks
 * @param groups at least 2; where odd, the last two overlap the two before, which writes the same values again
 * @param twiddles for each group, cosines of j = 0 … 3 and then sines
 */
export function firstPass4(input: usize, out: usize, groups: i32, twiddles: usize): void {
  const column = <usize>groups << 3;
  const last = groups - 2;
  for (let p = 0; p < groups; p += 2) {
    const group = <usize>min(p, last);
    const x = input + (group << 3), y = out + (group << 5), w = twiddles + (group << 5);
    const x0 = v128.load(x), x1 = v128.load(x + column);
    const x2 = v128.load(x + 2 * column), x3 = v128.load(x + 3 * column);
    const even = add<v128>(x0, x2), odd = add<v128>(x1, x3);
    const across = sub<v128>(x0, x2), turned = quarterTurned(sub<v128>(x1, x3));
    const y0 = add<v128>(even, odd), y1 = add<v128>(across, turned);
    const y2 = sub<v128>(even, odd), y3 = sub<v128>(across, turned);
    storeGroup(y, v128.shuffle<f32>(y0, y1, 0, 1, 4, 5), v128.shuffle<f32>(y2, y3, 0, 1, 4, 5), w);
    storeGroup(y + 32, v128.shuffle<f32>(y0, y1, 2, 3, 6, 7), v128.shuffle<f32>(y2, y3, 2, 3, 6, 7), w + 32);
  }
}
