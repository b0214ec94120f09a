import { effortOf } from '#core/engines/effort.ts';
import type { ConvertSettings } from '../../kernel/api-client.ts';
import { wantsToSaveData } from '../../kernel/capabilities.ts';
import { outlineOf } from '../../kernel/decode-audio.ts';
import type { LocalEngine } from '../../kernel/local/engine-client.ts';
import { blobOf } from '../../kernel/recording.ts';
import { sampleRecordings, sampleVoices } from '../../kernel/samples.ts';
import type { Services } from '../../kernel/services.ts';
import type { Place } from '../../kernel/where-to-run.ts';
import { defaultSettings, settingsFor } from './settings.ts';

/** Hears how fast an engine was at a place, in seconds of audio a second with its default options. */
export type Measured = (place: Place, engine: string, speed: number) => void;

/** Steps by which an engine that draws in steps is measured: few, since what takes many is known from them. */
const measuringSteps = 2;

/**
 * Loads an engine here and measures this device's speed with a sample, once for each version of the browser, while the user listens
 * to a result: from then on the automatic choice can be this device. Does nothing where the user wants to save data.
 */
export async function warmUp(
  id: string,
  { engine, speeds, browserCapable }: Pick<Services, 'engine' | 'speeds' | 'browserCapable'>,
  remember: Measured,
  signal: AbortSignal,
): Promise<void> {
  const [recording] = sampleRecordings;
  const [voice] = sampleVoices;
  if (!browserCapable || speeds.speed('browser', id) !== undefined || wantsToSaveData() || !recording || !voice) return;
  try {
    const source = await blobOf({ kind: 'sample', sample: recording });
    const reference = await blobOf({ kind: 'sample', sample: voice });
    const outline = await outlineOf(source);
    const settings = { ...settingsFor({ ...defaultSettings, engine: id }) };
    if (id !== defaultSettings.engine) Object.assign(settings, { diffusionSteps: measuringSteps });
    // The first run loads code and models; the second is what a conversion will take from now on.
    await convertOnce(engine, source, reference, settings, signal);
    const started = performance.now();
    await convertOnce(engine, source, reference, settings, signal);
    const seconds = (performance.now() - started) / 1000;
    if (outline) remember('browser', id, (outline.seconds * effortOf(id, settings)) / seconds);
  } catch (error) {
    if (signal.aborted) return;
    // The server goes on converting: the device is only an offer. Its own failure shows when the user asks for it.
    console.info('this device cannot convert by itself', error);
  }
}

async function convertOnce(
  engine: LocalEngine,
  source: Blob,
  reference: Blob,
  settings: ConvertSettings,
  signal: AbortSignal,
): Promise<void> {
  const conversion = { source: await source.arrayBuffer(), reference: await reference.arrayBuffer(), settings };
  await engine.convert(conversion, { signal });
}
