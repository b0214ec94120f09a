import type { InferenceSession } from '../../inference/runtime.ts';
import type { Kernels } from '../../kernels/module.ts';
import { WHISPER_BANDS, WHISPER_FRAMES, WhisperMel } from './front-ends/whisper.ts';
import { standardised } from './front-ends/xlsr.ts';
import { CONTENT_RATE, LISTENING_RATE } from './presets.ts';
import { joined, runGraph, tensor, type Values } from './tensors.ts';

/** The encoder hears so much at once; longer recordings window by window, which overlap. */
const WINDOW_SECONDS = 30;
const OVERLAP_SECONDS = 5;
/** Samples of one content frame. */
const STRIDE = LISTENING_RATE / CONTENT_RATE;

/** Reports the share that is done, 0 … 1; what it throws ends the work. */
export type Report = (fraction: number) => Promise<void>;

/** A network that hears words: samples at 16 kHz to content [frames, width], 50 frames a second. */
export interface ContentNetwork {
  hear(samples: Float32Array): Promise<Values>;
  free(): void;
}

/** Hears the words of a recording of any length. */
export class ContentEncoder {
  readonly #network: ContentNetwork;

  constructor(network: ContentNetwork) {
    this.#network = network;
  }

  /** Content of a recording at 16 kHz, [frames, width], 50 frames a second. */
  async encode(samples: Float32Array, report: Report): Promise<Values> {
    const parts: Values[] = [];
    const window = WINDOW_SECONDS * LISTENING_RATE;
    const overlap = OVERLAP_SECONDS * LISTENING_RATE;
    for (let start = 0; ; start += window - overlap) {
      const end = Math.min(samples.length, start + window);
      const content = await this.#network.hear(samples.subarray(start, end));
      parts.push(start === 0 ? content : withoutFirst(content, OVERLAP_SECONDS * CONTENT_RATE));
      await report(samples.length === 0 ? 1 : end / samples.length);
      if (end === samples.length) return joinedRows(parts);
    }
  }

  free(): void {
    this.#network.free();
  }
}

/** Whisper's encoder, which hears its own spectrogram. */
export class Whisper implements ContentNetwork {
  readonly #session: InferenceSession;
  readonly #mel: WhisperMel;

  constructor(session: InferenceSession, kernels: Kernels) {
    this.#session = session;
    this.#mel = new WhisperMel(kernels);
  }

  async hear(samples: Float32Array): Promise<Values> {
    const feeds = { mel: tensor(this.#mel.compute(samples), 1, WHISPER_BANDS, WHISPER_FRAMES) };
    const content = rowsOf(await runGraph(this.#session, feeds, 'content'));
    const [available = 0, width = 0] = content.dims;
    const frames = Math.min(available, Math.floor(samples.length / STRIDE) + 1);
    return { dims: [frames, width], data: content.data.slice(0, frames * width) };
  }

  free(): void {
    this.#mel.dispose();
  }
}

/** Samples that XLS-R hears for a frame. */
const REACH = 400;
/** Frames whose features it computes at once: those of a second take 70 MB meanwhile. */
const PIECE_FRAMES = 100;

/** XLS-R: convolutions make features of the samples, from which an encoder makes the content. */
export class Xlsr implements ContentNetwork {
  readonly #features: InferenceSession;
  readonly #encoder: InferenceSession;

  constructor(features: InferenceSession, encoder: InferenceSession) {
    this.#features = features;
    this.#encoder = encoder;
  }

  async hear(samples: Float32Array): Promise<Values> {
    const heard = new Float32Array(Math.max(samples.length, REACH));
    heard.set(standardised(samples));
    const frames = Math.floor((heard.length - REACH) / STRIDE) + 1;
    const pieces: Values[] = [];
    for (let start = 0; start < frames; start += PIECE_FRAMES) {
      const end = Math.min(frames, start + PIECE_FRAMES);
      const piece = heard.subarray(start * STRIDE, (end - 1) * STRIDE + REACH);
      pieces.push(rowsOf(await runGraph(this.#features, { samples: tensor(piece, 1, piece.length) }, 'features')));
    }
    const { dims, data } = joinedRows(pieces);
    return rowsOf(await runGraph(this.#encoder, { features: tensor(data, 1, ...dims) }, 'content'));
  }

  free(): void {}
}

/** [1, rows, width] as [rows, width]. */
function rowsOf({ dims, data }: Values): Values {
  return { dims: dims.slice(1), data };
}

function withoutFirst({ dims: [frames = 0, width = 0], data }: Values, count: number): Values {
  return { dims: [Math.max(0, frames - count), width], data: data.subarray(count * width) };
}

function joinedRows(parts: readonly Values[]): Values {
  const width = parts[0]?.dims[1] ?? 0;
  const data = joined(parts.map((part) => part.data));
  return { dims: [data.length / width, width], data };
}
