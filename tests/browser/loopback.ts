import type { Page } from 'playwright-core';

/** What went into the page's live conversion and what came out of it, sample by sample on one clock. */
export interface Loopback {
  readonly sampleRate: number;
  readonly input: Float32Array;
  readonly output: Float32Array;
}

/** Has both ends of the live conversion recorded from its next start on; call it before the page loads its app. */
export async function tapLoopback(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const script = `registerProcessor('loopback-tap', class extends AudioWorkletProcessor {
      process([input]) { if (input[0]) this.port.postMessage([input[0].slice(), (input[1] ?? input[0]).slice()]); return true; }
    });`;
    const blocks: [Float32Array, Float32Array][] = [];
    const state = { sampleRate: 0, blocks };
    Object.assign(globalThis, { loopbackTap: state });
    const connect = AudioNode.prototype.connect;
    const plain = (from: AudioNode, to: AudioNode, channel = 0) => Reflect.apply(connect, from, [to, 0, channel]);
    AudioNode.prototype.connect = function (this: AudioNode, ...args: Parameters<typeof connect>) {
      const [target] = args;
      if (this instanceof MediaStreamAudioSourceNode && target instanceof AudioWorkletNode) {
        const context = this.context as AudioContext;
        const module = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
        state.sampleRate = context.sampleRate;
        blocks.length = 0;
        void context.audioWorklet.addModule(module).then(() => {
          const merger = new ChannelMergerNode(context, { numberOfInputs: 2 });
          const tap = new AudioWorkletNode(context, 'loopback-tap', { numberOfOutputs: 0 });
          tap.port.onmessage = ({ data }) => void blocks.push(data);
          plain(this, merger, 0);
          plain(target, merger, 1);
          plain(merger, tap);
        });
      }
      return Reflect.apply(connect, this, args);
    } as typeof connect;
  });
}

/** What was recorded so far. */
export async function readLoopback(page: Page): Promise<Loopback> {
  const { sampleRate, base64 } = await page.evaluate(() => {
    const { loopbackTap } = globalThis as unknown as {
      loopbackTap: { sampleRate: number; blocks: [Float32Array, Float32Array][] };
    };
    const both = loopbackTap.blocks.flat();
    const samples = new Float32Array(both.length * 128);
    for (const [i, block] of both.entries()) samples.set(block, i * 128);
    const bytes = new Uint8Array(samples.buffer);
    let text = '';
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return { sampleRate: loopbackTap.sampleRate, base64: btoa(text) };
  });
  const samples = new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer);
  const pairs = samples.length / 256;
  const input = new Float32Array(pairs * 128);
  const output = new Float32Array(pairs * 128);
  for (let i = 0; i < pairs; i++) {
    input.set(samples.subarray(i * 256, i * 256 + 128), i * 128);
    output.set(samples.subarray(i * 256 + 128, i * 256 + 256), i * 128);
  }
  return { sampleRate, input, output };
}

const STEP_SECONDS = 0.002;
const LONGEST_SECONDS = 2;

/** The delay in seconds at which the envelope of the output resembles that of the input most. */
export function delaySeconds({ input, output, sampleRate }: Loopback): number {
  const [heard, given] = [envelopeOf(input, sampleRate), envelopeOf(output, sampleRate)];
  let [best, at] = [Number.NEGATIVE_INFINITY, 0];
  for (let lag = 0; lag < LONGEST_SECONDS / STEP_SECONDS; lag++) {
    let sum = 0;
    for (let i = 0; i + lag < given.length; i++) sum += (heard[i] as number) * (given[i + lag] as number);
    const score = sum / (given.length - lag);
    if (score > best) [best, at] = [score, lag];
  }
  return at * STEP_SECONDS;
}

/** Logarithm of the level over 20 ms, less its mean; very low levels count alike. */
function envelopeOf(samples: Float32Array, sampleRate: number): Float64Array {
  const step = Math.round(STEP_SECONDS * sampleRate);
  const width = 10 * step;
  const levels = new Float64Array(Math.max(0, Math.floor((samples.length - width) / step)));
  for (let i = 0; i < levels.length; i++) {
    let sum = 1e-6;
    for (let k = i * step; k < i * step + width; k++) sum += (samples[k] as number) ** 2;
    levels[i] = Math.log(sum);
  }
  const mean = levels.reduce((sum, value) => sum + value, 0) / levels.length;
  return levels.map((value) => value - mean);
}
