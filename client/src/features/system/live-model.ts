import { createSignal } from 'solid-js';
import type { QueueStatus, SystemStats } from '#server/http/api-types.ts';
import type { SystemApi } from '../../kernel/system-api.ts';
import { poll } from './poll.ts';
import { emptySeries, recorded, type Series } from './series.ts';

const askMilliseconds = 2000;
/** How far back the charts go. */
export const shownSeconds = 300;

/** What is drawn: one entry a chart, whose lines come in the order of its values. */
const charts = {
  queue: (_, queue) => [queue.queued, queue.active],
  throughput: ({ fleet }) => [fleet.jobsPerMinute],
  latency: ({ latency: { work, wait } }) => [work?.p50 ?? null, work?.p95 ?? null, wait?.p95 ?? null],
  cpu: ({ cpu }) => cpu.perCore,
  memory: ({ memory }) => [memory.totalBytes - memory.freeBytes, memory.processBytes],
} satisfies Record<string, (stats: SystemStats, queue: QueueStatus) => readonly (number | null)[]>;

export type ChartName = keyof typeof charts;

const chartNames = Object.keys(charts) as readonly ChartName[];
const nothing = () => Object.fromEntries(chartNames.map((name) => [name, emptySeries])) as Record<ChartName, Series>;

/** The server's figures as long as the screen is open: the newest, and those of the last minutes. */
export function createLiveModel(api: SystemApi) {
  const [stats, setStats] = createSignal<SystemStats>();
  const [queue, setQueue] = createSignal<QueueStatus>();
  const [error, setError] = createSignal<unknown>();
  const [series, setSeries] = createSignal(nothing());

  async function ask(signal: AbortSignal): Promise<void> {
    try {
      const [newStats, newQueue] = await Promise.all([api.stats(signal), api.queue(signal)]);
      const time = Date.now() / 1000;
      setStats(newStats);
      setQueue(newQueue);
      setSeries((before) => {
        const after = { ...before };
        for (const name of chartNames) {
          after[name] = recorded(before[name], time, charts[name](newStats, newQueue), shownSeconds);
        }
        return after;
      });
      setError(undefined);
    } catch (failure) {
      if (!signal.aborted) setError(failure);
    }
  }

  poll(ask, askMilliseconds);
  return { stats, queue, error, series };
}

export type LiveModel = ReturnType<typeof createLiveModel>;
