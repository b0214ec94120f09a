/** A system that was measured on another day, for scale: nothing here is run. */
export interface MeasuredElsewhere {
  readonly name: string;
  /** CPU seconds for a second of source, 10 s of source with 5 s of reference. */
  readonly realTimeFactor: number;
  readonly peakMebibytes: number | undefined;
}

/**
 * Seed-VC with random weights of the official shapes, 4 sampling steps, ONNX Runtime 1.30 or PyTorch, one thread of a 2-vCPU AMD EPYC
 * (AVX-512, VNNI); the reference's share, which a stored voice would save, is included.
 */
export const seedVc: readonly MeasuredElsewhere[] = [
  { name: 'Seed-VC tiny, PyTorch', realTimeFactor: 1.89, peakMebibytes: undefined },
  { name: 'Seed-VC tiny, native int8', realTimeFactor: 1.19, peakMebibytes: 1065 },
  { name: 'Seed-VC tiny, WASM int8', realTimeFactor: 4.54, peakMebibytes: 1208 },
  { name: 'Seed-VC small, native int8', realTimeFactor: 4.76, peakMebibytes: 1815 },
  { name: 'Seed-VC small, PyTorch', realTimeFactor: 5.78, peakMebibytes: undefined },
];
