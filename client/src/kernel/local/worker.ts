/**
 * The thread in which this device converts: takes a message apart, calls the core, puts the answer together. ONNX Runtime and the
 * models load with the first conversion; reading a file needs neither.
 */
import { decodeAudio } from '#core/audio/decode.ts';
import { writeWav } from '#core/audio/wav-writer.ts';
import { parseVoice } from '#core/voice/serialize.ts';
import { enginesOf } from '#core/voice/speaker.ts';
import { failureOf } from './failure.ts';
import type { LocalOutcome, LocalReply, LocalRequest } from './protocol.ts';

declare const self: {
  onmessage: ((event: { readonly data: LocalRequest }) => void) | null;
  postMessage(message: LocalReply, transfer: Transferable[]): void;
};

const running = new Map<number, AbortController>();

self.onmessage = ({ data: request }) => {
  if (request.type === 'cancel') running.get(request.id)?.abort();
  else void answer(request);
};

async function answer(request: Exclude<LocalRequest, { type: 'cancel' }>): Promise<void> {
  const { id } = request;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const result = await perform(request, controller.signal);
    self.postMessage({ id, type: 'done', result }, buffersOf(result));
  } catch (error) {
    self.postMessage({ id, type: 'failed', failure: failureOf(error) }, []);
  } finally {
    running.delete(id);
  }
}

function buffersOf(result: LocalOutcome): ArrayBuffer[] {
  if ('bytes' in result) return [result.bytes.buffer];
  if ('profile' in result) return [result.profile.buffer];
  return 'levels' in result ? [result.levels.buffer] : [];
}

async function perform(request: Exclude<LocalRequest, { type: 'cancel' }>, signal: AbortSignal): Promise<LocalOutcome> {
  if (request.type === 'decode') {
    const { audio } = await decodeAudio(new Uint8Array(request.file), { signal });
    return { bytes: new Uint8Array(writeWav(audio, 'wav16')), mediaType: 'audio/wav' };
  }
  if (request.type === 'encode') {
    const { encodeLocally } = await import('./encode-locally.ts');
    return encodeLocally(request.encoding, { signal });
  }
  if (request.type === 'spectrogram') {
    const { spectrogramLocally } = await import('./spectrogram-locally.ts');
    return spectrogramLocally(request.file, { signal });
  }
  if (request.type === 'similarity') {
    const { similarityLocally } = await import('./similarity-locally.ts');
    return similarityLocally(request.comparison, { signal });
  }
  if (request.type === 'voice-quality') {
    const { voiceQualityOf } = await import('./voice-quality.ts');
    return voiceQualityOf(request.references, { signal });
  }
  if (request.type === 'check-voice') {
    const voice = parseVoice(new Uint8Array(request.profile));
    return { speechSeconds: voice.speechSeconds, engines: enginesOf(voice) };
  }
  if (request.type === 'describe-voice') {
    const { describeVoiceLocally } = await import('./convert-locally.ts');
    return describeVoiceLocally(request.recordings, { signal });
  }
  const { convertLocally } = await import('./convert-locally.ts');
  return convertLocally(request.conversion, {
    signal,
    onProgress: (fraction) => self.postMessage({ id: request.id, type: 'progress', fraction }, []),
  });
}
