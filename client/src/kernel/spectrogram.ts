/** How strong each frequency is over time: a picture of sound. */
export interface Spectrogram {
  /** Levels, row by row, the highest frequency first: 0 is `rangeDecibels` below the loudest, 255 the loudest. */
  readonly levels: Uint8Array<ArrayBuffer>;
  readonly columns: number;
  readonly rows: number;
}

/** The frequencies of the lowest and the highest row, in Hz: from a low voice's pitch to the end of its hiss. */
const spectrogramRange = { lowestHz: 60, highestHz: 11_000 } as const;

/** Level of the faintest shade, in decibels below the loudest. */
export const rangeDecibels = 70;

/** Where a frequency lies between the lowest row (0) and the highest (1): octaves are equally high. */
export function heightOf(hz: number): number {
  const { lowestHz, highestHz } = spectrogramRange;
  return Math.log(hz / lowestHz) / Math.log(highestHz / lowestHz);
}

/** The frequency at a height between the lowest row (0) and the highest (1), in Hz. */
export function frequencyAt(height: number): number {
  const { lowestHz, highestHz } = spectrogramRange;
  return lowestHz * (highestHz / lowestHz) ** height;
}
