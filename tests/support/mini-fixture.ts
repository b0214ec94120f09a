/** What `core/engines/mini/fixtures/make.py` wrote. */
export interface Fixture {
  /** Long arrays hold every this-many-th frame. */
  readonly every: number;
  readonly recording: string;
  readonly voice: string;
  /** An array by name, as f64. */
  get(name: string): Float64Array;
}

const folder = `${import.meta.dir}/../../core/engines/mini/fixtures`;

const types = { float32: Float32Array, float64: Float64Array, int16: Int16Array, uint8: Uint8Array } as const;

interface Index {
  readonly arrays: Readonly<Record<string, { dtype: keyof typeof types; dims: number[]; offset: number }>>;
  readonly every?: number;
  readonly recording?: string;
  readonly voice?: string;
}

export async function loadFixture(name: 'english' | 'vietnamese' | 'filter'): Promise<Fixture> {
  const index: Index = await Bun.file(`${folder}/${name}.json`).json();
  const bytes = await Bun.file(`${folder}/${name}.bin`).arrayBuffer();
  return {
    every: index.every ?? 1,
    recording: index.recording ?? '',
    voice: index.voice ?? '',
    get(key) {
      const array = index.arrays[key];
      if (!array) throw new Error(`fixture ${name} has no ${key}`);
      const length = array.dims.reduce((product, size) => product * size, 1);
      return Float64Array.from(new types[array.dtype](bytes, array.offset, length));
    },
  };
}

/** Every n-th row of `width` values. */
export function everyNth(values: Float32Array, width: number, n: number): Float32Array {
  return values.filter((_, index) => Math.floor(index / width) % n === 0);
}
