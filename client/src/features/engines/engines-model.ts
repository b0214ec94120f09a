import { createSignal, onCleanup } from 'solid-js';
import type { Engine, EngineList } from '#server/http/api-types.ts';
import {
  bytesOf,
  canKeepModels,
  filesOf,
  type KeptEngine,
  keptCacheName,
} from '../../kernel/models-here/kept-engine.ts';
import type { Services } from '../../kernel/services.ts';

/** Models on their way to this device. */
export interface Coming {
  readonly engine: string;
  readonly bytes: number;
  readonly totalBytes: number;
}

/** Why models did not come. */
export type FetchProblem = 'memory' | 'storage' | { readonly error: unknown };

/** Which engines there are, on the server and on this device, and the models that this device keeps for them. */
export function createEnginesModel({ transport, live, engine: local, browserCapable }: Services) {
  const canKeep = canKeepModels();
  const openKept = async () => (await import('../../kernel/models-here/kept-models.ts')).openKeptModels();
  const [server, setServer] = createSignal<readonly Engine[]>();
  const [here, setHere] = createSignal<readonly KeptEngine[]>([]);
  const [coming, setComing] = createSignal<Coming>();
  const [problem, setProblem] = createSignal<{ readonly engine: string; readonly why: FetchProblem }>();
  const arrivalListeners = new Set<(engine: string) => void>();
  let fetching: AbortController | undefined;

  const onServer = (id: string) => server()?.find((each) => each.id === id);
  const keptOf = (id: string) => here().find(({ engine }) => engine === id);
  /** Who keeps nothing loads nothing for it. */
  const listHere = async () => (canKeep && (await caches.has(keptCacheName)) ? (await openKept()).list() : []);
  const lookHere = async () => setHere(await listHere());
  /** Forgets loaded engines, whose models are others now. */
  const modelsChanged = async () => {
    local.releaseLarge();
    await lookHere();
  };

  /** Asks anew; a server that does not answer leaves what was known of it. */
  async function refresh(): Promise<void> {
    await Promise.all([
      lookHere().catch((error: unknown) => console.info('this browser keeps no models', error)),
      transport.get<EngineList>('/api/engines').then(
        ({ engines }) => setServer(engines),
        () => undefined,
      ),
    ]);
  }

  /** Whether this device has what it takes: the very models that the server uses, where that is known. */
  function isHere(id: string): boolean {
    if (id === 'mini') return true;
    const found = keptOf(id);
    if (!browserCapable || !found?.isWhole) return false;
    const current = onServer(id)?.models;
    if (!current || current.length === 0) return true;
    const hashes = new Set(filesOf(found).map(({ sha256 }) => sha256));
    return filesOf({ models: current }).every(({ sha256 }) => hashes.has(sha256));
  }

  onCleanup(() => fetching?.abort());

  return {
    refresh,
    /** Hears of models that come to the server or go, until the answer is called. */
    follow: () =>
      live.listen({
        onMessage: (message) => void (message.type === 'model' && message.model.progress === null && refresh()),
        onResync: () => void refresh(),
      }),
    isHere,
    /** Until it has said so, a server counts as ready. */
    isOnServer: (id: string) => id === 'mini' || (onServer(id)?.ready ?? server() === undefined),
    /** Seconds of audio in one second, as the server has measured it. */
    serverSpeed: (id: string) => onServer(id)?.speed ?? undefined,
    /** Engines that can convert somewhere, the embedded one first. */
    offered(): string[] {
      const ids = new Set(['mini', ...(server() ?? []).filter(({ ready }) => ready).map(({ id }) => id)]);
      for (const { engine, isWhole } of here()) if (isWhole && browserCapable) ids.add(engine);
      return [...ids];
    },
    /** What this device would have to fetch to convert by itself; undefined where it cannot, or needs nothing. */
    fetchable(id: string) {
      const models = onServer(id)?.models;
      return canKeep && browserCapable && models && models.length > 0 && !isHere(id) ? models : undefined;
    },
    /** Bytes of the models that this engine holds in memory here. */
    modelBytes: (id: string) => bytesOf(keptOf(id)?.models ?? onServer(id)?.models ?? []),
    kept: here,
    coming,
    problem: (id: string) => (problem()?.engine === id ? problem()?.why : undefined),
    /** Brings the models of an engine onto this device. */
    async fetchHere(id: string): Promise<void> {
      const models = onServer(id)?.models;
      if (!canKeep || !models || fetching) return;
      const controller = new AbortController();
      fetching = controller;
      setProblem(undefined);
      const totalBytes = bytesOf(models);
      try {
        const [{ refusalOf }, { fetchModels }] = await Promise.all([
          import('../../kernel/models-here/room.ts'),
          import('../../kernel/models-here/fetch-models.ts'),
        ]);
        const refusal = await refusalOf(models);
        if (refusal) return void setProblem({ engine: id, why: refusal });
        setComing({ engine: id, bytes: 0, totalBytes });
        // Kept by the browser even when room grows scarce, where it agrees.
        await navigator.storage?.persist?.();
        await fetchModels(id, models, await openKept(), {
          signal: controller.signal,
          onProgress: (bytes) => setComing({ engine: id, bytes, totalBytes }),
        });
        await modelsChanged();
        for (const onArrival of arrivalListeners) onArrival(id);
      } catch (error) {
        if (!controller.signal.aborted) setProblem({ engine: id, why: { error } });
      } finally {
        fetching = undefined;
        setComing(undefined);
        await lookHere();
      }
    },
    /** What has come is kept, to go on from. */
    stopFetching: () => fetching?.abort(),
    async removeHere(id: string): Promise<void> {
      await (await openKept()).remove(id);
      setProblem(undefined);
      await modelsChanged();
    },
    /** Calls back when the models of an engine have come; the answer stops. */
    onArrival(listener: (engine: string) => void): () => void {
      arrivalListeners.add(listener);
      return () => void arrivalListeners.delete(listener);
    },
  };
}

export type EnginesModel = ReturnType<typeof createEnginesModel>;
