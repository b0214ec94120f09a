import { createMemo, createResource, createSignal, onCleanup } from 'solid-js';
import { arrived } from '../../components/arrived.ts';
import { createHistoryApi } from '../../kernel/history-api.ts';
import type { Services } from '../../kernel/services.ts';
import type { DeviceData } from '../../kernel/stored/device-data.ts';
import { createVoicesApi } from '../../kernel/voices-api.ts';
import type { ConvertModel } from '../convert/convert-model.ts';
import { convertAgain } from './convert-again.ts';
import {
  type HistoryFilter,
  type HistoryItem,
  isUnfinished,
  matches,
  mergeHistory,
  noFilter,
} from './history-items.ts';
import { createServerJobs } from './server-jobs.ts';

/** State and commands of the screen "history". */
export function createHistoryModel(services: Services, convert: ConvertModel) {
  const api = createHistoryApi(services.transport);
  const voices = createVoicesApi(services.transport);
  const server = createServerJobs(services, api);
  const device = services.deviceData();
  const [filter, setFilter] = createSignal<HistoryFilter>(noFilter);
  const [problem, setProblem] = createSignal<unknown>();

  const [local, { refetch: readLocal }] = createResource(async () => (await device).history.list().catch(() => []));
  const [waiting, { refetch: readWaiting }] = createResource(async () => (await device).waiting.list().catch(() => []));
  const [workspace, { refetch: askWorkspace }] = createResource(() => api.workspace().catch(() => undefined));
  const [estimate, { refetch: askEstimate }] = createResource(async () => navigator.storage?.estimate());

  let isGone = false;
  const stops: (() => void)[] = [];
  onCleanup(() => {
    isGone = true;
    for (const stop of stops) stop();
  });
  void device.then((data: DeviceData) => {
    if (isGone) return;
    stops.push(
      data.history.listen(() => void Promise.all([readLocal(), askEstimate()])),
      // What was sent has become a job.
      data.waiting.listen(() => void Promise.all([readWaiting(), server.refresh(), askWorkspace()])),
    );
  });

  const all = createMemo(() => mergeHistory(server.list(), arrived(local) ?? [], arrived(waiting) ?? []));
  const byId = createMemo(() => new Map(all().map((item) => [item.id, item])));
  const shown = createMemo(() => all().filter((item) => matches(item, filter())));

  /** Does it, and shows what goes wrong. Answers whether all went well. */
  async function attempt(action: () => Promise<unknown>): Promise<boolean> {
    setProblem(undefined);
    try {
      await action();
      return true;
    } catch (error) {
      setProblem(error);
      return false;
    }
  }

  async function removeNow({ id, origin }: HistoryItem): Promise<void> {
    if (origin.kind === 'job') await server.remove(id);
    else if (origin.kind === 'local') await (await device).history.remove(id);
    else await (await device).waiting.remove(id);
    void askWorkspace();
  }

  return {
    filter,
    setFilter: (change: Partial<HistoryFilter>) => setFilter((before) => ({ ...before, ...change })),
    clearFilter: () => setFilter(noFilter),
    problem,
    /** Ids of what matches the filter, newest first. */
    shownIds: () => shown().map(({ id }) => id),
    item: (id: string) => byId().get(id),
    isEmpty: () => all().length === 0,
    isLoading: () => server.state() === 'loading' || local.loading,
    isUnreachable: () => server.state() === 'unreachable',
    hasMore: server.hasMore,
    more: () => attempt(server.more),
    workspace: () => arrived(workspace),
    /** Bytes of what the history keeps on this device, and what the browser would give the app in all. */
    deviceStorage: () => ({
      usedBytes: (arrived(local) ?? []).reduce((sum, { keptBytes }) => sum + keptBytes, 0),
      roomBytes: arrived(estimate)?.quota,
    }),
    /** The sound of a finished conversion. */
    async result({ origin }: HistoryItem): Promise<Blob> {
      if (origin.kind === 'job' && origin.job.result) return services.api.download(origin.job.result.url);
      const files = origin.kind === 'local' ? await (await device).history.files(origin.entry.id) : undefined;
      if (!files) throw new Error('there is no result');
      return files.result;
    },
    fail: (error: unknown) => setProblem(() => error),
    cancel: (item: HistoryItem) =>
      attempt(() => (item.origin.kind === 'job' && isUnfinished(item) ? server.cancel(item.id) : removeNow(item))),
    remove: (item: HistoryItem) => attempt(() => removeNow(item)),
    convertAgain: (item: HistoryItem) =>
      attempt(async () => convertAgain(item, convert, { history: api, voices, device: await device })),
  };
}

export type HistoryModel = ReturnType<typeof createHistoryModel>;
