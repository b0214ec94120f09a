import type { BitWriter } from './bit-writer.ts';
import { crc8, crc16 } from './checksum.ts';
import { coefficientBits, type Prediction, predictions } from './predict.ts';
import { planRice, type RicePlan, writeResidual } from './residual.ts';

/** Sample size in bits of the files that are written. */
export const sampleBits = 16;

/** Rates that the header names by a code instead of a number. */
const rateCodes: Readonly<Record<number, number>> = {
  88200: 1,
  176400: 2,
  192000: 3,
  8000: 4,
  16000: 5,
  22050: 6,
  24000: 7,
  32000: 8,
  44100: 9,
  48000: 10,
  96000: 11,
};
const rateFollowsInHertz = 13;

/** Writes one frame of one channel (RFC 9639, section 9): header, subframe, checksum. `sampleRate` up to 65535 Hz or a usual one. */
export function writeFrame(writer: BitWriter, samples: Int32Array, frameNumber: number, sampleRate: number): void {
  const start = writer.byteLength;
  writeHeader(writer, samples.length, frameNumber, sampleRate);
  writer.write(crc8(writer.since(start)), 8);
  writeSubframe(writer, samples);
  writer.alignToByte();
  writer.write(crc16(writer.since(start)), 16);
}

/** Names rate and sample size although STREAMINFO has them: some decoders see frames only. */
function writeHeader(writer: BitWriter, blockSize: number, frameNumber: number, sampleRate: number): void {
  const rateCode = rateCodes[sampleRate] ?? rateFollowsInHertz;
  writer.write(0b11111111111110, 14);
  // Reserved; fixed block size; block size − 1 follows in 16 bits; rate; one channel; 16 bit; reserved.
  writer.write(0, 1);
  writer.write(0, 1);
  writer.write(0b0111, 4);
  writer.write(rateCode, 4);
  writer.write(0b0000, 4);
  writer.write(0b100, 3);
  writer.write(0, 1);
  writeCodedNumber(writer, frameNumber);
  writer.write(blockSize - 1, 16);
  if (rateCode === rateFollowsInHertz) writer.write(sampleRate, 16);
}

/** The frame number in the manner of UTF-8 (RFC 9639, section 9.1.5), up to 31 bits. */
function writeCodedNumber(writer: BitWriter, value: number): void {
  if (value < 0x80) {
    writer.write(value, 8);
    return;
  }
  let following = 1;
  while (value >= 2 ** (5 * following + 6)) following++;
  const lead = (0xff00 >> (following + 1)) & 0xff;
  writer.write(lead | (value >>> (6 * following)), 8);
  for (let i = following - 1; i >= 0; i--) writer.write(0x80 | ((value >>> (6 * i)) & 0x3f), 8);
}

function writeSubframe(writer: BitWriter, samples: Int32Array): void {
  if (isConstant(samples)) {
    writer.write(0b00000000, 8);
    writer.write(samples[0] ?? 0, sampleBits);
    return;
  }
  const best = cheapest(samples);
  if (!best || best.bits >= samples.length * sampleBits) {
    writer.write(0b00000010, 8);
    for (const sample of samples) writer.write(sample, sampleBits);
    return;
  }
  const { prediction, plan } = best;
  const { kind, order, coefficients, shift, residual } = prediction;
  writer.write(kind === 'fixed' ? (0b001000 + order) << 1 : (0b100000 + order - 1) << 1, 8);
  for (let i = 0; i < order; i++) writer.write(samples[i] ?? 0, sampleBits);
  if (kind === 'linear') {
    writer.write(coefficientBits - 1, 4);
    writer.write(shift, 5);
    for (const coefficient of coefficients) writer.write(coefficient, coefficientBits);
  }
  writeResidual(writer, residual, samples.length, order, plan);
}

function isConstant(samples: Int32Array): boolean {
  for (let i = 1; i < samples.length; i++) if (samples[i] !== samples[0]) return false;
  return true;
}

interface Choice {
  readonly prediction: Prediction;
  readonly plan: RicePlan;
  readonly bits: number;
}

function cheapest(samples: Int32Array): Choice | undefined {
  let best: Choice | undefined;
  for (const prediction of predictions(samples)) {
    const plan = planRice(prediction.residual, samples.length, prediction.order);
    const tables = prediction.kind === 'linear' ? 9 + prediction.order * coefficientBits : 0;
    const bits = plan.bits + prediction.order * sampleBits + tables;
    if (!best || bits < best.bits) best = { prediction, plan, bits };
  }
  return best;
}
