/** A process of the fleet. */
export interface Host {
  readonly id: string;
  /** The machine's name. */
  readonly name: string;
  /** Whether it answers HTTP as well (`server`) or only converts. */
  readonly role: 'server' | 'worker';
  /** Whether workers are dealt out to it; a server started without workers has none. */
  readonly works: boolean;
  readonly workers: number;
  readonly busy: number;
  readonly cores: number;
  /** Bytes that the process holds. */
  readonly memoryBytes: number;
  readonly jobsPerMinute: number;
  readonly version: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly lastSeen: string;
}

/** How many workers each host is to have. */
export interface Share {
  readonly id: string;
  readonly name: string;
  readonly workers: number;
}

/** All processes that work on one queue. */
export interface Fleet {
  /** As they were when last heard of. */
  hosts(): Promise<readonly Host[]>;
  /** How many workers the fleet has, as far as this process knows. */
  totalWorkers(): number;
  /** Deals so many workers out to the hosts that work. Throws `UnavailableError('busy')` while the fleet is out of reach. */
  scale(total: number): Promise<readonly Share[]>;
  /** Forgets what was dealt out: each host has the workers that it was started with. Throws as `scale` does. */
  unscale(): Promise<void>;
  close(): Promise<void>;
}

/** This process, as far as the fleet is concerned. */
export interface HostParts {
  readonly pool: { readonly size: number; readonly busy: number; resize(size: number): void };
  /** What it has done lately. */
  readonly metrics: { readonly jobsPerMinute: number };
}

/** What it tells the others now. */
export function hostState({
  pool,
  metrics,
}: HostParts): Pick<Host, 'workers' | 'busy' | 'memoryBytes' | 'jobsPerMinute'> {
  const { jobsPerMinute } = metrics;
  return { workers: pool.size, busy: pool.busy, memoryBytes: process.memoryUsage.rss(), jobsPerMinute };
}

/** What a process tells of itself once. */
export interface HostIdentity {
  readonly name: string;
  readonly role: Host['role'];
  readonly works: boolean;
  readonly cores: number;
  readonly version: string;
}
