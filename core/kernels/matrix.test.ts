import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { noise, relativeError } from '../../tests/support/signals.ts';
import { AffineMap } from './matrix.ts';

for (const build of builds) {
  describe(`affine maps of rows, ${build} build`, () => {
    for (const [rows, inner, columns] of [
      [1, 1, 8],
      [3, 51, 16],
      [4, 80, 80],
      [7, 5, 24],
      [9, 48, 8],
    ] as const) {
      test(`${rows} rows of ${inner} to ${columns} equal the sums written out`, async () => {
        const [input, matrix, bias] = [noise(rows * inner, 1), noise(inner * columns, 2), noise(columns, 3)];
        const map = new AffineMap(await kernelsFor(build), { inner, columns, matrix, bias });
        const out = new Float32Array(rows * columns);
        map.apply(input, out);
        const expected = Float64Array.from(out, (_, index) => {
          const [row, column] = [Math.floor(index / columns), index % columns];
          let sum = bias[column] ?? 0;
          for (let i = 0; i < inner; i++) sum += (input[row * inner + i] ?? 0) * (matrix[i * columns + column] ?? 0);
          return sum;
        });
        expect(relativeError(out, expected)).toBeLessThan(1e-6);
      });
    }

    test('columns are laid out in eights, the rest zero', async () => {
      const map = new AffineMap(await kernelsFor(build), { inner: 1, columns: 3, matrix: [1, 2, 3] });
      const out = new Float32Array(8);
      map.apply(Float32Array.of(2), out);
      expect([...out]).toEqual([2, 4, 6, 0, 0, 0, 0, 0]);
    });
  });
}
