import { InputError } from '../../errors.ts';
import { viewOf } from './byte-reader.ts';
import type { PcmStream } from './pcm-stream.ts';
import { trimmed } from './trim.ts';

/** Opus always decodes at this rate. */
const opusRate = 48000;
const packetsPerStep = 32;

/** What a container knows of the end; the shortest counts. */
export interface OpusEnd {
  /** Position of the end in samples, the encoder's own at the beginning included. */
  readonly position?: number | undefined;
  /** Length of the recording in seconds. */
  readonly seconds?: number | undefined;
  /** Seconds of the last packet that are no part of the recording. */
  readonly discardSeconds?: number;
}

/**
 * Opus packets out of a container. `head` is OpusHead (RFC 7845, section 5.1): it tells the channels and how many samples at the
 * beginning are the encoder's. Throws `InputError('audio-corrupt')`.
 */
export function openOpus(
  head: Uint8Array,
  packets: Iterable<Uint8Array>,
  { position = Number.POSITIVE_INFINITY, seconds = Number.POSITIVE_INFINITY, discardSeconds = 0 }: OpusEnd,
): Omit<PcmStream, 'format' | 'cut'> {
  if (head.length < 19) throw new InputError('audio-corrupt', { reason: 'opus-header' });
  const view = viewOf(head);
  const channels = head[9] ?? 0;
  const mapped = (head[18] ?? 0) !== 0 && head.length >= 21 + channels;
  const options = {
    channels,
    outputGain: view.getInt16(16, true),
    ...(mapped && {
      streamCount: head[19] ?? 1,
      coupledStreamCount: head[20] ?? 0,
      channelMappingTable: head.slice(21, 21 + channels),
    }),
  };
  const preSkip = view.getUint16(10, true);
  let coded = 0;
  for (const packet of packets) coded += packetFrames(packet);
  const end = Math.min(coded - Math.round(discardSeconds * opusRate), position);
  const total = Math.max(0, Math.min(end - preSkip, Math.round(seconds * opusRate)));
  return {
    sampleRate: opusRate,
    channels,
    claimedFrames: total,
    chunks: () => trimmed(decode(packets, options), preSkip, total),
  };
}

type DecoderOptions = Parameters<
  Awaited<ReturnType<typeof import('@audio/decode-opus/core')['createOpusDecoder']>>['configure']
>[0];

async function* decode(
  packets: Iterable<Uint8Array>,
  options: DecoderOptions,
): AsyncGenerator<readonly Float32Array[]> {
  const { createOpusDecoder } = await import('@audio/decode-opus/core');
  const decoder = await createOpusDecoder();
  try {
    decoder.configure(options);
    let step: Uint8Array[] = [];
    for (const packet of packets) {
      step.push(packet);
      if (step.length < packetsPerStep) continue;
      yield decoder.decodeFrames(step).channelData;
      step = [];
    }
    yield decoder.decodeFrames(step).channelData;
  } catch (cause) {
    throw new InputError('audio-corrupt', { reason: 'decoder' }, { cause });
  } finally {
    decoder.free();
  }
}

/** Samples at 48 kHz of one packet, by its first bytes (RFC 6716, section 3.1). */
function packetFrames(packet: Uint8Array): number {
  const [first = 0, second = 0] = packet;
  const code = first & 3;
  const count = code === 0 ? 1 : code === 3 ? second & 63 : 2;
  return packet.length === 0 ? 0 : count * frameLength(first >> 3);
}

/** SILK has frames of 10 to 60 ms, hybrid of 10 and 20 ms, CELT of 2.5 to 20 ms. */
function frameLength(configuration: number): number {
  if (configuration < 12) return [480, 960, 1920, 2880][configuration & 3] ?? 0;
  if (configuration < 16) return configuration & 1 ? 960 : 480;
  return 120 << (configuration & 3);
}
