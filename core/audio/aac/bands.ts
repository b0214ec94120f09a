/** Scale factor bands of one sample rate (ISO/IEC 14496-3, tables 4.129 to 4.147): where each begins, and where the last one ends. */
export interface Bands {
  readonly long: Uint16Array;
  readonly short: Uint16Array;
  /** Bands that temporal noise shaping may reach (table 4.155), in long and short windows. */
  readonly shapedLong: number;
  readonly shapedShort: number;
}

/** Band edges from the widths of the bands. */
function edges(...widths: readonly number[]): Uint16Array {
  const all = new Uint16Array(widths.length + 1);
  widths.forEach((width, i) => {
    all[i + 1] = (all[i] ?? 0) + width;
  });
  return all;
}

const times = (count: number, width: number): number[] => new Array<number>(count).fill(width);

const long96 = edges(...times(14, 4), ...times(5, 8), ...times(5, 12), 16, 16, 24, 28, 36, 44, ...times(11, 64));
const long64 = edges(
  ...times(14, 4),
  ...times(4, 8),
  ...times(3, 12),
  ...times(3, 16),
  20,
  24,
  24,
  28,
  36,
  ...times(18, 40),
);
const long48 = edges(
  ...times(10, 4),
  ...times(7, 8),
  ...times(4, 12),
  16,
  16,
  20,
  20,
  24,
  24,
  28,
  28,
  ...times(19, 32),
  96,
);
const long32 = edges(
  ...times(10, 4),
  ...times(7, 8),
  ...times(4, 12),
  16,
  16,
  20,
  20,
  24,
  24,
  28,
  28,
  ...times(22, 32),
);
const long24 = edges(
  ...times(11, 4),
  ...times(10, 8),
  ...times(4, 12),
  ...times(3, 16),
  20,
  20,
  24,
  24,
  28,
  28,
  32,
  36,
  36,
  40,
  44,
  48,
  52,
  52,
  ...times(5, 64),
);
const long16 = edges(
  ...times(11, 8),
  ...times(9, 12),
  ...times(4, 16),
  ...times(3, 20),
  24,
  24,
  28,
  28,
  32,
  36,
  40,
  40,
  44,
  48,
  52,
  56,
  60,
  ...times(3, 64),
);
const long8 = edges(
  ...times(13, 12),
  ...times(7, 16),
  ...times(4, 20),
  ...times(3, 24),
  28,
  28,
  32,
  36,
  36,
  40,
  44,
  48,
  52,
  56,
  60,
  64,
  80,
);
const short96 = edges(...times(6, 4), ...times(3, 8), 16, 28, 36);
const short48 = edges(...times(5, 4), ...times(3, 8), ...times(3, 12), ...times(3, 16));
const short24 = edges(...times(7, 4), ...times(3, 8), 12, 12, 16, 16, 20);
const short16 = edges(...times(8, 4), 8, 8, 12, 12, 16, 20, 20);
const short8 = edges(...times(7, 4), ...times(4, 8), 12, 16, 20, 20);

/** By the index of the sample rate in AudioSpecificConfig and ADTS. */
const bandsByRate: readonly Bands[] = [
  { long: long96, short: short96, shapedLong: 31, shapedShort: 9 },
  { long: long96, short: short96, shapedLong: 31, shapedShort: 9 },
  { long: long64, short: short96, shapedLong: 34, shapedShort: 10 },
  { long: long48, short: short48, shapedLong: 40, shapedShort: 14 },
  { long: long48, short: short48, shapedLong: 42, shapedShort: 14 },
  { long: long32, short: short48, shapedLong: 51, shapedShort: 14 },
  { long: long24, short: short24, shapedLong: 46, shapedShort: 14 },
  { long: long24, short: short24, shapedLong: 46, shapedShort: 14 },
  { long: long16, short: short16, shapedLong: 42, shapedShort: 14 },
  { long: long16, short: short16, shapedLong: 42, shapedShort: 14 },
  { long: long16, short: short16, shapedLong: 42, shapedShort: 14 },
  { long: long8, short: short8, shapedLong: 39, shapedShort: 14 },
  { long: long8, short: short8, shapedLong: 39, shapedShort: 14 },
];

export const sampleRates: readonly number[] = [
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];

/** Lowest rate that takes the bands of each index, for rates that have no index of their own (table 4.82). */
const lowestRates = [92017, 75132, 55426, 46009, 37566, 27713, 23004, 18783, 13856, 11502, 9391, 0];

/** The bands for a rate in Hz. */
export function bandsFor(sampleRate: number): Bands {
  const index = lowestRates.findIndex((lowest) => sampleRate >= lowest);
  const bands = bandsByRate[index];
  if (!bands) throw new RangeError(`sample rate ${sampleRate}`);
  return bands;
}
