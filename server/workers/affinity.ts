import { loadCLibrary } from '../c-library.ts';

/** Bytes of a kernel CPU mask: room for 1024 cores, as glibc's `cpu_set_t`. */
const maskBytes = 128;
/** What the calls of sched_setaffinity(2) take for the thread that calls. */
const thisThread = 0;

const symbols = {
  sched_getaffinity: { args: ['i32', 'u64', 'ptr'], returns: 'i32' },
  sched_setaffinity: { args: ['i32', 'u64', 'ptr'], returns: 'i32' },
} as const;

/**
 * The cores on which this thread may run, ascending: what cgroup cpusets and `taskset` have left of the machine's.
 * Throws an `Error` where the system can't say, as on all but Linux.
 */
export function allowedCores(): number[] {
  const mask = new Uint8Array(maskBytes);
  if (loadScheduler().sched_getaffinity(thisThread, maskBytes, mask) !== 0) throw new Error('sched_getaffinity failed');
  const isSet = (core: number) => ((mask[core >> 3] ?? 0) >> (core & 7)) & 1;
  return Array.from({ length: maskBytes * 8 }, (_, core) => core).filter(isSet);
}

/** Lets the thread that calls run on these cores only, and the threads that it starts from now on. Throws an `Error` where that is not possible. */
export function pinThisThread(cores: readonly number[]): void {
  const mask = new Uint8Array(maskBytes);
  for (const core of cores) mask[core >> 3] = (mask[core >> 3] ?? 0) | (1 << (core & 7));
  if (loadScheduler().sched_setaffinity(thisThread, maskBytes, mask) !== 0) {
    throw new Error(`sched_setaffinity refused the cores ${cores.join(',')}`);
  }
}

/**
 * The cores of the worker at place `index` of `workers`: one each in turn where there are at least as many workers as cores, else all
 * cores are dealt out, so that several processes on one machine don't crowd on its first ones.
 */
export function coresFor(index: number, workers: number, cores: readonly number[]): number[] {
  if (workers < cores.length) return cores.filter((_, at) => at % workers === index % workers);
  return cores.slice(index % cores.length, (index % cores.length) + 1);
}

function loadScheduler() {
  const library = loadCLibrary(symbols);
  if (!library) throw new Error('only Linux can pin threads to cores');
  return library;
}
