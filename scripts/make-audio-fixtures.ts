/**
 * Encodes the test signal of core/audio/fixtures/signal.ts to every format that the core reads, with ffmpeg (developer tool; the
 * results are committed): `bun scripts/make-audio-fixtures.ts`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rightGain, voiceLikeSignal } from '#core/audio/fixtures/signal.ts';
import { transientSignal } from '#core/audio/fixtures/transient.ts';

const folder = join(import.meta.dir, '..', 'core', 'audio', 'fixtures');
const exact = ['-fflags', '+bitexact', '-flags:a', '+bitexact', '-map_metadata', '-1'];

interface Fixture {
  readonly file: string;
  readonly seconds: number;
  readonly sampleRate: number;
  readonly channels: 1 | 2;
  readonly codec: readonly string[];
}

const wav = (name: string, codec: string, channels: 1 | 2 = 1): Fixture => ({
  file: `${name}.wav`,
  seconds: 0.25,
  sampleRate: 11025,
  channels,
  codec: ['-c:a', codec],
});

const lossy = (file: string, ...codec: string[]): Fixture => ({
  file,
  seconds: 1.2,
  sampleRate: 44100,
  channels: 2,
  codec,
});

const opus = (file: string, ...codec: string[]): Fixture => ({
  ...lossy(file, '-c:a', 'libopus', ...codec),
  sampleRate: 48000,
});

const fixtures: readonly Fixture[] = [
  wav('u8', 'pcm_u8'),
  wav('s16', 'pcm_s16le'),
  wav('s24', 'pcm_s24le', 2),
  wav('s32', 'pcm_s32le'),
  wav('f32', 'pcm_f32le', 2),
  wav('f64', 'pcm_f64le'),
  wav('alaw', 'pcm_alaw'),
  wav('mulaw', 'pcm_mulaw'),
  { ...wav('rf64', 'pcm_s16le'), codec: ['-c:a', 'pcm_s16le', '-rf64', 'always'] },
  lossy('xing.mp3', '-c:a', 'libmp3lame', '-b:a', '96k', '-metadata', 'title=Thử giọng', '-id3v2_version', '3'),
  lossy('plain.mp3', '-c:a', 'libmp3lame', '-b:a', '64k', '-write_xing', '0', '-write_id3v2', '0'),
  { ...lossy('low-rate.mp3', '-c:a', 'libmp3lame', '-q:a', '4'), sampleRate: 16000, channels: 1 },
  { ...lossy('lossless.flac', '-c:a', 'flac'), seconds: 0.5, sampleRate: 16000 },
  { ...lossy('lossless24.flac', '-c:a', 'flac', '-sample_fmt', 's32'), seconds: 0.5, sampleRate: 16000, channels: 1 },
  lossy('recorder.m4a', '-c:a', 'aac', '-b:a', '80k', '-movflags', '+faststart'),
  lossy('index-last.m4a', '-c:a', 'aac', '-b:a', '64k'),
  lossy(
    'fragmented.mp4',
    '-c:a',
    'aac',
    '-b:a',
    '64k',
    '-movflags',
    'frag_keyframe+empty_moov',
    '-frag_duration',
    '500000',
  ),
  lossy('stream.aac', '-c:a', 'aac', '-b:a', '80k', '-f', 'adts'),
  lossy('vorbis.ogg', '-c:a', 'libvorbis', '-q:a', '2'),
  opus('opus.ogg', '-b:a', '48k'),
  opus('browser.webm', '-b:a', '48k'),
  opus('live.webm', '-b:a', '32k', '-live', '1'),
  lossy('vorbis.webm', '-c:a', 'libvorbis', '-q:a', '1'),
];

async function run(command: string[]): Promise<void> {
  const { exitCode, stderr } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(`${command.join(' ')}\n${stderr}`);
}

function interleave(left: Float32Array, channels: 1 | 2): Float32Array {
  if (channels === 1) return left;
  return Float32Array.from({ length: left.length * 2 }, (_, i) => (left[i >> 1] ?? 0) * (i % 2 ? rightGain : 1));
}

/** AAC whose decoding is fully determined (no noise substitution), and what ffmpeg decodes of it. */
async function makeAacReference(work: string): Promise<void> {
  const sampleRate = 16000;
  const left = transientSignal(0.5, sampleRate);
  const right = voiceLikeSignal(0.5, sampleRate);
  const raw = join(work, 'transient.f32');
  await Bun.write(
    raw,
    Float32Array.from({ length: 2 * left.length }, (_, i) => (i % 2 ? right : left)[i >> 1] ?? 0),
  );
  const input = ['-f', 'f32le', '-ar', String(sampleRate), '-ac', '2', '-i', raw];
  const coded = join(folder, 'transient.m4a');
  await run(['ffmpeg', '-v', 'error', '-y', ...input, ...exact, '-c:a', 'aac', '-aac_pns', '0', '-b:a', '48k', coded]);
  const mono = ['-filter_complex', 'pan=mono|c0=0.5*c0+0.5*c1', '-c:a', 'flac', '-sample_fmt', 's32'];
  await run(['ffmpeg', '-v', 'error', '-y', '-i', coded, ...exact, ...mono, join(folder, 'transient.flac')]);
}

const work = await mkdtemp(join(tmpdir(), 'audio-fixtures-'));
try {
  for (const { file, seconds, sampleRate, channels, codec } of fixtures) {
    const raw = join(work, 'signal.f32');
    await Bun.write(raw, interleave(voiceLikeSignal(seconds, sampleRate), channels));
    const input = ['-f', 'f32le', '-ar', String(sampleRate), '-ac', String(channels), '-i', raw];
    await run(['ffmpeg', '-v', 'error', '-y', ...input, ...exact, ...codec, join(folder, file)]);
    console.log(file, Bun.file(join(folder, file)).size);
  }
  await makeAacReference(work);
} finally {
  await rm(work, { recursive: true });
}
