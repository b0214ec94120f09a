import { outputFiles } from '#core/audio/encode.ts';
import { provenanceTags } from '#core/audio/provenance.ts';
import { createConverter } from '#core/convert.ts';
import type { Control } from '#core/engines/engine.ts';
import { createEngine } from '#core/engines/registry.ts';
import { defaultConversionOptions } from '#core/options.ts';
import { describeFor } from '#core/voice/describe.ts';
import type { VoiceProfile } from '#core/voice/profile.ts';
import { isVoice, parseVoice, serializeVoice } from '#core/voice/serialize.ts';
import { fileFormats } from './file-formats.ts';
import { browserHost } from './host.ts';
import type { LocalConversion, LocalReferences, LocalResult, LocalVoice } from './protocol.ts';
import { voiceQualityOf } from './voice-quality.ts';

const converter = createConverter(browserHost(), { createEngine });

/** Share of the progress that describing the voice takes. */
const profileShare = 0.2;

/** One conversion in this thread, by the same core and with the same choices as on a server. */
export async function convertLocally(
  { source, reference, settings }: LocalConversion,
  { signal, onProgress }: Control,
): Promise<LocalResult> {
  const { engine = 'mini', strength, pitch, formant, noiseReduction, sampleRate, seed } = settings;
  const { diffusionSteps, lengthAdjust, inferenceCfgRate, guidanceEvery } = settings;
  const { f0Condition, autoF0Adjust, semitoneShift } = settings;
  const defaults = defaultConversionOptions;
  const format = fileFormats[settings.format ?? 'wav'];
  const voice = await voiceOf(new Uint8Array(reference), engine, {
    signal,
    onProgress: (fraction) => onProgress?.(fraction * profileShare),
  });
  const { bytes } = await converter.convert(
    {
      source: new Uint8Array(source),
      voice,
      engine,
      format,
      tags: provenanceTags(engine, new Date()),
      options: {
        strength: strength ?? defaults.strength,
        pitch: pitch ?? defaults.pitch,
        formant: formant ?? defaults.formant,
        seed: seed ?? defaults.seed,
        outputRate: sampleRate ?? defaults.outputRate,
        denoise: noiseReduction ?? defaults.denoise,
        ...{ diffusionSteps, lengthAdjust, inferenceCfgRate, guidanceEvery },
        ...{ f0Condition, autoF0Adjust, semitoneShift },
      },
    },
    { signal, onProgress: (fraction) => onProgress?.(profileShare + fraction * (1 - profileShare)) },
  );
  if (!bytes) throw new Error(`no ${format} came of the conversion`);
  return { bytes: new Uint8Array(bytes), mediaType: outputFiles[format].mimeType };
}

let lastVoice: { readonly engine: string; readonly reference: Uint8Array; readonly voice: VoiceProfile } | undefined;

/** A voice made of one to ten recordings of a person. */
export async function describeVoiceLocally(
  { references, engines }: LocalReferences,
  control: Control,
): Promise<LocalVoice> {
  const quality = await voiceQualityOf(references, control);
  const recordings = references.map((reference) => new Uint8Array(reference));
  const profile = serializeVoice(await describeFor(engines, recordings, converter, control));
  return { profile, quality };
}

/** Reads or describes a voice. The last one is kept: people try several options and recordings with one voice. */
async function voiceOf(reference: Uint8Array, engine: string, control: Control): Promise<VoiceProfile> {
  if (lastVoice?.engine === engine && areEqual(lastVoice.reference, reference)) return lastVoice.voice;
  const voice = isVoice(reference) ? parseVoice(reference) : await converter.profile([reference], { engine }, control);
  lastVoice = { engine, reference, voice };
  return voice;
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
