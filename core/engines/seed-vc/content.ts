import type { InferenceSession } from '../../inference/runtime.ts';
import type { Kernels } from '../../kernels/module.ts';
import { WHISPER_BANDS, WHISPER_FRAMES, WhisperMel } from './front-ends/whisper.ts';
import { standardised } from './front-ends/xlsr.ts';
import { CONTENT_RATE, LISTENING_RATE, type Preset } from './presets.ts';
import { joined, runGraph, tensor, type Values } from './tensors.ts';

/** The encoder hears so much at once; longer recordings window by window, which overlap. */
const WINDOW_SECONDS = 30;
const OVERLAP_SECONDS = 5;
/** Samples of one content frame. */
const STRIDE = LISTENING_RATE / CONTENT_RATE;
/** The shortest signal that gives a frame. */
const LEAST_SAMPLES = 400;

/** Reports the share that is done, 0 … 1; what it throws ends the work. */
export type Report = (fraction: number) => Promise<void>;

/** Hears the words of a recording: XLS-R on samples, or Whisper on its own spectrogram. */
export class ContentEncoder {
  readonly #session: InferenceSession;
  readonly #whisper: WhisperMel | undefined;

  constructor(session: InferenceSession, kernels: Kernels, kind: Preset['content']) {
    this.#session = session;
    this.#whisper = kind === 'whisper' ? new WhisperMel(kernels) : undefined;
  }

  /** Content of a recording at 16 kHz, [frames, width], 50 frames a second. */
  async encode(samples: Float32Array, report: Report): Promise<Values> {
    const parts: Values[] = [];
    const window = WINDOW_SECONDS * LISTENING_RATE;
    const overlap = OVERLAP_SECONDS * LISTENING_RATE;
    for (let start = 0; ; start += window - overlap) {
      const end = Math.min(samples.length, start + window);
      const content = await this.#encodeWindow(samples.subarray(start, end));
      parts.push(start === 0 ? content : withoutFirst(content, OVERLAP_SECONDS * CONTENT_RATE));
      await report(samples.length === 0 ? 1 : end / samples.length);
      if (end === samples.length) return joinedContent(parts);
    }
  }

  free(): void {
    this.#whisper?.dispose();
  }

  #encodeWindow(samples: Float32Array): Promise<Values> {
    return this.#whisper ? this.#hearWhisper(this.#whisper, samples) : this.#hearXlsr(samples);
  }

  async #hearWhisper(mel: WhisperMel, samples: Float32Array): Promise<Values> {
    const feeds = { mel: tensor(mel.compute(samples), 1, WHISPER_BANDS, WHISPER_FRAMES) };
    const content = rowsOf(await runGraph(this.#session, feeds, 'content'));
    const [available = 0, width = 0] = content.dims;
    const frames = Math.min(available, Math.floor(samples.length / STRIDE) + 1);
    return { dims: [frames, width], data: content.data.slice(0, frames * width) };
  }

  async #hearXlsr(samples: Float32Array): Promise<Values> {
    const heard = new Float32Array(Math.max(samples.length, LEAST_SAMPLES));
    heard.set(standardised(samples));
    return rowsOf(await runGraph(this.#session, { samples: tensor(heard, 1, heard.length) }, 'content'));
  }
}

/** [1, rows, width] as [rows, width]. */
function rowsOf({ dims, data }: Values): Values {
  return { dims: dims.slice(1), data };
}

function withoutFirst({ dims: [frames = 0, width = 0], data }: Values, count: number): Values {
  return { dims: [Math.max(0, frames - count), width], data: data.subarray(count * width) };
}

function joinedContent(parts: readonly Values[]): Values {
  const width = parts[0]?.dims[1] ?? 0;
  const data = joined(parts.map((part) => part.data));
  return { dims: [data.length / width, width], data };
}
