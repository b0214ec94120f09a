/** Runs on the audio thread: microphone to blocks, blocks to loudspeaker. Types of this scope are missing from the DOM library. */
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

/** After a block has come for the first time, or again, it waits so long: the next may be late by as much. */
const SPARE_SECONDS = 0.025;
const METER_SECONDS = 0.05;
/** When the buffer never held less than this for so long, what is too much is left out, so that a hiccup does not delay all that follows. */
const EXCESS_SECONDS = 0.06;
const PATIENCE_SECONDS = 4;

class LiveProcessor extends AudioWorkletProcessor {
  readonly #ring: SampleRing;
  readonly #latencySamples: number;
  #audio: MessagePort | undefined;
  #block: Float32Array<ArrayBuffer>;
  #filled = 0;
  #heard = 0;
  #played = 0;
  /** Samples still to wait before playing; undefined while nothing has come. */
  #wait: number | undefined;
  #hasPlayed = false;
  #dropOuts = 0;
  #inputPeak = 0;
  #outputPeak = 0;
  #sinceMeter = 0;
  #least = Number.POSITIVE_INFINITY;
  #sinceLeast = 0;

  constructor({ processorOptions }: { processorOptions: WorkletOptions }) {
    super();
    this.#ring = new SampleRing(processorOptions.ring);
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
    this.#hear(inputs[0]?.[0] ?? new Float32Array(output.length));
    this.#play(output);
    for (const other of outputs[0]?.slice(1) ?? []) other.set(output);
    for (const sample of output) this.#outputPeak = Math.max(this.#outputPeak, Math.abs(sample));
    this.#sinceMeter += output.length;
    if (this.#sinceMeter >= METER_SECONDS * sampleRate) this.#tell();
    return true;
  }

  #hear(samples: Float32Array): void {
    if (!this.#audio) return;
    this.#heard += samples.length;
    for (const sample of samples) {
      this.#inputPeak = Math.max(this.#inputPeak, Math.abs(sample));
      this.#block[this.#filled++] = sample;
      if (this.#filled < this.#block.length) continue;
      const full = this.#block;
      this.#block = new Float32Array(full.length);
      this.#filled = 0;
      this.#audio.postMessage(full, [full.buffer]);
    }
  }

  #play(output: Float32Array): void {
    if (this.#ring.filled === 0 && this.#wait === undefined) return;
    this.#wait ??= SPARE_SECONDS * sampleRate;
    if (this.#wait > 0) {
      this.#wait -= output.length;
      return;
    }
    const count = this.#ring.read(output);
    this.#played += count;
    this.#hasPlayed = true;
    if (count < output.length) {
      this.#dropOuts++;
      this.#wait = undefined;
      this.#least = Number.POSITIVE_INFINITY;
      this.#sinceLeast = 0;
      return;
    }
    this.#catchUp(output);
  }

  /** Leaves out what has stood in the buffer all the time, fading from before to after. */
  #catchUp(output: Float32Array): void {
    this.#least = Math.min(this.#least, this.#ring.filled);
    this.#sinceLeast += output.length;
    if (this.#sinceLeast < PATIENCE_SECONDS * sampleRate) return;
    const excess = this.#least - SPARE_SECONDS * sampleRate;
    if (this.#least > EXCESS_SECONDS * sampleRate && excess > output.length) {
      const skipped = new Float32Array(Math.floor(excess));
      this.#played += this.#ring.read(skipped);
      const after = skipped.subarray(skipped.length - output.length);
      for (let i = 0; i < output.length; i++) {
        const share = i / output.length;
        output[i] = (output[i] as number) * (1 - share) + (after[i] as number) * share;
      }
    }
    this.#least = Number.POSITIVE_INFINITY;
    this.#sinceLeast = 0;
  }

  #tell(): void {
    const meter: Meter = {
      inputPeak: this.#inputPeak,
      outputPeak: this.#outputPeak,
      throughSeconds: this.#hasPlayed ? (this.#heard - this.#played + this.#latencySamples) / sampleRate : 0,
      bufferSeconds: this.#ring.filled / sampleRate,
      dropOuts: this.#dropOuts,
    };
    this.port.postMessage(meter);
    this.#inputPeak = 0;
    this.#outputPeak = 0;
    this.#sinceMeter = 0;
  }
}

registerProcessor('giong-live', LiveProcessor);
