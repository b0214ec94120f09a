import { writeWav } from '#core/audio/wav-writer.ts';
import workletUrl from './microphone-worklet.ts?worker&url';

/** Why a microphone cannot be used; the interface has words for each. */
export type MicrophoneProblem = 'denied' | 'missing' | 'unsupported';

export class MicrophoneError extends Error {
  readonly problem: MicrophoneProblem;

  constructor(problem: MicrophoneProblem, options?: { cause?: unknown }) {
    super(problem, options);
    this.name = 'MicrophoneError';
    this.problem = problem;
  }
}

/** A recording that is going on. Exactly one of `stop` and `discard` ends it and lets go of the microphone. */
export interface MicrophoneRecording {
  /** Ends it and gives what was heard as a WAV file. */
  stop(): Promise<Blob>;
  discard(): Promise<void>;
}

export interface MicrophoneNews {
  /** A new block was heard: its largest absolute value (0..1) and the length of the recording so far in seconds. */
  onBlock(peak: number, seconds: number): void;
}

/**
 * Starts to record the microphone, mono and uncompressed, as it sounds: echo cancellation, automatic gain and noise suppression of
 * the browser would all change the voice.
 *
 * @throws {MicrophoneError}
 */
export async function recordMicrophone({ onBlock }: MicrophoneNews): Promise<MicrophoneRecording> {
  const stream = await openMicrophone();
  const context = new AudioContext();
  const blocks: Float32Array[] = [];
  let length = 0;

  const close = async () => {
    for (const track of stream.getTracks()) track.stop();
    await context.close();
  };

  try {
    await context.audioWorklet.addModule(workletUrl);
    const tap = new AudioWorkletNode(context, 'microphone-tap', { numberOfOutputs: 0, channelCount: 1 });
    tap.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
      blocks.push(data);
      length += data.length;
      onBlock(
        data.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0),
        length / context.sampleRate,
      );
    };
    context.createMediaStreamSource(stream).connect(tap);
    await context.resume();
  } catch (cause) {
    await close();
    throw new MicrophoneError('unsupported', { cause });
  }

  return {
    async stop() {
      await close();
      return toWav(blocks, length, context.sampleRate);
    },
    discard: close,
  };
}

/**
 * The microphone as it sounds; `deviceId` empty: the system's own.
 *
 * @throws {MicrophoneError}
 */
export async function openMicrophone(deviceId = ''): Promise<MediaStream> {
  if (!navigator.mediaDevices || typeof AudioWorkletNode === 'undefined') throw new MicrophoneError('unsupported');
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: {
        echoCancellation: false,
        noiseSuppression: false,
        autoGainControl: false,
        channelCount: 1,
        ...(deviceId && { deviceId: { exact: deviceId } }),
      },
    });
  } catch (cause) {
    const name = cause instanceof DOMException ? cause.name : '';
    throw new MicrophoneError(name === 'NotFoundError' || name === 'OverconstrainedError' ? 'missing' : 'denied', {
      cause,
    });
  }
}

function toWav(blocks: readonly Float32Array[], length: number, sampleRate: number): Blob {
  const samples = new Float32Array(length);
  let offset = 0;
  for (const block of blocks) {
    samples.set(block, offset);
    offset += block.length;
  }
  return new Blob([new Uint8Array(writeWav({ samples, sampleRate }, 'wav16'))], { type: 'audio/wav' });
}
