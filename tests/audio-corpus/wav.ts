import { type BrokenFile, broken } from './broken-file.ts';
import { concat, littleEndian, patched } from './bytes.ts';

interface Header {
  readonly tag?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly blockAlign?: number;
  readonly bits?: number;
  readonly formatBytes?: number;
  readonly dataBytes?: number;
  readonly riffBytes?: number;
  readonly format?: 'missing' | 'after data' | 'twice';
}

const rate = 16000;

/** A second of a 200 Hz tone as 16-bit samples. */
function tone(frames = rate): Uint8Array<ArrayBuffer> {
  const samples = Int16Array.from({ length: frames }, (_, i) => 8000 * Math.sin((2 * Math.PI * 200 * i) / rate));
  return new Uint8Array(samples.buffer);
}

/** A mono WAV of 16 bit at 16 kHz whose header says what it is told to, whatever its `data` holds. */
function wav(header: Header, data: Uint8Array = tone()): Uint8Array<ArrayBuffer> {
  const { tag = 1, channels = 1, sampleRate = rate, bits = 16, blockAlign = channels * Math.ceil(bits / 8) } = header;
  const { formatBytes = 16, dataBytes = data.length, format } = header;
  const formatChunk = concat(
    'fmt ',
    littleEndian(formatBytes, 4),
    littleEndian(tag, 2),
    littleEndian(channels, 2),
    littleEndian(sampleRate, 4),
    littleEndian(sampleRate * blockAlign, 4),
    littleEndian(blockAlign, 2),
    littleEndian(bits, 2),
  );
  const dataChunk = concat('data', littleEndian(dataBytes, 4), data);
  const before = format === 'missing' || format === 'after data' ? [] : [formatChunk];
  if (format === 'twice') before.push(formatChunk);
  const body = concat('WAVE', ...before, dataChunk, ...(format === 'after data' ? [formatChunk] : []));
  return concat('RIFF', littleEndian(header.riffBytes ?? body.length, 4), body);
}

const floats = (value: (i: number) => number) => {
  const samples = Float32Array.from({ length: rate }, (_, i) => value(i));
  return wav({ tag: 3, bits: 32 }, new Uint8Array(samples.buffer));
};
const sine = (i: number) => 0.3 * Math.sin((2 * Math.PI * 200 * i) / rate);

export const wavFiles: readonly BrokenFile[] = [
  broken('WAV that states half its data', 'decodes', () => wav({ dataBytes: rate })),
  broken('WAV that states twice its data', 'audio-corrupt', () => wav({ dataBytes: 4 * rate })),
  broken('WAV whose data is 0xFFFFFFFF long', 'decodes', () => wav({ dataBytes: 2 ** 32 - 1 })),
  broken('WAV whose data is 0 long', 'decodes', () => wav({ dataBytes: 0 })),
  broken('WAV that states four hours', 'audio-too-long', () => wav({ dataBytes: 4 * 3600 * 2 * rate })),
  broken('WAV whose RIFF size is 0', 'decodes', () => wav({ riffBytes: 0 })),
  broken('WAV whose RIFF size is huge', 'decodes', () => wav({ riffBytes: 2 ** 32 - 1 })),
  broken('WAV without a fmt chunk', 'audio-corrupt', () => wav({ format: 'missing' })),
  broken('WAV with fmt after data', 'audio-corrupt', () => wav({ format: 'after data' })),
  broken('WAV with fmt twice', 'decodes', () => wav({ format: 'twice' })),
  broken('WAV with a fmt chunk of 2 bytes', 'audio-corrupt', () => wav({ formatBytes: 2 })),
  broken('WAV with a fmt chunk of 4 GB', 'audio-corrupt', () => wav({ formatBytes: 2 ** 32 - 1 })),
  broken('WAV without data', 'audio-corrupt', () => wav({}).slice(0, 36)),
  broken('WAV with an empty data chunk', 'audio-too-short', () => wav({}, new Uint8Array(0))),
  broken('WAV of 1 sample', 'audio-too-short', () => wav({}, tone(1))),
  broken('WAV of half a sample', 'audio-too-short', () => wav({}, new Uint8Array(1))),
  broken('WAV with a thousand empty chunks before its sound', 'decodes', () => {
    const file = wav({});
    return concat(file.subarray(0, 12), ...Array(1000).fill('LIST\0\0\0\0'), file.subarray(12));
  }),
  broken('WAV with a chunk that reaches beyond its end', 'audio-corrupt', () => {
    const file = wav({});
    return concat(file.subarray(0, 12), 'LIST', littleEndian(2 ** 31, 4), file.subarray(12));
  }),
  broken('WAV whose block align is 0', 'decodes', () => wav({ blockAlign: 0 })),
  broken('WAV whose block align is 65535', 'decodes', () => wav({ blockAlign: 65535 })),
  broken('WAV of 0 bits', 'audio-format-unknown', () => wav({ bits: 0 })),
  broken('WAV of 7 bits', 'decodes', () =>
    wav(
      { bits: 7 },
      tone().map((byte) => 128 + (byte >> 2)),
    ),
  ),
  broken('WAV of 64-bit integers', 'audio-format-unknown', () => wav({ bits: 64 })),
  broken('WAV of 65535 bits', 'audio-format-unknown', () => wav({ bits: 65535 })),
  broken('WAV of 16-bit floats', 'audio-format-unknown', () => wav({ tag: 3 })),
  broken('WAV of ADPCM', 'audio-format-unknown', () => wav({ tag: 2, bits: 4 })),
  broken('WAV that wraps an MP3', 'audio-format-unknown', () => wav({ tag: 0x55, bits: 0 })),
  broken('WAV of 0 Hz', 'audio-rate-unsupported', () => wav({ sampleRate: 0 })),
  broken('WAV of 1 Hz', 'audio-rate-unsupported', () => wav({ sampleRate: 1 })),
  broken('WAV of 4 GHz', 'audio-rate-unsupported', () => wav({ sampleRate: 4_000_000_000 })),
  broken('WAV of 0 channels', 'audio-channels-unsupported', () => wav({ channels: 0 })),
  broken('WAV of 64 channels', 'audio-channels-unsupported', () => wav({ channels: 64 })),
  broken('WAV of 65535 channels', 'audio-channels-unsupported', () => wav({ channels: 65535 })),
  broken('WAV with a NaN', 'audio-not-finite', () => floats((i) => (i === 9000 ? Number.NaN : sine(i)))),
  broken('WAV with an infinity', 'audio-not-finite', () =>
    floats((i) => (i === 9000 ? Number.NEGATIVE_INFINITY : sine(i))),
  ),
  broken('WAV of doubles beyond what a float holds', 'audio-not-finite', () =>
    wav({ tag: 3, bits: 64 }, new Uint8Array(Float64Array.from({ length: rate }, () => 1e300).buffer)),
  ),
  broken('WAV of zeros', 'audio-silent', () => wav({}, new Uint8Array(2 * rate))),
  broken('WAV of noise below −80 dB', 'audio-silent', () => floats((i) => 1e-5 * sine(i))),
  broken('WAV of nothing but DC', 'audio-silent', () => floats(() => 0.5)),
  broken('RF64 without ds64', 'decodes', () => patched(wav({ dataBytes: 2 ** 32 - 1 }), 0, [0x52, 0x46, 0x36, 0x34])),
  broken('RF64 whose ds64 states 2^63 bytes', 'audio-too-long', () => {
    const file = patched(wav({ dataBytes: 2 ** 32 - 1 }), 0, [0x52, 0x46, 0x36, 0x34]);
    const sizes = [...littleEndian(0, 8), ...littleEndian(0, 7), 0x7f, ...littleEndian(0, 12)];
    return concat(file.subarray(0, 12), 'ds64', littleEndian(28, 4), sizes, file.subarray(12));
  }),
];
