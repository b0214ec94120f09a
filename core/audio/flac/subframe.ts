import type { BitReader } from '../bit-reader.ts';
import { fixedCoefficients } from './predict.ts';

/** Reads one channel of a frame (RFC 9639, section 9.2) into `out`, whose length is the block size. */
export function readSubframe(bits: BitReader, sampleBits: number, out: Float64Array): void {
  bits.skip(1);
  const type = bits.read(6);
  const wasted = bits.readFlag() ? bits.readUnary() + 1 : 0;
  const size = sampleBits - wasted;
  if (size < 1) throw new Error('no bits left');
  if (type === 0) out.fill(bits.readSigned(size));
  else if (type === 1) for (let i = 0; i < out.length; i++) out[i] = bits.readSigned(size);
  else if (type >= 8 && type <= 12) readPredicted(bits, size, out, type - 8, false);
  else if (type >= 32) readPredicted(bits, size, out, type - 31, true);
  else throw new Error('no such subframe');
  if (wasted > 0) for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) * 2 ** wasted;
}

/** Warm-up samples, the predictor when it is not a fixed one, the residual; then prediction and residual are added. */
function readPredicted(bits: BitReader, size: number, out: Float64Array, order: number, linear: boolean): void {
  if (order > out.length) throw new Error('order above block size');
  for (let i = 0; i < order; i++) out[i] = bits.readSigned(size);
  let coefficients = fixedCoefficients[order] ?? [];
  let shift = 0;
  if (linear) {
    const precision = bits.read(4) + 1;
    shift = bits.readSigned(5);
    if (precision === 16 || shift < 0) throw new Error('no such predictor');
    coefficients = Array.from({ length: order }, () => bits.readSigned(precision));
  }
  readResidual(bits, out, order);
  restore(out, Float64Array.from(coefficients), 2 ** -shift);
}

function restore(out: Float64Array, coefficients: Float64Array, scale: number): void {
  const order = coefficients.length;
  const { length } = out;
  if (order === 0) return;
  for (let i = order; i < length; i++) {
    let sum = 0;
    for (let k = 0; k < order; k++) sum += (coefficients[k] ?? 0) * (out[i - 1 - k] ?? 0);
    out[i] = (out[i] ?? 0) + Math.floor(sum * scale);
  }
}

/** Rice codes in 2^n partitions, each with a parameter of its own, or plain integers (section 9.2.7). */
function readResidual(bits: BitReader, out: Float64Array, order: number): void {
  const method = bits.read(2);
  if (method > 1) throw new Error('no such residual');
  const parameterBits = method === 0 ? 4 : 5;
  const plainCode = 2 ** parameterBits - 1;
  const partitions = 2 ** bits.read(4);
  const partSize = out.length / partitions;
  if (!Number.isInteger(partSize) || partSize < order) throw new Error('partitions do not fit');
  for (let part = 0; part < partitions; part++) {
    const start = part === 0 ? order : part * partSize;
    const end = (part + 1) * partSize;
    const parameter = bits.read(parameterBits);
    if (parameter === plainCode) {
      const plain = bits.read(5);
      for (let i = start; i < end; i++) out[i] = plain === 0 ? 0 : bits.readSigned(plain);
    } else {
      readRice(bits, out, start, end, parameter);
    }
  }
}

function readRice(bits: BitReader, out: Float64Array, start: number, end: number, parameter: number): void {
  const scale = 2 ** parameter;
  const [high, low] = parameter > 24 ? [parameter - 24, 24] : [0, parameter];
  for (let i = start; i < end; i++) {
    const quotient = bits.readUnary();
    const rest = bits.read(high) * 2 ** 24 + bits.read(low);
    const folded = quotient * scale + rest;
    out[i] = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
  }
}
