import { UnavailableError } from '../errors.ts';

export interface WeightTensor {
  readonly dims: readonly number[];
  /** Row-major. */
  readonly data: Float32Array;
}

/** Weights by name. */
export interface Weights {
  /** A copy in f32. Throws `UnavailableError('model-corrupt')` where there is none of the name, or it is not whole. */
  get(name: string): WeightTensor;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [start: number, end: number];
}

/** Bytes of the header's length. */
const LENGTH_BYTES = 8;

/**
 * Reads a file in the format safetensors (https://huggingface.co/docs/safetensors): the length of a JSON header, the header, and the values it
 * tells of, of which F32 and F16 are understood. Throws `UnavailableError('model-corrupt')`.
 */
export function readSafetensors(bytes: Uint8Array): Weights {
  return orCorrupt(() => {
    const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const header: Record<string, Entry> = JSON.parse(
      new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length)),
    );
    const entries = new Map(Object.entries(header));
    const values = bytes.subarray(LENGTH_BYTES + length);
    return {
      get: (name) => orCorrupt(() => readTensor(entries.get(name), values)),
    };
  });
}

function orCorrupt<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    throw new UnavailableError('model-corrupt', {}, { cause });
  }
}

function readTensor(entry: Entry | undefined, values: Uint8Array): WeightTensor {
  if (!entry) throw new RangeError('no such tensor');
  const {
    dtype,
    shape,
    data_offsets: [start, end],
  } = entry;
  const count = shape.reduce((product, size) => product * size, 1);
  const size = dtype === 'F32' ? 4 : 2;
  if ((dtype !== 'F32' && dtype !== 'F16') || end - start !== count * size || end > values.length) {
    throw new RangeError(`${dtype} [${shape}] in ${start} … ${end}`);
  }
  // A copy begins at a multiple of its elements' size, which the file need not.
  const { buffer } = values.slice(start, end);
  const data = dtype === 'F32' ? new Float32Array(buffer) : Float32Array.from(new Uint16Array(buffer), fromHalf);
  return { dims: shape, data };
}

/** The value of 16 bits of IEEE 754: not all browsers have `Float16Array`. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
