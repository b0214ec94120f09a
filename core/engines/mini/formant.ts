import type { Affine } from '../../kernels/matrix.ts';
import { BANDS, bandAt, bandHertz } from './bands.ts';

/** The same map of envelopes with what it gives stretched along frequency by `semitones`: up sounds smaller, down larger. */
export function withFormantShift(map: Affine, semitones: number): Affine {
  if (semitones === 0) return map;
  const ratio = 2 ** (semitones / 12);
  // Band b takes what stood at its frequency / ratio, between two bands.
  const sources = Array.from({ length: BANDS }, (_, band) => {
    const at = bandAt(bandHertz(band) / ratio);
    const below = Math.min(Math.floor(at), BANDS - 2);
    return { below, fraction: at - below };
  });
  const warp = (values: ArrayLike<number>, row: number) =>
    sources.map(({ below, fraction }) => {
      const left = values[row * BANDS + below] ?? 0;
      return left + ((values[row * BANDS + below + 1] ?? 0) - left) * fraction;
    });
  return {
    inner: map.inner,
    columns: BANDS,
    matrix: Array.from({ length: map.inner }, (_, row) => warp(map.matrix, row)).flat(),
    bias: warp(map.bias ?? [], 0),
  };
}
