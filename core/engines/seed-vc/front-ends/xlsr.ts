const LEAST_VARIANCE = 1e-7;

/** The samples with mean 0 and variance 1, as wav2vec's feature extractor gives them to XLS-R. */
export function standardised(samples: Float32Array): Float32Array {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i] as number;
  const mean = sum / Math.max(1, samples.length);
  let squares = 0;
  for (let i = 0; i < samples.length; i++) squares += ((samples[i] as number) - mean) ** 2;
  const deviation = Math.sqrt(squares / Math.max(1, samples.length) + LEAST_VARIANCE);
  return samples.map((sample) => (sample - mean) / deviation);
}
