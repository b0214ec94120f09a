import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Outcome } from '../data/schema.ts';
import { type JobQueue, priorities } from '../jobs/queue.ts';
import { type SystemSources, watchSystem } from './system-metrics.ts';
import { Throughput } from './throughput.ts';

const requestBuckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const jobBuckets = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800];

export interface RequestMeasures {
  readonly method: string;
  /** The pattern of the path, such as `/api/jobs/:id`: with ids there would be no end of series. */
  readonly route: string;
  readonly status: number;
  /** Until the answer began. */
  readonly seconds: number;
}

export interface JobMeasures {
  readonly outcome: Exclude<Outcome, 'cancelled'>;
  readonly seconds: number;
  readonly audioSeconds: number;
}

/** What Prometheus is told. Besides its own, the process, its memory and the delay of its event loop. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #throughput = new Throughput();
  readonly #requests = new Histogram({
    name: 'giong_http_request_duration_seconds',
    help: 'Time until the answer began',
    labelNames: ['method', 'route', 'status'],
    buckets: requestBuckets,
    registers: [this.#registry],
  });
  readonly #jobs = new Histogram({
    name: 'giong_job_duration_seconds',
    help: 'Time that a worker took for a job',
    labelNames: ['outcome'],
    buckets: jobBuckets,
    registers: [this.#registry],
  });
  readonly #audio = new Counter({
    name: 'giong_audio_converted_seconds_total',
    help: 'Length of the recordings that were converted',
    registers: [this.#registry],
  });
  readonly #voices = new Counter({
    name: 'giong_voice_cache_requests_total',
    help: 'Jobs whose worker had the voice at hand (hit) or not (miss)',
    labelNames: ['result'],
    registers: [this.#registry],
  });

  readonly #results = new Counter({
    name: 'giong_result_cache_requests_total',
    help: 'Conversions asked for whose result was there already (hit) or not (miss)',
    labelNames: ['result'],
    registers: [this.#registry],
  });
  readonly #cleaned = new Counter({
    name: 'giong_cleaned_total',
    help: 'What was deleted for its age, and files without a record (orphans)',
    labelNames: ['kind'],
    registers: [this.#registry],
  });
  readonly #queued = new Gauge({
    name: 'giong_queue_jobs',
    help: 'Jobs that wait',
    labelNames: ['priority'],
    registers: [this.#registry],
  });
  readonly #queuedAudio = new Gauge({
    name: 'giong_queue_audio_seconds',
    help: 'Length of the recordings that wait',
    registers: [this.#registry],
  });
  readonly #active = new Gauge({ name: 'giong_jobs_active', help: 'Jobs that run', registers: [this.#registry] });
  readonly #workers = new Gauge({
    name: 'giong_workers',
    help: 'Threads that convert, by what they do now',
    labelNames: ['state'],
    registers: [this.#registry],
  });
  readonly #queue: Pick<JobQueue, 'counts'>;
  readonly #pool: { readonly size: number; readonly busy: number };

  /** The queue and the workers are asked whenever a report is made. */
  constructor(queue: Pick<JobQueue, 'counts'>, pool: { readonly size: number; readonly busy: number }) {
    this.#queue = queue;
    this.#pool = pool;
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Reports these too from now on. */
  watch(sources: SystemSources): void {
    watchSystem(this.#registry, sources);
  }

  /** Jobs done by this process, over the last minutes. */
  get jobsPerMinute(): number {
    return this.#throughput.perMinute;
  }

  /** The media type of `report`. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All measures at this moment, as text. */
  async report(): Promise<string> {
    const { queued, queuedSeconds, active } = await this.#queue.counts();
    for (const priority of priorities) this.#queued.set({ priority }, queued[priority]);
    this.#queuedAudio.set(queuedSeconds);
    this.#active.set(active);
    this.#workers.set({ state: 'busy' }, this.#pool.busy);
    this.#workers.set({ state: 'idle' }, Math.max(0, this.#pool.size - this.#pool.busy));
    return this.#registry.metrics();
  }

  countRequest({ seconds, ...labels }: RequestMeasures): void {
    this.#requests.observe(labels, seconds);
  }

  countJob({ outcome, seconds, audioSeconds }: JobMeasures): void {
    this.#jobs.observe({ outcome }, seconds);
    if (outcome !== 'done') return;
    this.#audio.inc(audioSeconds);
    this.#throughput.count();
  }

  countResult(wasCached: boolean): void {
    this.#results.inc({ result: wasCached ? 'hit' : 'miss' });
  }

  countCleaned(kind: string, count: number): void {
    this.#cleaned.inc({ kind }, count);
  }

  countVoice(wasCached: boolean): void {
    this.#voices.inc({ result: wasCached ? 'hit' : 'miss' });
  }
}
