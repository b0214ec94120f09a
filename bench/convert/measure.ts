import type { Converter } from '#core/convert.ts';

/** Wall-clock seconds of one process or worker that stays: what it takes to begin, and what each conversion takes then. */
export interface WarmTimings {
  /** From bytes of a reference to a voice, engine loaded already. */
  readonly voiceSeconds: number;
  /** From bytes to bytes: decoding, conversion and encoding, with a voice that is ready. One value a round. */
  readonly convertSeconds: readonly number[];
  /** CPU time of the same, where the host tells it: other programs on the core do not lengthen it. */
  readonly convertCpuSeconds?: readonly number[];
  /** Length of the source. */
  readonly sourceSeconds: number;
}

/** The files of a measurement, as a user has them. */
export interface Recordings {
  readonly source: Uint8Array;
  readonly reference: Uint8Array;
}

/**
 * Measures a converter that is warmed up by one whole conversion before the clock starts. Runs in Bun and in a browser's worker.
 * `cpuSeconds` reads the thread's or process's CPU clock.
 */
export async function measureWarm(
  converter: Pick<Converter, 'profile' | 'convert'>,
  { source, reference }: Recordings,
  rounds: number,
  cpuSeconds?: () => number,
): Promise<WarmTimings> {
  const convert = async () => {
    const voice = await converter.profile([reference]);
    return converter.convert({ source, voice, format: 'wav16' });
  };
  const { info } = await convert();

  const start = performance.now();
  const voice = await converter.profile([reference]);
  const voiceSeconds = (performance.now() - start) / 1000;

  const convertSeconds: number[] = [];
  const convertCpuSeconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    const cpuBegin = cpuSeconds?.() ?? 0;
    await converter.convert({ source, voice, format: 'wav16' });
    convertSeconds.push((performance.now() - begin) / 1000);
    if (cpuSeconds) convertCpuSeconds.push(cpuSeconds() - cpuBegin);
  }
  const timings = { voiceSeconds, convertSeconds, sourceSeconds: info.seconds };
  return cpuSeconds ? { ...timings, convertCpuSeconds } : timings;
}
