import { outlineOf } from './decode-audio.ts';
import type { LocalEngine } from './local/engine-client.ts';
import type { Outline } from './peaks.ts';
import { blobOf, type Recording } from './recording.ts';

/** What the page shows and plays of a recording. */
export interface Inspected {
  /** Undefined for a file that is too large to draw. */
  readonly outline: Outline | undefined;
  /** The recording in a form that this browser plays. */
  readonly playable: Blob;
}

/** Larger files are not drawn: decoding them in the page would need too much memory. Bytes. */
const largestDrawnFile = 96 * 2 ** 20;

/**
 * Looks into a recording. What the browser cannot decode by itself is decoded by the core, which also says what is wrong with it.
 *
 * @throws {InputError} the file is not a recording that can be converted
 */
export async function inspectRecording(
  recording: Recording,
  engine: Pick<LocalEngine, 'decode'>,
  signal: AbortSignal,
): Promise<Inspected> {
  const blob = await blobOf(recording);
  if (blob.size > largestDrawnFile) return { outline: undefined, playable: blob };
  const outline = await outlineOf(blob);
  if (outline) return { outline, playable: blob };
  const { bytes, mediaType } = await engine.decode(await blob.arrayBuffer(), { signal });
  const playable = new Blob([bytes], { type: mediaType });
  return { outline: await outlineOf(playable), playable };
}
