/** Runs on the audio thread: microphone to blocks, blocks to loudspeaker. Types of this scope are missing from the DOM library. */
import { JitterBuffer, peakOf } from './jitter-buffer.ts';
import type { Meter, WorkletOptions } from './protocol.ts';
import { SampleRing } from './ring.ts';

declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new (options: { processorOptions: WorkletOptions }) => AudioWorkletProcessor,
): void;
declare const sampleRate: number;

const METER_SECONDS = 0.1;
/** What a microphone gives that gives nothing yet. */
const silence = new Float32Array(128);

class LiveProcessor extends AudioWorkletProcessor {
  readonly #ring: SampleRing;
  readonly #buffer: JitterBuffer;
  readonly #latencySamples: number;
  #audio: MessagePort | undefined;
  #block: Float32Array<ArrayBuffer>;
  #filled = 0;
  #heard = 0;
  #inputPeak = 0;
  #outputPeak = 0;
  #sinceMeter = 0;

  constructor({ processorOptions }: { processorOptions: WorkletOptions }) {
    super();
    this.#ring = new SampleRing(processorOptions.ring);
    this.#buffer = new JitterBuffer(this.#ring, sampleRate);
    this.#latencySamples = processorOptions.latencySamples;
    this.#block = new Float32Array(processorOptions.blockSamples);
    this.port.onmessage = ({ data }: MessageEvent<MessagePort>) => {
      this.#audio = data;
      data.onmessage = ({ data: block }: MessageEvent<Float32Array>) => this.#ring.write(block);
    };
  }

  process(inputs: readonly (readonly Float32Array[])[], outputs: readonly (readonly Float32Array[])[]): boolean {
    const output = outputs[0]?.[0];
    if (!output) return true;
    this.#hear(inputs[0]?.[0] ?? silence);
    this.#buffer.read(output);
    for (let channel = 1; channel < (outputs[0]?.length ?? 0); channel++) outputs[0]?.[channel]?.set(output);
    this.#outputPeak = Math.max(this.#outputPeak, peakOf(output));
    this.#sinceMeter += output.length;
    if (this.#sinceMeter >= METER_SECONDS * sampleRate) this.#tell();
    return true;
  }

  #hear(samples: Float32Array): void {
    if (!this.#audio) return;
    this.#heard += samples.length;
    this.#inputPeak = Math.max(this.#inputPeak, peakOf(samples));
    for (let i = 0; i < samples.length; i++) {
      this.#block[this.#filled++] = samples[i] as number;
      if (this.#filled < this.#block.length) continue;
      const full = this.#block;
      this.#block = new Float32Array(full.length);
      this.#filled = 0;
      this.#audio.postMessage(full, [full.buffer]);
    }
  }

  #tell(): void {
    const { played } = this.#buffer;
    const meter: Meter = {
      inputPeak: this.#inputPeak,
      outputPeak: this.#outputPeak,
      throughSeconds: played > 0 ? (this.#heard - played + this.#latencySamples) / sampleRate : 0,
      bufferSeconds: this.#ring.filled / sampleRate,
      dropOuts: this.#buffer.dropOuts,
    };
    this.port.postMessage(meter);
    this.#inputPeak = 0;
    this.#outputPeak = 0;
    this.#sinceMeter = 0;
  }
}

registerProcessor('giong-live', LiveProcessor);
