/** Bins of RMVPE's salience, 20 cents apart. */
export const SALIENCE_BINS = 360;
const FIRST_CENTS = 1997.3794084376191;
const CENTS_PER_BIN = 20;
/** The pitch of 0 cents. */
const ORIGIN_HZ = 10;
/** Neighbours at each side that the highest bin is averaged with. */
const REACH = 4;
/** Frames whose highest salience is not above this are unvoiced. */
const LEAST_SALIENCE = 0.03;
/** Lower values count as unvoiced where pitches are compared, Hz. */
const LEAST_VOICED_HZ = 1;
const LOG_OFFSET = 1e-5;
const LOWEST_HZ = 50;
const HIGHEST_HZ = 1100;

/** Pitch of each frame in Hz, 0 where unvoiced, of RMVPE's salience [frames, SALIENCE_BINS]. */
export function pitchOf(salience: Float32Array): Float32Array<ArrayBuffer> {
  const frames = salience.length / SALIENCE_BINS;
  return Float32Array.from({ length: frames }, (_, frame) =>
    framePitch(salience.subarray(frame * SALIENCE_BINS, (frame + 1) * SALIENCE_BINS)),
  );
}

function framePitch(salience: Float32Array): number {
  let best = 0;
  for (let bin = 1; bin < SALIENCE_BINS; bin++) {
    if ((salience[bin] as number) > (salience[best] as number)) best = bin;
  }
  if ((salience[best] as number) <= LEAST_SALIENCE) return 0;
  let weight = 0;
  let weighted = 0;
  for (let bin = Math.max(0, best - REACH); bin <= Math.min(SALIENCE_BINS - 1, best + REACH); bin++) {
    const value = salience[bin] as number;
    weight += value;
    weighted += value * (FIRST_CENTS + CENTS_PER_BIN * bin);
  }
  return ORIGIN_HZ * 2 ** (weighted / weight / 1200);
}

export interface PitchChange {
  /** Whether the source's median goes to the voice's. */
  readonly autoF0Adjust: boolean;
  readonly semitoneShift: number;
}

/** The source's pitch as the model shall sing it. Unvoiced frames stay as they are. */
export function changedPitch(
  source: Float32Array,
  reference: Float32Array,
  { autoF0Adjust, semitoneShift }: PitchChange,
): Float32Array {
  const [from, to] = [medianLog(source), medianLog(reference)];
  const move = autoF0Adjust && from !== undefined && to !== undefined ? to - from : 0;
  const shift = 2 ** (semitoneShift / 12);
  return source.map((hertz) =>
    hertz > LEAST_VOICED_HZ ? (move === 0 ? hertz : Math.exp(Math.log(hertz + LOG_OFFSET) + move)) * shift : hertz,
  );
}

/** Median of the voiced frames' log pitch, of an even number the lower of the two in the middle, as torch.median. */
function medianLog(pitch: Float32Array): number | undefined {
  const voiced = pitch.filter((hertz) => hertz > LEAST_VOICED_HZ).sort();
  const middle = voiced[Math.floor((voiced.length - 1) / 2)];
  return middle === undefined ? undefined : Math.log(middle + LOG_OFFSET);
}

const mel = (hertz: number) => 1127 * Math.log(1 + hertz / 700);

/**
 * Class of each frame's pitch among `bins`, equally wide in mel from 50 to 1100 Hz: 1 … bins − 1, unvoiced ones 1. What is higher
 * counts as class 0, as in the code that the models were trained with.
 */
export function pitchBins(pitch: Float32Array, bins = 256): BigInt64Array<ArrayBuffer> {
  const scale = (bins - 2) / (mel(HIGHEST_HZ) - mel(LOWEST_HZ));
  const offset = mel(LOWEST_HZ) * scale - 1;
  return BigInt64Array.from(pitch, (hertz) => {
    const bin = hertz > 0 ? roundHalfEven(mel(hertz) * scale - offset) : 1;
    return bin < bins ? BigInt(Math.max(1, bin)) : 0n;
  });
}

/** As torch.round. */
function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
