import type { InferenceSession, Tensor } from '../../inference/runtime.ts';

/** A tensor of f32 values. */
export interface Values {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

export function tensor(data: Float32Array, ...dims: number[]): Tensor {
  return { dims, data };
}

/** Runs a graph that has one output. Throws where the output is not there or holds no f32 values. */
export async function runGraph(
  session: InferenceSession,
  feeds: Readonly<Record<string, Tensor>>,
  output: string,
): Promise<Values> {
  return valuesOf(await session.run(feeds), output);
}

/** One output of a run. Throws where it is not there or holds no f32 values. */
export function valuesOf(outputs: Readonly<Record<string, Tensor>>, output: string): Values {
  const found = outputs[output];
  if (!(found?.data instanceof Float32Array)) throw new Error(`the graph has no f32 output "${output}"`);
  return { dims: found.dims, data: found.data };
}

/** Where `count` frames come from when they are taken from `available` ones by nearest neighbour, in f32 as PyTorch computes it. */
export function nearestIndices(available: number, count: number): BigInt64Array<ArrayBuffer> {
  const scale = Math.fround(available / count);
  return BigInt64Array.from({ length: count }, (_, i) =>
    BigInt(Math.min(available - 1, Math.floor(Math.fround(i * scale)))),
  );
}

/** Columns `from` … `to` − 1 of [rows, columns]. */
export function columns(values: Float32Array, rows: number, from: number, to: number): Float32Array<ArrayBuffer> {
  const count = values.length / rows;
  const out = new Float32Array(rows * (to - from));
  for (let row = 0; row < rows; row++) {
    out.set(values.subarray(row * count + from, row * count + to), row * (to - from));
  }
  return out;
}

/** The parts one after another; a single one as it is. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
