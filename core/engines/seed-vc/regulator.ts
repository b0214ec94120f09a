import type { InferenceSession, Tensor } from '../../inference/runtime.ts';
import { pitchBins } from './pitch.ts';
import { nearestIndices, runGraph, tensor, type Values } from './tensors.ts';

/**
 * Conditioning of `frames` mel frames, [frames, width], from content of the whole recording and, for a model that sings, its pitch
 * in Hz at 100 frames a second.
 */
export async function regulate(
  session: InferenceSession,
  content: Values,
  frames: number,
  pitch?: Float32Array,
): Promise<Values> {
  const [available = 0, width = 0] = content.dims;
  const feeds: Record<string, Tensor> = {
    content: tensor(content.data, 1, available, width),
    index: { dims: [frames], data: nearestIndices(available, frames) },
  };
  if (pitch) feeds.pitch = { dims: [frames], data: binsAt(pitch, frames) };
  const { dims, data } = await runGraph(session, feeds, 'condition');
  return { dims: dims.slice(1), data };
}

/** The pitch's class at each of `frames` mel frames. */
export function binsAt(pitch: Float32Array, frames: number): BigInt64Array<ArrayBuffer> {
  const bins = pitchBins(pitch);
  return nearestIndices(bins.length, frames).map((index) => bins[Number(index)] ?? 1n);
}
