import { createSignal } from 'solid-js';
import { goodSpeechSeconds, type VoiceQuality } from '#core/voice/quality.ts';
import type { FileRecording, Recording } from '../../kernel/recording.ts';
import type { Services } from '../../kernel/services.ts';
import { createUnfinished } from '../shared/unfinished.ts';
import type { VoicePlace } from './voice-item.ts';
import type { VoiceStore } from './voices-model.ts';

const mostSamples = 10;

/** A sample of the voice to be made. */
export interface VoiceSample {
  readonly recording: FileRecording;
  readonly quality?: VoiceQuality;
  readonly error?: unknown;
}

type Saving = 'idle' | 'saving' | { readonly error: unknown };

/** What the form "make a voice" holds. It is kept until the voice is saved, on this device too. */
export function createNewVoice(services: Pick<Services, 'engine' | 'deviceData'>, model: VoiceStore) {
  const { engine, deviceData } = services;
  const unfinished = createUnfinished(services, 'voice-samples');
  const [samples, setSamples] = createSignal<readonly VoiceSample[]>([]);
  const [name, setName] = createSignal('');
  const [consent, setConsent] = createSignal(false);
  const [place, setPlace] = createSignal<VoicePlace>(navigator.onLine ? 'server' : 'device');
  const [engines, setEngines] = createSignal<readonly string[]>(['mini']);
  const [saving, setSaving] = createSignal<Saving>('idle');

  const keepSamples = () => unfinished.keep(samples().map(({ recording }) => recording));
  async function keepForm(): Promise<void> {
    try {
      const voiceForm = { name: name(), consent: consent(), place: place(), engines: engines() };
      await (await deviceData()).draft.save({ voiceForm });
    } catch (error) {
      console.info('the form is not kept on this device', error);
    }
  }
  /** A setter whose value is kept. */
  const keeping =
    <T>(set: (value: T) => unknown) =>
    (value: T) => {
      set(value);
      void keepForm();
    };

  const change = (recording: Recording, found: Partial<VoiceSample>) =>
    setSamples((before) => before.map((sample) => (sample.recording === recording ? { ...sample, ...found } : sample)));

  const speechSeconds = () => samples().reduce((sum, { quality }) => sum + (quality?.speechSeconds ?? 0), 0);

  async function measure(recording: FileRecording): Promise<void> {
    try {
      change(recording, { quality: await engine.voiceQuality([await recording.blob.arrayBuffer()]) });
    } catch (error) {
      change(recording, { error });
    }
  }

  async function restore(): Promise<void> {
    const [earlier, { voiceForm }] = await Promise.all([
      unfinished.restore(),
      deviceData().then(
        ({ draft }) => draft.load(),
        () => ({ voiceForm: undefined }),
      ),
    ]);
    setSamples((now) => [...earlier.map((recording) => ({ recording })), ...now].slice(0, mostSamples));
    for (const recording of earlier) void measure(recording);
    // Who was quicker than the device's storage has written anew.
    if (!voiceForm || name() !== '' || consent()) return;
    setName(voiceForm.name);
    setConsent(voiceForm.consent);
    setPlace(voiceForm.place);
    setEngines(voiceForm.engines);
  }
  void restore();

  return {
    samples,
    /** How many samples a reload would lose. */
    lostCount: unfinished.lostCount,
    name,
    setName: keeping(setName),
    consent,
    setConsent: keeping(setConsent),
    place,
    setPlace: keeping<VoicePlace>(setPlace),
    /** The engines that it is made for. */
    engines,
    setEngines: keeping<readonly string[]>(setEngines),
    saving,
    speechSeconds,
    neededSeconds: () => Math.max(0, goodSpeechSeconds - speechSeconds()),
    isFull: () => samples().length >= mostSamples,
    /** What is still missing, the first thing first. */
    missing: () => {
      if (samples().every(({ error }) => error !== undefined)) return 'samples' as const;
      if (name().trim() === '') return 'name' as const;
      return consent() ? undefined : ('consent' as const);
    },
    async add(recording: Recording): Promise<void> {
      if (recording.kind !== 'file' || samples().length >= mostSamples) return;
      setSamples((before) => [...before, { recording }]);
      keepSamples();
      await measure(recording);
    },
    removeSample(recording: Recording): void {
      setSamples((before) => before.filter((sample) => sample.recording !== recording));
      keepSamples();
    },
    /** Saves, and empties the form when that went well. Recordings that cannot be read are left out. */
    async save(): Promise<boolean> {
      setSaving('saving');
      try {
        const readable = samples().filter(({ error }) => error === undefined);
        await model.save(
          place(),
          name().trim(),
          readable.map(({ recording }) => recording),
          engines(),
        );
        setSamples([]);
        setName('');
        setConsent(false);
        setSaving('idle');
        keepSamples();
        void keepForm();
        return true;
      } catch (error) {
        setSaving({ error });
        return false;
      }
    },
  };
}

export type NewVoice = ReturnType<typeof createNewVoice>;
