/** Writes SECONDS of speech as FLAC to FILE: the sample voices one after another, over again as often as it takes. */
import { join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import { encodeAudio } from '#core/audio/encode.ts';

const voices = ['1688', '3080', '2033', '3331'];
const sampleRate = 16000;

const [file, seconds] = process.argv.slice(2);
if (!file || !Number(seconds)) throw new Error('usage: make-speech.ts FILE SECONDS');

const speech = new Float32Array(Number(seconds) * sampleRate);
let at = 0;
for (let turn = 0; at < speech.length; turn++) {
  const bytes = await Bun.file(
    join(import.meta.dir, `../../samples/voices/${voices[turn % voices.length]}.flac`),
  ).bytes();
  const { audio } = await decodeAudio(bytes);
  if (audio.sampleRate !== sampleRate) throw new Error(`a sample voice has ${audio.sampleRate} Hz, not ${sampleRate}`);
  speech.set(audio.samples.subarray(0, speech.length - at), at);
  at += audio.samples.length;
}
await Bun.write(file, await encodeAudio({ samples: speech, sampleRate }, { format: 'flac' }));
