/** Frames that the model sees at once, prompt included: its own 30 s, at both rates. */
const CONTEXT_FRAMES = 86 * 30;
/** Chunks overlap by this much. */
export const OVERLAP_FRAMES = 16;

/** Frames `start` … `end` − 1 of the conditioning. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
}

/** Pieces of a source of `frames` that fit beside a prompt, each beginning `OVERLAP_FRAMES` before the end of the one before. */
export function chunksOf(frames: number, promptFrames: number): Chunk[] {
  const most = CONTEXT_FRAMES - promptFrames;
  const chunks: Chunk[] = [];
  for (let start = 0; ; start += most - OVERLAP_FRAMES) {
    const end = Math.min(frames, start + most);
    chunks.push({ start, end });
    if (end === frames) return chunks;
  }
}

/** Joins the sound of chunk after chunk, fading from one to the next over the overlap with a raised cosine. */
export class ChunkJoin {
  readonly #overlap: number;
  #tail: Float32Array | undefined;

  /** `overlap`: samples. */
  constructor(overlap: number) {
    this.#overlap = overlap;
  }

  /** What is certain after this chunk: all of the last one, else all but the overlap with the next. */
  push(samples: Float32Array, isLast: boolean): Float32Array {
    const joined = this.#tail ? crossfaded(this.#tail, samples) : samples;
    if (isLast) return joined;
    const end = Math.max(0, joined.length - this.#overlap);
    this.#tail = joined.subarray(end);
    return joined.subarray(0, end);
  }
}

/** The head of `samples` mixed with what came before there: weights cos² and sin², both ends included, summing to 1. */
function crossfaded(tail: Float32Array, samples: Float32Array): Float32Array {
  const out = samples.slice();
  const count = Math.min(tail.length, samples.length);
  for (let i = 0; i < count; i++) {
    const weight = Math.cos(((Math.PI / 2) * i) / Math.max(1, count - 1)) ** 2;
    out[i] = (tail[i] as number) * weight + (samples[i] as number) * (1 - weight);
  }
  return out;
}
