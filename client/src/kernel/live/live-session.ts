import { errorOfFailure } from '../local/failure.ts';
import { MicrophoneError, openMicrophone } from '../microphone.ts';
import workletUrl from './live-worklet.ts?worker&url';
import type { LiveReply, LiveRequest, LiveSettings, Meter, Pace } from './protocol.ts';
import { createRingMemory } from './ring.ts';

export interface LiveNews {
  onMeter(meter: Meter): void;
  onPace(pace: Pace, blockMilliseconds: number): void;
  /** The microphone was unplugged, or the conversion failed: it has stopped by itself. */
  onEnd(problem: MicrophoneError | Error | 'device-lost'): void;
}

export interface LiveChoice {
  /** A recording of the voice, or a saved voice's profile. */
  readonly reference: Blob;
  readonly settings: LiveSettings;
  /** Empty for the system's own. */
  readonly inputId: string;
  readonly outputId: string;
  readonly isHeard: boolean;
}

/** A conversion that goes on until `stop`. */
export interface LiveSession {
  /** What the devices and the browser add before and after, in seconds, as far as they tell. */
  outsideSeconds(): number;
  configure(settings: LiveSettings): void;
  /** Of several changes the last one counts. */
  changeVoice(load: () => Promise<Blob>): Promise<void>;
  hear(isHeard: boolean): void;
  record(): void;
  /** What came out since `record`, as a WAV file. */
  takeRecording(): Promise<Blob>;
  stop(): Promise<void>;
}

/**
 * Microphone → voice → loudspeaker, until stopped.
 *
 * @throws {MicrophoneError | GiongError}
 */
export async function startLive(choice: LiveChoice, news: LiveNews): Promise<LiveSession> {
  const microphone = await openMicrophone(choice.inputId);
  const context = new AudioContext({ latencyHint: 'interactive' });
  const worker = new Worker(new URL('./live-worker.ts', import.meta.url), { type: 'module', name: 'giong-live' });
  const [track] = microphone.getAudioTracks();
  let lastChange: (() => Promise<Blob>) | undefined;
  let onRecording: ((blob: Blob) => void) | undefined;
  const ask = (request: LiveRequest, transfer: Transferable[] = []) => worker.postMessage(request, transfer);

  const stop = async () => {
    if (track) track.onended = null;
    for (const each of microphone.getTracks()) each.stop();
    worker.terminate();
    if (context.state !== 'closed') await context.close();
  };
  const end = (problem: Error | 'device-lost') => {
    void stop();
    news.onEnd(problem);
  };

  try {
    const [ring, channel] = [createRingMemory(crossOriginIsolated), new MessageChannel()];
    const reference = await choice.reference.arrayBuffer();
    const { settings } = choice;
    const ready = firstReply(worker);
    ask(
      {
        type: 'open',
        reference,
        settings,
        sampleRate: context.sampleRate,
        audio: channel.port2,
        ring: crossOriginIsolated ? ring : undefined,
      },
      [channel.port2, reference],
    );
    await context.audioWorklet.addModule(workletUrl);
    const { blockSamples, latencySamples } = await ready;
    worker.onmessage = ({ data }: MessageEvent<LiveReply>) => {
      if (data.type === 'failed') end(errorOfFailure(data.failure));
      else if (data.type === 'recording') onRecording?.(new Blob([data.bytes], { type: 'audio/wav' }));
      else if (data.type === 'pace') news.onPace(data, (1000 * blockSamples) / context.sampleRate);
    };
    const node = new AudioWorkletNode(context, 'giong-live', {
      channelCount: 1,
      outputChannelCount: [1],
      processorOptions: { blockSamples, latencySamples, ring },
    });
    node.port.onmessage = ({ data }: MessageEvent<Meter>) => news.onMeter(data);
    node.port.postMessage(channel.port1, [channel.port1]);
    const heard = new GainNode(context, { gain: choice.isHeard ? 1 : 0 });
    context.createMediaStreamSource(microphone).connect(node).connect(heard).connect(context.destination);
    await setOutput(context, choice.outputId);
    await context.resume();
    if (track) track.onended = () => end('device-lost');

    return {
      outsideSeconds: () => (context.outputLatency || 0) + context.baseLatency + inputLatency(track),
      configure: (next) => ask({ type: 'configure', settings: next }),
      async changeVoice(load) {
        lastChange = load;
        const bytes = await (await load()).arrayBuffer();
        if (lastChange === load) ask({ type: 'voice', reference: bytes }, [bytes]);
      },
      hear: (isHeard) => heard.gain.setTargetAtTime(isHeard ? 1 : 0, context.currentTime, 0.02),
      record: () => ask({ type: 'record' }),
      takeRecording: () =>
        new Promise((resolve) => {
          onRecording = resolve;
          ask({ type: 'take-recording' });
        }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function firstReply(worker: Worker): Promise<LiveReply & { type: 'ready' }> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<LiveReply>) => {
      if (data.type === 'ready') resolve(data);
      else if (data.type === 'failed') reject(errorOfFailure(data.failure));
    };
    worker.onerror = ({ message }) => reject(new MicrophoneError('unsupported', { cause: message }));
  });
}

/** Not every browser lets a page choose where it plays; then the system's choice stays. */
async function setOutput(context: AudioContext, id: string): Promise<void> {
  const chooser: AudioContext & { setSinkId?: (id: string) => Promise<void> } = context;
  if (id !== '') await chooser.setSinkId?.(id);
}

function inputLatency(track: MediaStreamTrack | undefined): number {
  const { latency } = (track?.getSettings() ?? {}) as { latency?: number };
  return latency ?? 0;
}
