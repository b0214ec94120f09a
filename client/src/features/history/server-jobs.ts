import { createSignal, onCleanup } from 'solid-js';
import { createStore, produce, reconcile } from 'solid-js/store';
import type { Job } from '#server/http/api-types.ts';
import type { HistoryApi } from '../../kernel/history-api.ts';
import type { Services } from '../../kernel/services.ts';

/** The server's jobs as far as they were asked for, kept up to date while somebody looks. */
export function createServerJobs({ api, live }: Pick<Services, 'api' | 'live'>, history: HistoryApi) {
  const [jobs, setJobs] = createStore<Record<string, Job>>({});
  const [next, setNext] = createSignal<string>();
  const [state, setState] = createSignal<'loading' | 'ready' | 'unreachable'>('loading');
  const put = (list: readonly Job[]) => {
    for (const job of list) setJobs(job.id, reconcile(job));
  };
  const drop = (id: string) => setJobs(produce((all) => void Reflect.deleteProperty(all, id)));

  let hasSession = false;

  /** The newest page anew: what is older and was shown stays. */
  async function refresh(): Promise<void> {
    try {
      // Its cookie opens the socket too.
      if (!hasSession) await api.session();
      hasSession = true;
      const page = await history.page();
      put(page.jobs);
      if (next() === undefined) setNext(page.next);
      setState('ready');
    } catch {
      setState('unreachable');
    }
  }

  let stopListening: (() => void) | undefined;
  let isGone = false;
  // The connection comes back by itself to a server that was away, and has the list asked for anew then.
  void refresh().then(() => {
    if (isGone) return;
    stopListening = live.listen({
      onMessage(message) {
        if (message.type === 'job') put([message.job]);
        if (message.type === 'hello') put(message.jobs);
        if (message.type === 'progress' && jobs[message.id]) {
          setJobs(message.id, { status: 'active', progress: message.progress, etaSeconds: message.etaSeconds });
        }
      },
      onResync: () => void refresh(),
    });
  });
  onCleanup(() => {
    isGone = true;
    stopListening?.();
  });

  return {
    list: () => Object.values(jobs),
    state,
    hasMore: () => next() !== undefined,
    refresh,
    async more(): Promise<void> {
      const before = next();
      if (before === undefined) return;
      const page = await history.page(before);
      put(page.jobs);
      setNext(page.next);
    },
    async cancel(id: string): Promise<void> {
      put([await api.cancel(id)]);
    },
    async remove(id: string): Promise<void> {
      await history.remove(id);
      drop(id);
    },
  };
}
