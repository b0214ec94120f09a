import { createSignal } from 'solid-js';
import { goodSpeechSeconds, type VoiceQuality } from '#core/voice/quality.ts';
import type { LocalEngine } from '../../kernel/local/engine-client.ts';
import type { Recording } from '../../kernel/recording.ts';
import type { VoicePlace } from './voice-item.ts';
import type { VoiceStore } from './voices-model.ts';

const mostSamples = 10;

/** A sample of the voice to be made. */
export interface VoiceSample {
  readonly recording: Recording & { readonly kind: 'file' };
  readonly quality?: VoiceQuality;
  readonly error?: unknown;
}

type Saving = 'idle' | 'saving' | { readonly error: unknown };

/** What the form "make a voice" holds. It is kept until the voice is saved. */
export function createNewVoice(engine: LocalEngine, model: VoiceStore) {
  const [samples, setSamples] = createSignal<readonly VoiceSample[]>([]);
  const [name, setName] = createSignal('');
  const [consent, setConsent] = createSignal(false);
  const [place, setPlace] = createSignal<VoicePlace>(navigator.onLine ? 'server' : 'device');
  const [engines, setEngines] = createSignal<readonly string[]>(['mini']);
  const [saving, setSaving] = createSignal<Saving>('idle');

  const change = (recording: Recording, found: Partial<VoiceSample>) =>
    setSamples((before) => before.map((sample) => (sample.recording === recording ? { ...sample, ...found } : sample)));

  const speechSeconds = () => samples().reduce((sum, { quality }) => sum + (quality?.speechSeconds ?? 0), 0);

  return {
    samples,
    name,
    setName,
    consent,
    setConsent,
    place,
    setPlace,
    /** The engines that it is made for. */
    engines,
    setEngines,
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
      try {
        change(recording, { quality: await engine.voiceQuality([await recording.blob.arrayBuffer()]) });
      } catch (error) {
        change(recording, { error });
      }
    },
    removeSample: (recording: Recording) =>
      setSamples((before) => before.filter((sample) => sample.recording !== recording)),
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
        return true;
      } catch (error) {
        setSaving({ error });
        return false;
      }
    },
  };
}

export type NewVoice = ReturnType<typeof createNewVoice>;
