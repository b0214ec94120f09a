import { firstPass4 } from './first';
import { Ending, EXCHANGED, pass2, pass3, pass4, pass5, pass8, PLAIN, TURNED } from './passes';
import { FftPass, FftPlan } from './plan';
import { tangle, untangle } from './tangle';

/**
 * Real transform of N samples by one complex transform of N/2 points. A spectrum is split: N/2 + 1 real parts, then
 * (`plan.stride` floats after the first) as many imaginary parts; what lies between is zero after `rfft`.
 */

@inline
function runPass<T>(pass: FftPass, ending: Ending, input: usize, out: usize): void {
  const radix = pass.radix;
  if (radix == 8) pass8<T>(ending, input, out, pass.groups, pass.stride, pass.twiddles);
  else if (radix == 4) pass4<T>(ending, input, out, pass.groups, pass.stride, pass.twiddles);
  else if (radix == 2) pass2<T>(ending, input, out, pass.groups, pass.stride, pass.twiddles);
  else if (radix == 3) pass3<T>(ending, input, out, pass.groups, pass.stride, pass.twiddles);
  else pass5<T>(ending, input, out, pass.groups, pass.stride, pass.twiddles);
}

/** All passes: points that alternate re, im at `input`; the last pass writes to `out`, the others to `scratch` and `spare` in turn. */
@inline
function transform<T>(plan: FftPlan, ending: Ending, input: usize, scratch: usize, spare: usize, out: usize): void {
  let pass = plan.passes;
  let left = plan.passCount;
  if (isVector<T>()) {
    const first = changetype<FftPass>(pass);
    firstPass4(input, scratch, first.groups, first.twiddles);
    pass += offsetof<FftPass>();
    left--;
    input = scratch; scratch = spare; spare = input;
  }
  for (; left > 1; left--) {
    runPass<T>(changetype<FftPass>(pass), TURNED, input, scratch);
    pass += offsetof<FftPass>();
    input = scratch; scratch = spare; spare = input;
  }
  runPass<T>(changetype<FftPass>(pass), ending, input, out);
}

@inline
function forward<T>(plan: FftPlan, input: usize, out: usize): void {
  // Where the last pass ends must not be where it begins.
  const odd = plan.passCount & 1;
  const z = odd ? plan.scratchA : plan.scratchB;
  transform<T>(plan, PLAIN, input, plan.scratchA, plan.scratchB, z);
  untangle<T>(plan, z, out, out + (<usize>plan.stride << 2));
}

@inline
function inverse<T>(plan: FftPlan, input: usize, out: usize): void {
  tangle<T>(plan, input, input + (<usize>plan.stride << 2), plan.scratchB);
  transform<T>(plan, EXCHANGED, plan.scratchB, plan.scratchA, plan.scratchB, out);
}

/**
 * Spectrum of `plan.size` samples at `input` into `out` (2·stride floats; may be the same memory as `input` where that
 * is long enough). Not normalised, as numpy.fft.rfft.
 */
export function rfft(plan: FftPlan, input: usize, out: usize): void {
  if (ASC_FEATURE_SIMD) {
    if (plan.vector) forward<v128>(plan, input, out);
    else forward<f32>(plan, input, out);
  } else forward<f32>(plan, input, out);

  const outIm = out + (<usize>plan.stride << 2);
  for (let bin = plan.half + 1; bin < plan.stride; bin++) {
    store<f32>(out + (<usize>bin << 2), 0);
    store<f32>(outIm + (<usize>bin << 2), 0);
  }
}

/**
 * The `plan.size` samples of the spectrum at `input` into `out` (may be the same memory), normalised by 1/N as
 * numpy.fft.irfft. The imaginary parts at 0 and N/2 must be 0.
 */
export function irfft(plan: FftPlan, input: usize, out: usize): void {
  if (ASC_FEATURE_SIMD) {
    if (plan.vector) inverse<v128>(plan, input, out);
    else inverse<f32>(plan, input, out);
  } else inverse<f32>(plan, input, out);
}
