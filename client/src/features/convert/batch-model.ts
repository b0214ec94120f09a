import { createEffect, createSignal, on } from 'solid-js';
import { createStore, unwrap } from 'solid-js/store';
import { CancelledError } from '#core/errors.ts';
import { language } from '../../i18n/index.ts';
import { errorOfCode, ServerUnreachableError, ServerWording } from '../../kernel/api-errors.ts';
import { batchZipUrl, createBatchApi } from '../../kernel/batch-api.ts';
import type { BatchControl } from '../../kernel/convert-batch-on-server.ts';
import { outlineOf } from '../../kernel/decode-audio.ts';
import type { Recording } from '../../kernel/recording.ts';
import type { Services } from '../../kernel/services.ts';
import type { Place } from '../../kernel/where-to-run.ts';
import type { HistoryKeeper } from '../history/keeper.ts';
import { nameOf, resultFileName } from '../shared/names.ts';
import { saveFile } from '../shared/save-file.ts';
import { createUnfinished } from '../shared/unfinished.ts';
import type { ConvertModel } from './convert-model.ts';

export interface BatchFile {
  readonly recording: Recording;
  readonly state: 'ready' | 'uploading' | 'queued' | 'active' | 'done' | 'failed' | 'cancelled';
  /** Share of the state's work that is done. */
  readonly fraction: number;
  readonly error: unknown;
  /** What came of it on this device; the server keeps its own. */
  readonly result: Blob | undefined;
}

/** Several recordings that take on one voice: state and commands. */
export function createBatchModel(
  services: Services,
  { convert, keeper }: { readonly convert: ConvertModel; readonly keeper: HistoryKeeper },
) {
  const [files, setFiles] = createStore<BatchFile[]>([]);
  const [phase, setPhase] = createSignal<'idle' | 'running' | 'over'>('idle');
  const [place, setPlace] = createSignal<Place>('server');
  const [batchId, setBatchId] = createSignal<string>();
  const [problem, setProblem] = createSignal<unknown>();
  let running: AbortController | undefined;

  const fresh = (recording: Recording): BatchFile => ({
    recording,
    state: 'ready',
    fraction: 0,
    error: undefined,
    result: undefined,
  });
  const unfinished = createUnfinished(services, 'batch');
  // What the server has taken on is in its history, as what this device has done is in its own.
  const isToDo = ({ state }: BatchFile) =>
    batchId() === undefined ? state !== 'done' : state === 'ready' || state === 'cancelled';
  createEffect(
    on(
      () => files.filter(isToDo).map(({ recording }) => unwrap(recording)),
      (toDo) => unfinished.keep(toDo.filter((recording) => recording.kind === 'file')),
      { defer: true },
    ),
  );
  void unfinished.restore().then((earlier) => {
    if (earlier.length > 0 && !running) setFiles([...earlier.map(fresh), ...files]);
  });

  const change = (index: number, part: Partial<BatchFile>) => setFiles(index, part);

  async function onServer(signal: AbortSignal): Promise<void> {
    const { convertBatchOnServer } = await import('../../kernel/convert-batch-on-server.ts');
    const control: BatchControl = {
      signal,
      onUpload: (index, fraction) => change(index, { state: 'uploading', fraction }),
      onRefused: (index, error) => change(index, { state: 'failed', error }),
      onBatch: setBatchId,
      onJob: (index, { status, progress, error }) =>
        change(index, {
          state: status,
          fraction: status === 'done' ? 1 : progress,
          error: error ? errorOfCode(error.code, new ServerWording(error.title, error.detail)) : undefined,
        }),
    };
    const { voice, settings } = convert.currentOrder();
    const sources = files.map(({ recording }) => recording);
    const batches = createBatchApi(services.transport);
    await convertBatchOnServer({ sources, voice, settings }, control, { ...services, batches });
  }

  async function onDevice(signal: AbortSignal): Promise<void> {
    const { voice, settings } = convert.currentOrder();
    for (const [index, { recording: source }] of [...files].entries()) {
      signal.throwIfAborted();
      try {
        const result = await services.places.browser(
          { source, voice, settings },
          {
            signal,
            onStage: (_, fraction) => change(index, { state: 'active', fraction: fraction ?? 0 }),
            onConnected: () => undefined,
          },
        );
        change(index, { state: 'done', fraction: 1, result });
        const [sourceName, voiceName] = [nameOf(source, language()), nameOf(voice, language())];
        const seconds = (await outlineOf(result))?.seconds;
        await keeper.keep({ sourceName, voiceName, settings, format: settings.format, seconds, result, source, voice });
      } catch (error) {
        if (signal.aborted) throw error;
        change(index, { state: 'failed', error });
      }
    }
  }

  const ways: Readonly<Record<Place, (signal: AbortSignal) => Promise<void>>> = { browser: onDevice, server: onServer };

  /** At the chosen place; when that was chosen by itself and the server is away, on this device. */
  async function run(): Promise<void> {
    if (running || convert.run().phase === 'running') return;
    running = new AbortController();
    const { signal } = running;
    setProblem(undefined);
    setBatchId(undefined);
    setFiles(files.map(({ recording }) => fresh(recording)));
    setPhase('running');
    setPlace(convert.choice().place);
    try {
      await ways[place()](signal).catch((error: unknown) => {
        const mayStay = convert.preference() === 'auto' && services.browserCapable && batchId() === undefined;
        if (!(error instanceof ServerUnreachableError) || !mayStay || place() === 'browser') throw error;
        setPlace('browser');
        return onDevice(signal);
      });
    } catch (error) {
      if (!signal.aborted && !(error instanceof CancelledError)) setProblem(() => error);
    } finally {
      setFiles(({ state }) => state !== 'done' && state !== 'failed', { state: 'cancelled', fraction: 0 });
      running = undefined;
      setPhase('over');
    }
  }

  return {
    files,
    phase,
    place,
    problem,
    isOn: () => files.length > 0,
    /** How many of the files a reload would lose. */
    lostCount: unfinished.lostCount,
    add(recordings: readonly Recording[]): void {
      if (running) return;
      setPhase('idle');
      setFiles([...files, ...recordings.map(fresh)]);
    },
    removeAt: (index: number) => setFiles((list) => list.filter((_, at) => at !== index)),
    clear(): void {
      setFiles([]);
      setPhase('idle');
      setProblem(undefined);
    },
    run,
    cancel: () => running?.abort(),
    doneCount: () => files.filter(({ state }) => state === 'done').length,
    /** Share of the whole that is done, all files counting alike. */
    fraction: () =>
      files.reduce((sum, { state, fraction }) => {
        if (state === 'done' || state === 'failed' || state === 'cancelled') return sum + 1;
        return sum + (state === 'active' ? fraction : 0);
      }, 0) / Math.max(1, files.length),
    /** Of the server's results; undefined where there are none. */
    zipUrl() {
      const id = batchId();
      return id === undefined ? undefined : batchZipUrl(id);
    },
    /** The results of this device in one file. */
    async saveZip(name: string): Promise<void> {
      const { downloadZip } = await import('client-zip');
      const { voice, settings } = convert.currentOrder();
      const voiceName = nameOf(voice, language());
      const used = new Map<string, number>();
      const entries = files.flatMap(({ recording, result }) => {
        if (!result) return [];
        const plain = resultFileName(nameOf(recording, language()), voiceName, settings.format);
        const count = used.get(plain) ?? 0;
        used.set(plain, count + 1);
        return [{ name: count === 0 ? plain : `${count + 1} ${plain}`, input: result }];
      });
      saveFile(await downloadZip(entries).blob(), name);
    },
  };
}

export type BatchModel = ReturnType<typeof createBatchModel>;
