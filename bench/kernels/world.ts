import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import { BANDS, bandWeights, binPositions, HOP, SAMPLE_RATE } from '#core/engines/mini/bands.ts';
import { CheapTrick } from '#core/kernels/cheaptrick.ts';
import { TimeVaryingFilter } from '#core/kernels/filter.ts';
import type { Kernels } from '#core/kernels/module.ts';
import { OverlapAdder, PitchMarker } from '#core/kernels/psola.ts';
import { resample } from '#core/kernels/resample.ts';
import { StoneMask } from '#core/kernels/stonemask.ts';
import { median } from '../statistics.ts';

/** Milliseconds of each step. */
interface Steps {
  /** StoneMask, from the same coarse pitch. */
  readonly pitch: number;
  /** CheapTrick. */
  readonly envelope: number;
  /** D4C: WORLD's synthesis needs it, ours keeps the source's own noise. */
  readonly aperiodicity: number;
  /** WORLD: pulses and noise through the envelope. Ours: pitch marks, overlap-add, time-varying filter. */
  readonly synthesis: number;
}

export interface WorldResult {
  readonly seconds: number;
  readonly pyworld: string;
  readonly ours: Steps;
  readonly world: Steps;
  /** Median over the rounds of WORLD's whole time by ours: above 1 means that ours is faster. */
  readonly ratio: number;
  /** The same without D4C. */
  readonly ratioWithoutAperiodicity: number;
}

const SAMPLE = 'samples/recordings/english.flac';
const ROUNDS = 15;
/** The pitch that our synthesis moves to; WORLD's takes the same time whatever the pitch. */
const PITCH_RATIO = 1.2;

/** Analysis and synthesis of a recording by the kernels and by WORLD in C++, in turn. Null where `python` lacks pyworld. */
export async function benchWorld(root: string, kernels: Kernels, python: string): Promise<WorldResult | null> {
  if (!hasPyworld(python)) return null;
  const { audio } = await decodeAudio(await Bun.file(join(root, SAMPLE)).bytes());
  const samples = Float32Array.from(resample(kernels, audio.samples, audio.sampleRate, SAMPLE_RATE));
  const folder = await mkdtemp(join(tmpdir(), 'giong-bench-'));
  try {
    const file = join(folder, 'samples.f32');
    await Bun.write(file, samples);
    return await compare(kernels, samples, startWorld(python, file));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function hasPyworld(python: string): boolean {
  if (!Bun.which(python)) return false;
  return Bun.spawnSync([python, '-c', 'import numpy, pyworld'], { stderr: 'ignore' }).exitCode === 0;
}

interface World {
  answer(): Promise<unknown>;
  ask(): Promise<Steps>;
  end(): void;
}

/** The Python side, one JSON line at a time. One thread, as ours. */
function startWorld(python: string, samples: string): World {
  const child = Bun.spawn([python, join(import.meta.dir, 'world.py'), samples], {
    stdin: 'pipe',
    stdout: 'pipe',
    env: { ...process.env, OMP_NUM_THREADS: '1' },
  });
  const lines = linesOf(child.stdout);
  const answer = async () => JSON.parse((await lines.next()).value ?? 'null');
  return {
    answer,
    ask() {
      child.stdin.write('\n');
      child.stdin.flush();
      return answer();
    },
    end() {
      child.stdin.end();
    },
  };
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let pending = '';
  for await (const bytes of stream) {
    const parts = (pending + decoder.decode(bytes, { stream: true })).split('\n');
    pending = parts.pop() ?? '';
    yield* parts;
  }
  return undefined;
}

async function compare(kernels: Kernels, samples: Float32Array, world: World): Promise<WorldResult> {
  const { f0, version } = (await world.answer()) as { f0: number[]; version: string };
  const process = createProcess(kernels, samples, Float64Array.from(f0));
  process();
  await world.ask();
  const rounds: { ours: Steps; world: Steps }[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push({ ours: process(), world: await world.ask() });
  world.end();
  const whole = ({ pitch, envelope, aperiodicity, synthesis }: Steps) => pitch + envelope + aperiodicity + synthesis;
  return {
    seconds: samples.length / SAMPLE_RATE,
    pyworld: version,
    ours: middleSteps(rounds.map((round) => round.ours)),
    world: middleSteps(rounds.map((round) => round.world)),
    ratio: median(rounds.map((round) => whole(round.world) / whole(round.ours))),
    ratioWithoutAperiodicity: median(
      rounds.map((round) => (whole(round.world) - round.world.aperiodicity) / whole(round.ours)),
    ),
  };
}

function middleSteps(all: readonly Steps[]): Steps {
  const of = (step: keyof Steps) => median(all.map((steps) => steps[step]));
  return {
    pitch: of('pitch'),
    envelope: of('envelope'),
    aperiodicity: of('aperiodicity'),
    synthesis: of('synthesis'),
  };
}

/** Our analysis and synthesis of the whole recording; gives the times of one run. */
function createProcess(kernels: Kernels, samples: Float32Array, coarse: Float64Array): () => Steps {
  const frames = coarse.length;
  const stoneMask = new StoneMask(kernels, SAMPLE_RATE, HOP);
  const cheapTrick = new CheapTrick(kernels, SAMPLE_RATE, HOP, bandWeights());
  const filter = new TimeVaryingFilter(kernels, 512, HOP, BANDS, binPositions());
  const envelope = new Float32Array(frames * BANDS);
  const power = new Float32Array(frames);
  const ratios = new Float64Array(frames).fill(PITCH_RATIO);
  return () => {
    const started = performance.now();
    const f0 = coarse.slice();
    stoneMask.refine(samples, f0, 0, frames);
    const afterPitch = performance.now();
    cheapTrick.analyse(samples, f0, 0, frames, { envelope, power });
    const afterEnvelope = performance.now();
    const marker = new PitchMarker(kernels, samples, SAMPLE_RATE, { f0, hop: HOP });
    marker.advance(samples.length);
    const shifted = new Float32Array(samples.length);
    new OverlapAdder(kernels, samples, SAMPLE_RATE, marker.marks, ratios, HOP).advance(samples.length, shifted);
    filter.reset();
    filter.process(shifted, envelope);
    filter.finish(shifted);
    const done = performance.now();
    return {
      pitch: afterPitch - started,
      envelope: afterEnvelope - afterPitch,
      aperiodicity: 0,
      synthesis: done - afterEnvelope,
    };
  };
}
