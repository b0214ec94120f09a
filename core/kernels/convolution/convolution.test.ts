import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../../tests/support/kernels.ts';
import { noise, relativeError } from '../../../tests/support/signals.ts';
import { addRows, leakyRelu, Snake } from './activations.ts';
import { DirectConvolution, LengtheningConvolution } from './direct.ts';
import { FastConvolution } from './fast.ts';
import { Rows } from './rows.ts';
import type { ConvolutionWeights } from './weights.ts';

/** Everything against the sums written out in f64. A signal is [length, channels] here, silent beyond its ends. */

const value = (values: ArrayLike<number>, index: number) => values[index] ?? 0;

function convolved(
  input: Float32Array,
  { weight, dims: [outputs, inputs, taps], bias }: ConvolutionWeights,
  { length, stride = 1, dilation = 1, before }: { length: number; stride?: number; dilation?: number; before: number },
): Float64Array {
  const available = input.length / inputs;
  return Float64Array.from({ length: length * outputs }, (_, at) => {
    const [row, output] = [Math.floor(at / outputs), at % outputs];
    let sum = value(bias ?? [], output);
    for (let tap = 0; tap < taps; tap++) {
      const from = row * stride - before + tap * dilation;
      if (from < 0 || from >= available) continue;
      for (let i = 0; i < inputs; i++) {
        sum += value(weight, (output * inputs + i) * taps + tap) * value(input, from * inputs + i);
      }
    }
    return sum;
  });
}

for (const build of builds) {
  describe(`convolutions of rows, ${build} build`, async () => {
    const kernels = await kernelsFor(build);
    const rowsOf = (values: Float32Array, channels: number) => {
      const length = values.length / channels;
      const rows = new Rows(kernels, length, channels).resize(length);
      for (const [at, sample] of values.entries()) {
        rows.view[Math.floor(at / channels) * rows.stride + (at % channels)] = sample;
      }
      return rows;
    };
    const valuesOf = ({ view, stride, channels }: Rows) => view.filter((_, at) => at % stride < channels);
    const weightsOf = (outputs: number, inputs: number, taps: number): ConvolutionWeights => ({
      weight: noise(outputs * inputs * taps, 2),
      dims: [outputs, inputs, taps],
      bias: noise(outputs, 3).map((sample) => 5 * sample),
    });

    for (const taps of [3, 7, 11]) {
      test(`${taps} taps by few products, at every dilation and length`, () => {
        for (const [inputs, outputs] of [
          [16, 16],
          [5, 20],
        ] as const) {
          const weights = weightsOf(outputs, inputs, taps);
          for (const dilation of [1, 3, 5]) {
            const convolution = new FastConvolution(kernels, weights, dilation);
            for (const length of [1, 2, 5, 6, 7, 31, 60, 97]) {
              const samples = noise(length * inputs, length);
              const input = rowsOf(samples, inputs);
              const output = new Rows(kernels, length, outputs).resize(length);
              convolution.run(input, output);
              const before = (dilation * (taps - 1)) / 2;
              const expected = convolved(samples, weights, { length, dilation, before });
              expect(relativeError(valuesOf(output), expected)).toBeLessThan(1e-5);
              // Once more on top, and nothing beyond the ends.
              convolution.run(input, output, true);
              expect(
                relativeError(
                  valuesOf(output),
                  expected.map((sample) => 2 * sample),
                ),
              ).toBeLessThan(1e-5);
              const after = new Float32Array(kernels.exports.memory.buffer, output.at(length), 20 * output.stride);
              expect(after.every((sample) => sample === 0)).toBe(true);
              input.free();
              output.free();
            }
            convolution.free();
          }
        }
      });
    }

    test('any taps and stride, term by term', () => {
      for (const [taps, stride, before] of [
        [1, 1, 0],
        [3, 1, 1],
        [16, 8, 4],
      ] as const) {
        const weights = weightsOf(20, 5, taps);
        const samples = noise(41 * 5, taps);
        const length = Math.floor((41 + 2 * before - taps) / stride) + 1;
        const output = new Rows(kernels, length, 20).resize(length);
        new DirectConvolution(kernels, weights, stride, before).run(rowsOf(samples, 5), output);
        const expected = convolved(samples, weights, { length, stride, before });
        expect(relativeError(valuesOf(output), expected)).toBeLessThan(1e-6);
      }
    });

    test('a signal made longer: each input spreads its kernel around its moment', () => {
      const [inputs, outputs, factor, length] = [5, 20, 8, 9];
      const weights = { ...weightsOf(inputs, outputs, 2 * factor), bias: noise(outputs, 4) };
      const samples = noise(length * inputs, 5);
      const expected = Float64Array.from({ length: length * factor * outputs }, (_, at) =>
        value(weights.bias, at % outputs),
      );
      for (let from = 0; from < length; from++) {
        for (let tap = 0; tap < 2 * factor; tap++) {
          const row = from * factor + tap - factor / 2;
          if (row < 0 || row >= length * factor) continue;
          for (let output = 0; output < outputs; output++) {
            let sum = 0;
            for (let i = 0; i < inputs; i++) {
              sum +=
                value(samples, from * inputs + i) * value(weights.weight, (i * outputs + output) * 2 * factor + tap);
            }
            expected[row * outputs + output] = value(expected, row * outputs + output) + sum;
          }
        }
      }
      const output = new Rows(kernels, length * factor + 1, outputs).resize(length * factor + 1);
      new LengtheningConvolution(kernels, weights).run(rowsOf(samples, inputs), output, 1);
      expect(relativeError(valuesOf(output).subarray(outputs), expected)).toBeLessThan(1e-6);
    });

    test('Snake, near 0 and far from it', () => {
      const alpha = Float32Array.of(0.05, 0.4, 1, 2.5, 17);
      for (const scale of [0.1, 1, 20]) {
        const samples = noise(200 * 5, 6).map((sample) => scale * sample);
        const rows = rowsOf(samples, 5);
        new Snake(kernels, alpha).run(rows, rows);
        const expected = Float64Array.from(samples, (x, at) => {
          const a = value(alpha, at % 5);
          return x + Math.sin(a * x) ** 2 / a;
        });
        expect(relativeError(valuesOf(rows), expected)).toBeLessThan(2e-7 * Math.max(1, scale));
      }
    });

    test('leaky rectification, and sums', () => {
      const [a, b] = [noise(35, 7), noise(35, 8)];
      const rows = rowsOf(a, 5);
      leakyRelu(kernels, rows, 0.1);
      const rectified = a.map((x) => (x < 0 ? Math.fround(0.1) * x : x));
      expect([...valuesOf(rows)]).toEqual([...rectified]);
      addRows(kernels, rows, rowsOf(b, 5), 0.5);
      expect([...valuesOf(rows)]).toEqual([...rectified.map((x, at) => x + 0.5 * value(b, at))]);
    });

    test('refuses what it has no way for', () => {
      expect(() => new FastConvolution(kernels, weightsOf(4, 4, 5), 1)).toThrow(RangeError);
      expect(() => new Rows(kernels, 10, 4).resize(11)).toThrow(RangeError);
    });
  });
}
