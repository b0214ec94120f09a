import type { OutputFormat } from '#core/audio/encode.ts';

/** The formats that users know, and what is written for each. WAV is 16 bit, which plays everywhere. */
export const fileFormats = { wav: 'wav16', flac: 'flac', mp3: 'mp3' } as const satisfies Record<string, OutputFormat>;
