import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Audio } from './audio.ts';
import { decodeAudio } from './decode.ts';
import { voiceLikeSignal } from './fixtures/signal.ts';
import { findSpeech, segmentAtPauses } from './segments.ts';
import { SpeechGate } from './speech-gate.ts';

const sampleRate = 16000;

/** Bursts of a voice-like signal at the given seconds over noise of the given level. */
function bursts(seconds: number, spans: readonly (readonly [number, number])[], noiseDecibels: number): Audio {
  let state = 7;
  const noise = () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return (state / 2 ** 30 - 1) * Math.sqrt(3) * 10 ** (noiseDecibels / 20);
  };
  const voice = voiceLikeSignal(seconds, sampleRate);
  const samples = voice.map((sample, i) => {
    const time = i / sampleRate;
    return noise() + (spans.some(([start, end]) => time >= start && time < end) ? sample : 0);
  });
  return { samples, sampleRate };
}

const seconds = (segments: readonly { start: number; end: number }[]) =>
  segments.map(({ start, end }) => [start / sampleRate, end / sampleRate]);

describe('the gate', () => {
  const run = (levels: readonly number[]) => {
    const gate = new SpeechGate({ open: -30, close: -40 }, { attackSteps: 2, holdSteps: 3 });
    const spans = levels.flatMap((level) => gate.push(level) ?? []);
    return [...spans, ...[gate.finish() ?? []].flat()];
  };

  test('opens with the first of enough loud steps and closes after the last loud one', () => {
    expect(run([-90, -20, -20, -20, -90, -90, -90, -90])).toEqual([{ start: 1, end: 4 }]);
  });
  test('ignores clicks and bridges short gaps', () => {
    expect(run([-20, -90, -20, -20, -90, -90, -20, -90, -90, -90])).toEqual([{ start: 2, end: 7 }]);
  });
  test('stays as it is between its thresholds', () => {
    expect(run([-35, -35, -35, -35])).toEqual([]);
    expect(run([-20, -20, -35, -35, -35, -35])).toEqual([{ start: 0, end: 6 }]);
  });
  test('ends with the input', () => {
    expect(run([-90, -20, -20])).toEqual([{ start: 1, end: 3 }]);
    expect(run([-20, -20, -90])).toEqual([{ start: 0, end: 2 }]);
    expect(run([])).toEqual([]);
  });
});

describe('speech is found', () => {
  const spans = [
    [0.5, 2],
    [2.6, 4],
    [5, 7.5],
  ] as const;

  for (const noiseDecibels of [-110, -70, -45]) {
    test(`within 60 ms of where it is, over noise of ${noiseDecibels} dB`, () => {
      const found = seconds(findSpeech(bursts(8, spans, noiseDecibels)));
      expect(found.length).toBe(spans.length);
      found.forEach(([start, end], i) => {
        expect(Math.abs((start ?? 0) - (spans[i]?.[0] ?? 0))).toBeLessThan(0.06);
        expect(Math.abs((end ?? 0) - (spans[i]?.[1] ?? 0))).toBeLessThan(0.06);
      });
    });
  }

  test('not in silence nor in faint noise', () => {
    expect(findSpeech({ samples: new Float32Array(sampleRate), sampleRate })).toEqual([]);
    expect(findSpeech(bursts(2, [], -80))).toEqual([]);
    expect(findSpeech({ samples: new Float32Array(0), sampleRate })).toEqual([]);
  });

  test('everywhere, when there is no pause', () => {
    const [span, ...rest] = seconds(findSpeech(bursts(4, [[0, 4]], -100), { minPauseSeconds: 0.3 }));
    expect(rest).toEqual([]);
    expect(span?.[0]).toBeLessThan(0.1);
    expect(span?.[1]).toBeGreaterThan(3.9);
  });

  test('in real recordings: most of a read sentence, with its pauses', async () => {
    const file = join(import.meta.dir, '../../samples/recordings/english.flac');
    const { audio, info } = await decodeAudio(await Bun.file(file).bytes());
    const spoken = findSpeech(audio).reduce((sum, { start, end }) => sum + end - start, 0) / audio.sampleRate;
    expect(spoken / info.seconds).toBeWithin(0.6, 0.98);
  });
});

describe('segments', () => {
  test('adjoin, cover everything, and are no longer than allowed', async () => {
    const file = join(import.meta.dir, '../../samples/recordings/english.flac');
    const { audio } = await decodeAudio(await Bun.file(file).bytes());
    for (const maxSeconds of [0.5, 1, 2.5, 5, 60]) {
      const segments = segmentAtPauses(audio, maxSeconds);
      expect(segments[0]?.start).toBe(0);
      expect(segments.at(-1)?.end).toBe(audio.samples.length);
      segments.forEach((segment, i) => {
        if (i > 0) expect(segment.start).toBe(segments[i - 1]?.end ?? -1);
        expect(segment.end - segment.start).toBeLessThanOrEqual(maxSeconds * audio.sampleRate);
        expect(segment.end).toBeGreaterThan(segment.start);
      });
    }
    expect(segmentAtPauses(audio, 60).length).toBe(1);
  });

  test('meet in the middle of a pause', () => {
    const audio = bursts(
      10,
      [
        [0, 3],
        [4, 6.2],
        [7, 10],
      ],
      -80,
    );
    const [first, second] = seconds(segmentAtPauses(audio, 5));
    expect(first?.[1]).toBeCloseTo(3.5, 1);
    expect(second?.[1]).toBeCloseTo(6.6, 1);
  });

  test('meet at the quietest moment where nobody pauses', () => {
    const audio = bursts(8, [[0, 8]], -110);
    for (const { start } of segmentAtPauses(audio, 3).slice(1)) {
      // The test signal is quietest between its syllables, every quarter of a second.
      const phase = ((start / sampleRate) * 4) % 1;
      expect(Math.min(phase, 1 - phase)).toBeLessThan(0.1);
    }
  });

  test('of nothing: one, empty', () => {
    expect(segmentAtPauses({ samples: new Float32Array(0), sampleRate }, 5)).toEqual([{ start: 0, end: 0 }]);
  });
});
