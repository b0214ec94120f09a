import { batch, createSignal } from 'solid-js';
import { createStore } from 'solid-js/store';
import { type AudioDevices, listDevices, namesHeadphones } from '../../kernel/live/devices.ts';
import { type LiveSession, startLive } from '../../kernel/live/live-session.ts';
import type { LiveSettings, Meter } from '../../kernel/live/protocol.ts';
import { MicrophoneError, type MicrophoneProblem } from '../../kernel/microphone.ts';
import { blobOf, type Recording } from '../../kernel/recording.ts';
import { type Sample, sampleVoices } from '../../kernel/samples.ts';
import type { Services } from '../../kernel/services.ts';

/** What stopped it, or kept it from starting. */
type LiveProblem = { readonly kind: MicrophoneProblem | 'lost' } | { readonly kind: 'failed'; readonly error: Error };

const silent: Meter = { inputPeak: 0, outputPeak: 0, throughSeconds: 0, bufferSeconds: 0, dropOuts: 0 };
/** Above this share of a block's time there is no room for anything else on the device. */
const BUSY = 0.95;

/** The engine that converts live. */
export const liveEngine = 'mini';

/** State of the screen "Trực tiếp": it lasts as long as the screen is open. */
export function createLiveModel({ engine }: Pick<Services, 'engine'>) {
  const [state, setState] = createSignal<'off' | 'starting' | 'on'>('off');
  const [voice, setVoice] = createSignal<Recording>({ kind: 'sample', sample: sampleVoices[0] as Sample });
  const [settings, setSettings] = createStore<LiveSettings>({ strength: 1, pitch: 'auto', formant: 0, wet: 1 });
  const [devices, setDevices] = createSignal<AudioDevices>({ inputs: [], outputs: [] });
  const [chosen, setChosen] = createStore({ input: '', output: '' });
  const [isHeard, setHeard] = createSignal(false);
  /** Undefined until the user has said or a device's name has told. */
  const [hasHeadphones, setHeadphones] = createSignal<boolean>();
  const [meter, setMeter] = createSignal(silent);
  const [outside, setOutside] = createSignal(0);
  const [load, setLoad] = createSignal(0);
  /** Blocks that were not converted, as too many waited. */
  const [leftOut, setLeftOut] = createSignal(0);
  const [isSlow, setSlow] = createSignal(false);
  const [problem, setProblem] = createSignal<LiveProblem>();
  const [isRecording, setRecording] = createSignal(false);
  const [recorded, setRecorded] = createSignal<string>();
  let session: LiveSession | undefined;
  let isGone = false;

  function ended(next?: LiveProblem): void {
    session = undefined;
    batch(() => {
      setState('off');
      setRecording(false);
      setMeter(silent);
      setProblem(next);
    });
  }

  function problemOf(error: unknown): LiveProblem {
    if (error instanceof MicrophoneError) return { kind: error.problem };
    return { kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
  }

  async function start(): Promise<void> {
    if (state() !== 'off') return;
    setState('starting');
    setProblem(undefined);
    setSlow(false);
    setLeftOut(0);
    try {
      const reference = await blobOf(voice());
      const started = await startLive(
        { reference, settings: { ...settings }, inputId: chosen.input, outputId: chosen.output, isHeard: isHeard() },
        {
          onMeter: (next) => {
            setMeter(next);
            setOutside(session?.outsideSeconds() ?? 0);
          },
          onPace({ milliseconds, leftOut }, blockMilliseconds) {
            const mean = milliseconds.reduce((sum, value) => sum + value, 0) / Math.max(1, milliseconds.length);
            batch(() => {
              setLoad(mean / blockMilliseconds);
              setLeftOut((before) => before + leftOut);
              if (leftOut > 0 || mean > BUSY * blockMilliseconds) setSlow(true);
            });
          },
          onEnd: (why) => ended(why === 'device-lost' ? { kind: 'lost' } : problemOf(why)),
        },
      );
      if (isGone) return void started.stop();
      session = started;
      setState('on');
      await lookForDevices();
    } catch (error) {
      ended(problemOf(error));
    }
  }

  /** A recording is described by another thread, lest the one that converts be held up. */
  async function profileOf(recording: Recording): Promise<Blob> {
    const blob = await blobOf(recording);
    if (recording.kind === 'voice') return blob;
    const { profile } = await engine.describeVoice({ references: [await blob.arrayBuffer()], engines: [liveEngine] });
    return new Blob([profile]);
  }

  async function lookForDevices(): Promise<void> {
    const found = await listDevices();
    setDevices(found);
    const output = found.outputs.find(({ id }) => id === (chosen.output || 'default')) ?? found.outputs[0];
    if (output && namesHeadphones(output.label)) wearHeadphones();
  }

  function wearHeadphones(): void {
    setHeadphones(true);
    hear(true);
  }

  function hear(next: boolean): void {
    setHeard(next);
    session?.hear(next);
  }

  async function stop(): Promise<void> {
    if (isRecording()) await stopRecording();
    const old = session;
    ended();
    await old?.stop();
  }

  async function stopRecording(): Promise<void> {
    setRecording(false);
    const blob = await session?.takeRecording();
    if (!blob) return;
    forgetRecording();
    setRecorded(URL.createObjectURL(blob));
  }

  function forgetRecording(): void {
    const old = recorded();
    if (old) URL.revokeObjectURL(old);
    setRecorded(undefined);
  }

  return {
    state,
    voice,
    settings,
    devices,
    chosen,
    isHeard,
    hasHeadphones,
    meter,
    outside,
    load,
    /** Times that sound was missing, whatever the reason. */
    dropOuts: () => meter().dropOuts + leftOut(),
    isSlow,
    problem,
    isRecording,
    recorded,
    start,
    stop,
    hear,
    wearHeadphones,
    stopRecording,
    async chooseVoice(recording: Recording) {
      setVoice(recording);
      try {
        await session?.changeVoice(() => profileOf(recording));
      } catch (error) {
        setProblem(problemOf(error));
      }
    },
    change(part: Partial<LiveSettings>) {
      setSettings(part);
      session?.configure({ ...settings });
    },
    /** A device is taken up by starting anew. */
    async chooseDevice(part: Partial<typeof chosen>) {
      setChosen(part);
      if (part.output !== undefined) {
        setHeadphones(undefined);
        hear(false);
      }
      if (state() !== 'on') return;
      await stop();
      await start();
    },
    record() {
      session?.record();
      setRecording(true);
    },
    close() {
      isGone = true;
      forgetRecording();
      void session?.stop();
    },
  };
}

export type LiveModel = ReturnType<typeof createLiveModel>;
