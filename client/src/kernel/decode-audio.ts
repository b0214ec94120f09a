import { type Outline, peaksOf } from './peaks.ts';

/** Rate at which recordings are decoded for their outline: low, so that a long one needs little memory. Hz. */
const outlineRate = 8000;
const outlineStretches = 1200;

/** Outline of a recording by the browser's own decoder; undefined where that does not know the format. */
export async function outlineOf(file: Blob): Promise<Outline | undefined> {
  const context = new OfflineAudioContext(1, 1, outlineRate);
  try {
    const buffer = await context.decodeAudioData(await file.arrayBuffer());
    return { peaks: peaksOf(buffer.getChannelData(0), outlineStretches), seconds: buffer.duration };
  } catch {
    return undefined;
  }
}
