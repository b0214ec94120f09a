import { describe, expect, test } from 'bun:test';
import { ChunkJoin, chunksOf, OVERLAP_FRAMES } from './chunks.ts';

describe('chunks of a source', () => {
  test('fit beside the prompt, overlap, and reach from end to end', () => {
    for (const [frames, prompt] of [
      [1, 430],
      [2150, 430],
      [2151, 430],
      [10_000, 2153],
      [30_000, 100],
    ] as const) {
      const chunks = chunksOf(frames, prompt);
      expect(chunks[0]?.start).toBe(0);
      expect(chunks.at(-1)?.end).toBe(frames);
      for (const [i, { start, end }] of chunks.entries()) {
        expect(end - start + prompt).toBeLessThanOrEqual(2580);
        if (i > 0) expect(start).toBe((chunks[i - 1]?.end ?? 0) - OVERLAP_FRAMES);
      }
    }
  });

  test('are no more than are needed', () => {
    expect(chunksOf(2150, 430).length).toBe(1);
    expect(chunksOf(2151, 430)).toEqual([
      { start: 0, end: 2150 },
      { start: 2134, end: 2151 },
    ]);
  });
});

describe('joining the sound of chunks', () => {
  const push = (join: ChunkJoin, pieces: readonly Float32Array[]) =>
    pieces.flatMap((piece, i) => [...join.push(piece, i === pieces.length - 1)]);

  test('gives equal chunks back as one sound', () => {
    const sound = Float32Array.from({ length: 26 }, (_, i) => Math.sin(i));
    const joined = push(new ChunkJoin(4), [sound.slice(0, 12), sound.slice(8, 20), sound.slice(16)]);
    expect(joined.length).toBe(26);
    for (const [i, value] of joined.entries()) expect(value).toBeCloseTo(sound[i] ?? 0, 6);
  });

  test('fades over the overlap with a raised cosine, both ends included', () => {
    const joined = push(new ChunkJoin(5), [new Float32Array(8).fill(1), new Float32Array(8)]);
    const fade = [0, 1, 2, 3, 4].map((i) => Math.cos((Math.PI * i) / 8) ** 2);
    const expected = [1, 1, 1, ...fade, 0, 0, 0];
    expect(joined.length).toBe(expected.length);
    for (const [i, value] of joined.entries()) expect(value).toBeCloseTo(expected[i] ?? 0, 6);
  });

  test('takes a single chunk as it is', () => {
    expect(push(new ChunkJoin(5), [Float32Array.of(1, 2, 3)])).toEqual([1, 2, 3]);
  });
});
