import { expect, test } from 'bun:test';
import { createRingMemory, SampleRing } from './ring.ts';

test.each([true, false])('what is written is read in order, however it is cut (shared memory: %p)', (isShared) => {
  const memory = createRingMemory(isShared);
  const [writer, reader] = [new SampleRing(memory), new SampleRing(memory)];
  const block = new Float32Array(2880);
  const out = new Float32Array(128);
  let [written, read] = [0, 0];
  // Several times round the ring.
  for (let i = 0; i < 100; i++) {
    for (let k = 0; k < block.length; k++) block[k] = written++ % 1000;
    writer.write(block);
    while (reader.filled >= out.length) {
      expect(reader.read(out)).toBe(out.length);
      for (const sample of out) expect(sample).toBe(read++ % 1000);
    }
  }
  expect(reader.filled).toBe(written - read);
});

test('an empty ring gives nothing, a full one takes no more', () => {
  const ring = new SampleRing(createRingMemory(false));
  expect(ring.read(new Float32Array(8))).toBe(0);
  ring.write(new Float32Array(100_000));
  const full = ring.filled;
  ring.write(new Float32Array(8));
  expect(ring.filled).toBe(full);
});
