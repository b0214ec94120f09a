import { join } from 'node:path';

const folder = join(import.meta.dir, '../fixtures/seed-vc');

interface ArrayEntry {
  readonly dtype: 'float32' | 'int16' | 'int64';
  readonly dims: readonly number[];
  /** Bytes. */
  readonly offset: number;
}

interface GoldenFile {
  readonly arrays: Readonly<Record<string, ArrayEntry>>;
  readonly rate?: number;
  readonly steps?: number;
  readonly cfg?: number;
  readonly semitones?: number;
  readonly autoF0Adjust?: boolean;
  readonly lengthAdjust?: number;
}

export interface GoldenArray {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Golden values that the exporter stored: floats as they are, samples of 16 bits in −1 … 1, indices as numbers. */
export interface Golden {
  readonly facts: Required<Omit<GoldenFile, 'arrays'>>;
  get(name: string): GoldenArray;
}

/** `name`: such as `fast/golden` or `frontends`. */
export async function loadGolden(name: string): Promise<Golden> {
  const file: GoldenFile = await Bun.file(join(folder, `${name}.json`)).json();
  const bytes = await Bun.file(join(folder, `${name}.bin`)).arrayBuffer();
  const { arrays, rate = 0, steps = 0, cfg = 0, semitones = 0, autoF0Adjust = false, lengthAdjust = 1 } = file;
  return {
    facts: { rate, steps, cfg, semitones, autoF0Adjust, lengthAdjust },
    get(array) {
      const entry = arrays[array];
      if (!entry) throw new Error(`no golden ${array}`);
      const { dtype, dims, offset } = entry;
      const length = dims.reduce((product, size) => product * size, 1);
      if (dtype === 'float32') return { dims, data: new Float32Array(bytes, offset, length) };
      if (dtype === 'int16') {
        return { dims, data: Float32Array.from(new Int16Array(bytes, offset, length), (value) => value / 32768) };
      }
      return { dims, data: Float32Array.from(new BigInt64Array(bytes, offset, length), Number) };
    },
  };
}

/** Bytes of a file of a narrow model: official architecture, few channels, seeded weights. */
export function narrowFile(preset: string, file: string): Promise<Uint8Array> {
  return Bun.file(join(folder, preset, file)).bytes();
}

export function narrowGraph(preset: string, component: string): Promise<Uint8Array> {
  return narrowFile(preset, `${component}.onnx`);
}
