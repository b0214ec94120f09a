/** Of the source, the pitch itself first. */
export const HARMONICS = 9;
/** The published configuration. */
const SINE_AMPLITUDE = 0.1;
const NOISE_OF_VOICED = 0.003;
const NOISE_OF_UNVOICED = SINE_AMPLITUDE / 3;
/** Hz. */
const LEAST_PITCH = 10;

/** What chance gives to the source. */
export interface Chance {
  /** Where each harmonic starts, in radians; the first one at 0. */
  readonly phase: Float32Array;
  /** Standard normal values, [harmonics, samples]. */
  readonly noise: Float32Array;
}

/** How the harmonics are mixed: weights of each, and a bias. */
export interface Mixture {
  readonly weights: Float32Array;
  readonly bias: number;
}

/** Turns that a harmonic of a pitch in Hz makes from one sample to the next, in f32 as the graph has it. */
export function turnsASample(hertz: number, harmonic: number, sampleRate: number): number {
  return Math.fround(Math.fround(hertz * (harmonic + 1)) / sampleRate);
}

/** A signal that swings with the pitch. `pitch`: Hz, one value a frame of `hop` samples. The result: [hop · frames]. */
export function harmonicSource(
  pitch: Float32Array,
  hop: number,
  sampleRate: number,
  { phase, noise }: Chance,
  { weights, bias }: Mixture,
): Float32Array<ArrayBuffer> {
  const length = pitch.length * hop;
  const sum = new Float32Array(length).fill(bias);
  for (let harmonic = 0; harmonic < HARMONICS; harmonic++) {
    const weight = weights[harmonic] ?? 0;
    const own = noise.subarray(harmonic * length, (harmonic + 1) * length);
    // Turns up to the frame, added up in f64 as the graph does.
    let turns = 0;
    for (const [frame, hertz] of pitch.entries()) {
      const step = turnsASample(hertz, harmonic, sampleRate);
      const isVoiced = hertz > LEAST_PITCH;
      const level = isVoiced ? NOISE_OF_VOICED : NOISE_OF_UNVOICED;
      for (let i = 0, at = frame * hop; i < hop; i++, at++) {
        const angle = 2 * Math.PI * (turns + step * (i + 1)) + (phase[harmonic] ?? 0);
        const sine = isVoiced ? SINE_AMPLITUDE * Math.sin(angle) : 0;
        sum[at] = (sum[at] as number) + weight * (sine + level * (own[at] as number));
      }
      turns = (turns + step * hop) % 1;
    }
  }
  return sum.map(Math.tanh);
}
