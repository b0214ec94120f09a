import { type Accessor, batch, createMemo, createResource, createSignal, onCleanup } from 'solid-js';
import { createStore } from 'solid-js/store';
import { effortOf } from '#core/engines/effort.ts';
import { CancelledError } from '#core/errors.ts';
import { arrived, arrivedFresh } from '../../components/arrived.ts';
import { language } from '../../i18n/index.ts';
import { deviceMemoryGigabytes } from '../../kernel/capabilities.ts';
import { runConversion } from '../../kernel/conversion.ts';
import type { ConversionOrder, ConversionStage } from '../../kernel/conversion-order.ts';
import { outlineOf } from '../../kernel/decode-audio.ts';
import { firstPaint } from '../../kernel/first-paint.ts';
import { inspectRecording } from '../../kernel/inspect-recording.ts';
import type { Outline } from '../../kernel/peaks.ts';
import type { Recording } from '../../kernel/recording.ts';
import { sampleRecordings, sampleVoices } from '../../kernel/samples.ts';
import type { Services } from '../../kernel/services.ts';
import { settingsStorage } from '../../kernel/settings-storage.ts';
import { choosePlace, type Place, type PlacePreference } from '../../kernel/where-to-run.ts';
import type { EnginesModel } from '../engines/engines-model.ts';
import { nameOf } from '../shared/names.ts';
import { rememberedPreference, rememberPreference } from './preference.ts';
import { defaultSettings, type Settings, settingsFor } from './settings.ts';
import { similarityTo } from './similarity.ts';
import { type Measured, warmUp } from './warm-up.ts';

/** A conversion that is over and went well. */
export interface Converted {
  readonly file: Blob;
  readonly outline: Outline | undefined;
  readonly format: Settings['format'];
  readonly engine: string;
  readonly source: { readonly name: string; readonly playable: Blob; readonly outline: Outline | undefined };
  readonly voiceName: string;
  /** The recording of the voice that was asked for. */
  readonly voice: Recording;
  readonly place: Place;
  readonly fellBack: boolean;
  /** Seconds that it took. */
  readonly tookSeconds: number;
}

export type Run =
  | { readonly phase: 'idle' }
  | { readonly phase: 'cancelled' }
  | { readonly phase: 'done' }
  | { readonly phase: 'failed'; readonly error: unknown; readonly place: Place }
  | {
      readonly phase: 'running';
      readonly place: Place;
      readonly fellBack: boolean;
      readonly stage: ConversionStage;
      readonly fraction: number | undefined;
      /** `performance.now()` at its start. */
      readonly startedAt: number;
      readonly connected: boolean;
    };

function firstOf<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error('the app comes without samples');
  return first;
}

export interface ConvertSurroundings {
  readonly isAppKept: Accessor<boolean>;
  readonly engines: EnginesModel;
  /** Hears of every conversion that went well. */
  readonly onConverted: (order: ConversionOrder, converted: Converted) => void;
  /** Hears of what the server is doing, with the job's id, and once more without when that is over. */
  readonly onJob: (order: ConversionOrder | undefined) => void;
}

/** State and commands of the screen "convert"; its components only show and call them. */
export function createConvertModel(
  services: Services,
  { isAppKept, engines, onConverted, onJob }: ConvertSurroundings,
) {
  const { api, engine, places, speeds, browserCapable } = services;
  const [source, setSource] = createSignal<Recording>({ kind: 'sample', sample: firstOf(sampleRecordings) });
  const [voice, setVoice] = createSignal<Recording>({ kind: 'sample', sample: firstOf(sampleVoices) });
  const [ownVoice, setOwnVoice] = createSignal<Recording>();
  const [settings, setSettings] = createStore<Settings>({ ...defaultSettings });
  const [preference, setPreference] = createSignal<PlacePreference>(rememberedPreference(settingsStorage));
  const [run, setRun] = createSignal<Run>({ phase: 'idle' });
  const [converted, setConverted] = createSignal<Converted>();
  let running: AbortController | undefined;
  /** Engines that this device has loaded. */
  const warm = new Set<string>();

  const inspectOn = (recording: () => Recording | undefined) => {
    let last: AbortController | undefined;
    const stop = () => last?.abort();
    onCleanup(stop);
    const [inspected] = createResource(recording, async (value) => {
      stop();
      last = new AbortController();
      const { signal } = last;
      await firstPaint();
      return inspectRecording(value, engine, signal);
    });
    return inspected;
  };
  const inspectedSource = inspectOn(source);
  const inspectedVoice = inspectOn(ownVoice);

  const [server, { refetch: askServer }] = createResource(() => {
    void engines.refresh();
    return api.session().then(
      async () => ({ reachable: true, waitSeconds: (await api.queueStatus().catch(() => undefined))?.etaSeconds }),
      () => ({ reachable: false, waitSeconds: undefined }),
    );
  });
  const followNetwork = () => void askServer();
  addEventListener('online', followNetwork);
  addEventListener('offline', followNetwork);
  onCleanup(() => {
    removeEventListener('online', followNetwork);
    removeEventListener('offline', followNetwork);
    running?.abort();
    measuring?.abort();
    engine.dispose();
    stopMeasuring();
  });

  const [measured, setMeasured] = createSignal(0);
  /** Where the conversion would run by an engine, with the choices as they are. */
  const choiceWith = (id: string) => {
    measured();
    return choosePlace({
      preference: preference(),
      browserCapable,
      // Until the answer is there, a server that delivered the page counts as reachable.
      serverReachable: arrived(server)?.reachable ?? true,
      engineHere: engines.isHere(id),
      engineOnServer: engines.isOnServer(id),
      modelBytes: engines.modelBytes(id),
      effort: effortOf(id, settings),
      sourceSeconds: arrived(inspectedSource)?.outline?.seconds,
      memoryGigabytes: deviceMemoryGigabytes(),
      browserSpeed: speeds.speed('browser', id),
      serverSpeed: speeds.speed('server', id) ?? engines.serverSpeed(id),
      serverWaitSeconds: arrived(server)?.waitSeconds ?? undefined,
    });
  };
  const choice = createMemo(() => choiceWith(settings.engine));

  const remember: Measured = (place, id, speed) => {
    speeds.remember(place, id, speed);
    setMeasured((count) => count + 1);
  };
  let measuring: AbortController | undefined;
  const measureHere = (id: string) => {
    measuring?.abort();
    measuring = new AbortController();
    return warmUp(id, { engine, speeds, browserCapable }, remember, measuring.signal);
  };
  const stopMeasuring = engines.onArrival((id) => void measureHere(id));

  const currentOrder = () => ({ source: source(), voice: voice(), settings: settingsFor(settings) });

  async function convert(
    at: { first: Place; preference: PlacePreference },
    order: ConversionOrder = currentOrder(),
  ): Promise<void> {
    if (running) return;
    const controller = new AbortController();
    running = controller;
    // What the user asks for does not wait for it.
    measuring?.abort();
    const { format = defaultSettings.format, engine: id = defaultSettings.engine } = order.settings;
    const other = at.first === 'browser' ? engines.isOnServer(id) : engines.isHere(id);
    const startedAt = performance.now();
    let last: Run & { phase: 'running' } = {
      phase: 'running',
      place: at.first,
      fellBack: false,
      stage: 'preparing',
      fraction: undefined,
      startedAt,
      connected: true,
    };
    const update = (change: Partial<typeof last>) => {
      last = { ...last, ...change };
      if (running === controller) setRun(last);
    };
    update({});
    try {
      const outcome = await runConversion(
        order,
        // Without its models the other place could only say so.
        other ? at : { ...at, preference: at.first },
        {
          signal: controller.signal,
          onPlace: (place, fellBack) => update({ place, fellBack, stage: 'preparing', fraction: undefined }),
          onStage: (stage, fraction) => update({ stage, fraction }),
          onConnected: (connected) => update({ connected }),
          onJob: (jobId) => onJob({ ...order, jobId }),
        },
        { places, now: () => performance.now() },
      );
      const outline = await outlineOf(outcome.file);
      const inspected = await inspectRecording(order.source, engine, controller.signal);
      const made: Converted = {
        file: outcome.file,
        outline,
        format,
        engine: id,
        source: { name: nameOf(order.source, language()), ...inspected },
        voiceName: nameOf(order.voice, language()),
        voice: order.voice,
        place: outcome.place,
        fellBack: outcome.fellBack,
        tookSeconds: outcome.seconds,
      };
      batch(() => {
        setConverted(made);
        setRun({ phase: 'done' });
      });
      onConverted(order, made);
      // The first run here also loads code and models, so it does not tell the speed.
      if (inspected.outline && (outcome.place === 'server' || warm.has(id))) {
        const work = inspected.outline.seconds * effortOf(id, order.settings);
        remember(outcome.place, id, work / outcome.seconds);
      }
      if (outcome.place === 'browser') warm.add(id);
      void measureHere(defaultSettings.engine);
    } catch (error) {
      const cancelled = error instanceof CancelledError || controller.signal.aborted;
      setRun(cancelled ? { phase: 'cancelled' } : { phase: 'failed', error, place: last.place });
    } finally {
      running = undefined;
      onJob(undefined);
      void askServer();
    }
  }

  return {
    source,
    voice,
    ownVoice,
    settings,
    preference,
    run,
    converted,
    choice,
    /** How long a conversion by an engine is expected to take, in seconds; undefined without a measurement. */
    estimateWith: (id: string) => choiceWith(id).estimateSeconds,
    /** Whether converting here would first load the engine over the network, as far as can be told. */
    mustLoadEngine() {
      measured();
      return !isAppKept() && speeds.speed('browser', defaultSettings.engine) === undefined;
    },
    inspectedSource: () => arrivedFresh(inspectedSource),
    sourceProblem: () => inspectedSource.error,
    inspectedVoice: () => arrivedFresh(inspectedVoice),
    voiceProblem: () => inspectedVoice.error,
    chooseSource(recording: Recording) {
      setSource(recording);
      if (run().phase !== 'running') setRun({ phase: 'idle' });
    },
    chooseVoice: (recording: Recording) => void setVoice(recording),
    chooseOwnVoice(recording: Recording) {
      setOwnVoice(recording);
      setVoice(recording);
    },
    change: (change: Partial<Settings>) => setSettings(change),
    resetSettings: () => setSettings({ ...defaultSettings }),
    prefer(next: PlacePreference) {
      rememberPreference(settingsStorage, next);
      setPreference(next);
    },
    convert: () => convert({ first: choice().place, preference: preference() }),
    currentOrder,
    /** Goes on with what the server has begun before the page was loaded anew. */
    resume: (order: ConversionOrder) => convert({ first: 'server', preference: 'server' }, order),
    /** Converts at another place than the chosen one, this once. */
    convertAt: (place: Place) => convert({ first: place, preference: place }),
    /** A result in another file format. */
    async encodeAs(file: Blob, format: Settings['format']): Promise<Blob> {
      const { bytes, mediaType } = await engine.encode({
        file: await file.arrayBuffer(),
        format,
        engine: converted()?.engine ?? defaultSettings.engine,
      });
      return new Blob([bytes], { type: mediaType });
    },
    similarityOf: (converted: Converted) => similarityTo(converted, services),
    spectrogramOf: async (file: Blob) => engine.spectrogram(await file.arrayBuffer()),
    cancel: () => running?.abort(),
    dismiss: () => setRun({ phase: 'idle' }),
  };
}

export type ConvertModel = ReturnType<typeof createConvertModel>;
