import { expect, test } from 'bun:test';
import { JitterBuffer } from './jitter-buffer.ts';
import { createRingMemory, SampleRing } from './ring.ts';

const rate = 48000;
const quantum = 128;
const block = 1920;

/** Speech in outline: a tone that comes and goes, with a pause of 0.2 s in each second. */
function spoken(i: number): number {
  const [end, fade] = [0.8 * rate, 0.1 * rate];
  const place = i % rate;
  return 0.3 * Math.sin(0.02 * i) * Math.max(0, Math.min(1, place / fade, (end - place) / fade));
}

/** Plays `seconds`; `late(n)`: by how many samples of time block n comes too late. */
function play(seconds: number, late: (block: number) => number) {
  const ring = new SampleRing(createRingMemory(false));
  const buffer = new JitterBuffer(ring, rate);
  const samples = new Float32Array(seconds * rate);
  const delays: number[] = [];
  let blocks = 0;
  for (let at = 0; at + quantum <= samples.length; at += quantum) {
    while ((blocks + 1) * block + late(blocks) <= at) {
      ring.write(Float32Array.from({ length: block }, (_, i) => spoken(blocks * block + i)));
      blocks++;
    }
    buffer.read(samples.subarray(at, at + quantum));
    delays.push((at + quantum - buffer.played) / rate);
  }
  return { samples, dropOuts: buffer.dropOuts, delays };
}

function largestStep(samples: Float32Array): number {
  let largest = 0;
  for (let i = 1; i < samples.length; i++) {
    largest = Math.max(largest, Math.abs((samples[i] as number) - (samples[i - 1] as number)));
  }
  return largest;
}

test('blocks that come in time are played without a gap, soon', () => {
  const { dropOuts, delays } = play(20, (n) => (n % 3) * 200);
  expect(dropOuts).toBe(0);
  expect(delays.at(-1)).toBeLessThan(block / rate + 0.07);
});

test('a block that is late is one drop-out that does not click, and what it delays is made up for in pauses', () => {
  const { samples, dropOuts, delays } = play(30, (n) => (n === 100 ? 9600 : 0));
  expect(dropOuts).toBe(1);
  expect(largestStep(samples)).toBeLessThan(1.5 * 0.3 * 0.02);
  const behind = delays[Math.floor((4.4 * rate) / quantum)] as number;
  expect(behind).toBeGreaterThan(block / rate + 0.15);
  expect(delays.at(-1)).toBeLessThan(block / rate + 0.12);
});

test('pauses grow before blocks that are ever later leave a gap', () => {
  const { dropOuts, samples } = play(40, (n) => Math.min(60, n / 8) * 50);
  expect(dropOuts).toBe(0);
  expect(largestStep(samples)).toBeLessThan(1.5 * 0.3 * 0.02);
});

test('after drop-outs more is kept in reserve', () => {
  const often = (n: number) => (n % 50 === 49 ? 4000 : 0);
  const { dropOuts } = play(60, often);
  expect(dropOuts).toBeGreaterThan(0);
  // Of some thirty late blocks only the first are heard.
  expect(dropOuts).toBeLessThan(6);
});
