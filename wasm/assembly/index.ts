/** Everything that the kernels' module offers. Both builds (SIMD and scalar) come from this entry. */

/** First byte after the module's own data: where the caller's arena begins. */
export function heapBase(): usize {
  return __heap_base;
}

export { irfft, rfft } from './fft/real';
export { divideByWeight, overlapAddSpectra, stft } from './stft';
export { bandMatrix, logarithm, spectrumPower } from './bands';
export { resample, resampleBetween } from './resample';
export { peak, peakBetween, weightedEnergy } from './loudness';

export { cheapTrick } from './world/cheaptrick';
export { stoneMask } from './world/stonemask';
export { pitchMarks } from './speech/pitch-marks';
export { overlapAdd } from './speech/overlap-add';
export { filterFrames } from './speech/filter';
export { affine } from './speech/matrix';
export { countMagnitudes, nearest } from './speech/nearest';
export { bestPredecessors, nearestToPath } from './speech/path';

export { mixRows, product } from './network/product';
export { leakyRelu, snake } from './network/activations';
