/** A stream of random numbers that a seed decides, the same in every host. */
export interface Noise {
  /** Uniform in 0 … 1, 1 excluded. */
  uniform(): number;
  /** Standard normal values. */
  normals(count: number): Float32Array<ArrayBuffer>;
}

/** Source: xoshiro128** (Blackman and Vigna, 2018), its state filled by splitmix32; normals by Box and Muller. */
export function createNoise(seed: number): Noise {
  const state = seeded(seed);
  const uniform = () => next(state) / 2 ** 32;
  return {
    uniform,
    normals(count) {
      const values = new Float32Array(count);
      for (let i = 0; i < count; i += 2) {
        // 1 − u: the logarithm of 0 is not finite.
        const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
        const angle = 2 * Math.PI * uniform();
        values[i] = radius * Math.cos(angle);
        if (i + 1 < count) values[i + 1] = radius * Math.sin(angle);
      }
      return values;
    },
  };
}

function seeded(seed: number): Uint32Array<ArrayBuffer> {
  let counter = seed >>> 0;
  return Uint32Array.from({ length: 4 }, () => {
    counter = (counter + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  });
}

function next(state: Uint32Array): number {
  // Not destructured: an iterator for each of millions of values takes longer than all else here.
  const a = state[0] as number;
  const b = state[1] as number;
  const c = state[2] as number;
  const d = state[3] as number;
  const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
  const third = c ^ a;
  const fourth = d ^ b;
  state[1] = b ^ third;
  state[0] = a ^ fourth;
  state[2] = third ^ (b << 9);
  state[3] = rotated(fourth, 11);
  return result;
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
