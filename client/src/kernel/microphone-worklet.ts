/** Runs on the audio thread: hands every block of the microphone to the page. Types of this scope are missing from the DOM library. */
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;

/** Samples in one message: 128 would be a message every 3 ms. About 40 ms at 48 kHz. */
const blockLength = 2048;

class MicrophoneTap extends AudioWorkletProcessor {
  #block = new Float32Array(blockLength);
  #filled = 0;

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const samples = inputs[0]?.[0];
    if (!samples) return true;
    // A render quantum is 128 samples, which divides the block.
    this.#block.set(samples, this.#filled);
    this.#filled += samples.length;
    if (this.#filled === blockLength) {
      this.port.postMessage(this.#block, [this.#block.buffer]);
      this.#block = new Float32Array(blockLength);
      this.#filled = 0;
    }
    return true;
  }
}

registerProcessor('microphone-tap', MicrophoneTap);
