import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { cpus } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The load of this machine and process over the last interval. */
export interface Load {
  /** Percent of each core that is busy. */
  readonly cores: readonly number[];
  /** Bytes per second; 0 where the system does not tell. */
  readonly diskRead: number;
  readonly diskWritten: number;
  readonly networkReceived: number;
  readonly networkSent: number;
  /** Delay of this thread's event loop in seconds. */
  readonly delay: { readonly mean: number; readonly p99: number; readonly max: number };
}

/** Sums since the machine started. */
interface Counters {
  readonly at: number;
  /** Milliseconds of each core. */
  readonly cores: readonly { readonly busy: number; readonly all: number }[];
  readonly diskRead: number;
  readonly diskWritten: number;
  readonly networkReceived: number;
  readonly networkSent: number;
}

const intervalMilliseconds = 2000;
/** The unit of /proc/diskstats, whatever the disk. */
const sectorBytes = 512;

/** Watches the machine from its making on, so that a question about its load is answered at once. */
export class Machine {
  readonly #timer: Timer;
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  #last = readCounters();
  #load: Load;

  constructor() {
    this.#delay.enable();
    this.#load = { ...between(this.#last, this.#last), delay: this.#takeDelay() };
    this.#timer = setInterval(() => this.#sample(), intervalMilliseconds);
    this.#timer.unref();
  }

  get load(): Load {
    return this.#load;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }

  #sample(): void {
    const now = readCounters();
    this.#load = { ...between(this.#last, now), delay: this.#takeDelay() };
    this.#last = now;
  }

  #takeDelay() {
    const seconds = (nanoseconds: number) => (Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds) / 1e9 : 0);
    const { mean, max } = this.#delay;
    const delay = { mean: seconds(mean), p99: seconds(this.#delay.percentile(99)), max: seconds(max) };
    this.#delay.reset();
    return delay;
  }
}

/** Bytes of the disk on which the folder lies: all, and what is free to this user. */
export async function diskSpace(folder: string): Promise<{ totalBytes: number; freeBytes: number }> {
  const { bsize, blocks, bavail } = await statfs(folder);
  return { totalBytes: bsize * blocks, freeBytes: bsize * bavail };
}

function between(from: Counters, to: Counters): Omit<Load, 'delay'> {
  const seconds = Math.max(0.001, (to.at - from.at) / 1000);
  const rate = (count: 'diskRead' | 'diskWritten' | 'networkReceived' | 'networkSent') =>
    Math.max(0, (to[count] - from[count]) / seconds);
  return {
    cores: to.cores.map(({ busy, all }, core) => {
      const before = from.cores[core] ?? { busy: 0, all: 0 };
      const passed = all - before.all;
      return passed > 0 ? Math.min(100, Math.max(0, (100 * (busy - before.busy)) / passed)) : 0;
    }),
    diskRead: rate('diskRead'),
    diskWritten: rate('diskWritten'),
    networkReceived: rate('networkReceived'),
    networkSent: rate('networkSent'),
  };
}

function readCounters(): Counters {
  const cores = cpus().map(({ times }) => {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    return { busy: all - times.idle, all };
  });
  return { at: performance.now(), cores, ...sumDisks(readProc('diskstats')), ...sumNetwork(readProc('net/dev')) };
}

/** Empty on systems other than Linux. */
function readProc(name: string): string {
  try {
    return readFileSync(`/proc/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** /proc/diskstats of whole disks: partitions, loop devices and stacked ones would count twice. */
function sumDisks(text: string): { diskRead: number; diskWritten: number } {
  const sums = { diskRead: 0, diskWritten: 0 };
  for (const line of text.split('\n')) {
    const [, , name = '', , , read, , , , written] = line.trim().split(/\s+/);
    if (!/^(sd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/.test(name)) continue;
    sums.diskRead += Number(read) * sectorBytes;
    sums.diskWritten += Number(written) * sectorBytes;
  }
  return sums;
}

/** /proc/net/dev without the loopback. */
function sumNetwork(text: string): { networkReceived: number; networkSent: number } {
  const sums = { networkReceived: 0, networkSent: 0 };
  for (const line of text.split('\n').slice(2)) {
    const [name = '', ...counts] = line.trim().split(/[:\s]+/);
    if (name === '' || name === 'lo') continue;
    sums.networkReceived += Number(counts[0]);
    sums.networkSent += Number(counts[8]);
  }
  return sums;
}
