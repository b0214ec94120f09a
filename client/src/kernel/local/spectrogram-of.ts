import type { Audio } from '#core/audio/audio.ts';
import type { Kernels } from '#core/kernels/module.ts';
import { hannWindow, Stft } from '#core/kernels/stft.ts';
import { frequencyAt, rangeDecibels, type Spectrogram } from '../spectrogram.ts';

const rows = 160;
const mostColumns = 1000;
/** Long enough to tell a low voice's harmonics apart, short enough for its syllables. */
const windowSeconds = 0.04;
/** Closer frames show nothing more. */
const shortestHopSeconds = 0.004;
/** Frames transformed at once: long recordings are taken in pieces. */
const framesAtOnce = 128;
/** Power below any sound's, so that silence has a level. */
const leastPower = 1e-12;

/** A recording whose loudest bin is weaker stays faint, in place of showing noise as if it were speech. Decibels. */
const quietestPeak = 0;

/** A row's part of the spectrum: between two bins, or over several. */
interface Band {
  readonly firstBin: number;
  readonly lastBin: number;
  /** Share of the bin after `firstBin` where the band is narrower than a bin. */
  readonly share: number;
}

/** The spectrogram of a recording, by a Hann window of 40 ms. Frequencies beyond half its rate are silent. */
export function spectrogramOf({ samples, sampleRate }: Audio, kernels: Kernels): Spectrogram {
  const windowSize = Math.round(windowSeconds * sampleRate);
  const fftSize = 2 ** Math.ceil(Math.log2(windowSize));
  const hop = Math.max(Math.round(shortestHopSeconds * sampleRate), Math.ceil(samples.length / mostColumns));
  const stft = new Stft(kernels, { fftSize, hop, window: hannWindow(windowSize), padding: 'zeros' });
  const bands = bandsOf(sampleRate / fftSize, stft.fft.bins);
  const columns = stft.frameCount(samples.length);
  const decibels = new Float32Array(rows * columns);
  const overhang = Math.ceil(fftSize / hop);

  for (let first = 0; first < columns; first += framesAtOnce) {
    const count = Math.min(framesAtOnce, columns - first);
    // A piece begins and ends some frames early and late, so that its edges are not taken for the recording's.
    const before = Math.min(first, overhang);
    const start = (first - before) * hop;
    const piece = samples.subarray(start, (first + count + overhang) * hop);
    kernels.scope(() => {
      const { view } = stft.forward(kernels.copyF32(piece), before, count);
      for (let frame = 0; frame < count; frame += 1) {
        const spectrum = view.subarray(frame * stft.fft.spectrumLength, (frame + 1) * stft.fft.spectrumLength);
        for (const [row, band] of bands.entries()) {
          const power = band ? powerIn(spectrum, stft.fft.stride, band) : 0;
          decibels[row * columns + first + frame] = 10 * Math.log10(power + leastPower);
        }
      }
    });
  }
  stft.dispose();
  const loudest = decibels.reduce((most, level) => Math.max(most, level), quietestPeak);
  const levels = Uint8Array.from(decibels, (level) => 255 * Math.max(0, 1 + (level - loudest) / rangeDecibels));
  return { levels, columns, rows };
}

/** The bands of all rows, the highest first; undefined beyond the last bin. */
function bandsOf(binHz: number, bins: number): (Band | undefined)[] {
  return Array.from({ length: rows }, (_, row) => {
    const height = (at: number) => (rows - 1 - at) / (rows - 1);
    const bin = frequencyAt(height(row)) / binHz;
    const [from, to] = [frequencyAt(height(row + 0.5)) / binHz, frequencyAt(height(row - 0.5)) / binHz];
    if (bin > bins - 1) return undefined;
    const [firstBin, lastBin] = [Math.ceil(from), Math.min(Math.floor(to), bins - 1)];
    return firstBin < lastBin
      ? { firstBin, lastBin, share: 0 }
      : { firstBin: Math.floor(bin), lastBin: Math.floor(bin), share: bin - Math.floor(bin) };
  });
}

/** The largest power in a band, in between two bins by their mean. */
function powerIn(spectrum: Float32Array, stride: number, { firstBin, lastBin, share }: Band): number {
  const power = (bin: number) => (spectrum[bin] ?? 0) ** 2 + (spectrum[bin + stride] ?? 0) ** 2;
  if (share > 0) return power(firstBin) * (1 - share) + power(firstBin + 1) * share;
  let most = 0;
  for (let bin = firstBin; bin <= lastBin; bin += 1) most = Math.max(most, power(bin));
  return most;
}
