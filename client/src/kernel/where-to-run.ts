/** A place that can convert. */
export type Place = 'browser' | 'server';

/** What the user asked for. */
export type PlacePreference = 'auto' | Place;

/** Why a place was chosen; the interface has words for each. */
type PlaceReason =
  | 'chosen-by-user'
  | 'chosen-but-unreachable'
  | 'chosen-without-models'
  | 'server-unreachable'
  | 'browser-incapable'
  | 'models-not-here'
  | 'models-not-on-server'
  | 'memory-too-small'
  | 'speed-unknown'
  | 'browser-faster'
  | 'server-faster';

export interface Circumstances {
  readonly preference: PlacePreference;
  /** False where WebAssembly SIMD or module workers are missing. */
  readonly browserCapable: boolean;
  readonly serverReachable: boolean;
  /** Whether the engine's models are on this device, and on the server. */
  readonly engineHere: boolean;
  readonly engineOnServer: boolean;
  /** Size of the models that the engine holds in memory, beyond what every engine needs. */
  readonly modelBytes: number;
  /** Length of the source, undefined while unknown. */
  readonly sourceSeconds: number | undefined;
  /** Memory of the device in GiB, undefined where the browser does not tell. */
  readonly memoryGigabytes: number | undefined;
  /** How much longer the conversion takes than one with the engine's default options. */
  readonly effort: number;
  /** Seconds of audio that the engine converts in one second with its default options, as measured here and with this server; undefined before. */
  readonly browserSpeed: number | undefined;
  readonly serverSpeed: number | undefined;
  /** Wait before the server starts on a new job, in seconds; undefined when it did not tell. */
  readonly serverWaitSeconds: number | undefined;
}

export interface PlaceChoice {
  readonly place: Place;
  readonly reason: PlaceReason;
  /** How long it is expected to take, in seconds; undefined without a measurement. */
  readonly estimateSeconds: number | undefined;
}

/**
 * What a conversion here needs at most: decoded samples, features, spectra and the result, per second of audio, over what the engine
 * needs for itself. Bytes.
 */
const bytesPerSecond = 600_000;
const bytesOfEngine = 250_000_000;
/** A graph loads beside its file, and WebAssembly gives nothing back: `seed-vc-fast` int8, 258 MB, peaks at 1.6 GB in Chromium. */
const bytesPerModelByte = 5;
/** A page should leave most of the device's memory to others. */
const usableShareOfMemory = 0.25;

/** Decides where a conversion runs: the user's word first, then what is possible, then what is done sooner. */
export function choosePlace(circumstances: Circumstances): PlaceChoice {
  const { preference, browserCapable, serverReachable, engineHere, engineOnServer } = circumstances;
  const choice = (place: Place, reason: PlaceReason): PlaceChoice => ({
    place,
    reason,
    estimateSeconds: place === 'browser' ? browserEstimate(circumstances) : serverEstimate(circumstances),
  });

  if (preference === 'server' && !serverReachable) return choice('server', 'chosen-but-unreachable');
  if (preference === 'server' && !engineOnServer) return choice('server', 'chosen-without-models');
  if (preference === 'browser' && !engineHere) return choice('browser', 'chosen-without-models');
  if (preference !== 'auto') return choice(preference, 'chosen-by-user');
  if (!browserCapable) return choice('server', 'browser-incapable');
  if (!engineHere) return choice('server', serverReachable ? 'models-not-here' : 'chosen-but-unreachable');
  if (!serverReachable) return choice('browser', 'server-unreachable');
  if (!engineOnServer) return choice('browser', 'models-not-on-server');
  if (!fitsMemory(circumstances)) return choice('server', 'memory-too-small');
  const here = browserEstimate(circumstances);
  if (here === undefined) return choice('server', 'speed-unknown');
  const there = serverEstimate(circumstances);
  return there !== undefined && there < here ? choice('server', 'server-faster') : choice('browser', 'browser-faster');
}

/** Whether a conversion here leaves the device enough memory; true where sizes are not known. */
export function fitsMemory({
  sourceSeconds,
  memoryGigabytes,
  modelBytes,
}: Pick<Circumstances, 'sourceSeconds' | 'memoryGigabytes' | 'modelBytes'>): boolean {
  if (sourceSeconds === undefined || memoryGigabytes === undefined) return true;
  const needed = bytesOfEngine + modelBytes * bytesPerModelByte + sourceSeconds * bytesPerSecond;
  return needed <= memoryGigabytes * 2 ** 30 * usableShareOfMemory;
}

function browserEstimate({ sourceSeconds, effort, browserSpeed }: Circumstances): number | undefined {
  return sourceSeconds === undefined || browserSpeed === undefined
    ? undefined
    : (sourceSeconds * effort) / browserSpeed;
}

function serverEstimate({ sourceSeconds, effort, serverSpeed, serverWaitSeconds }: Circumstances): number | undefined {
  if (sourceSeconds === undefined || serverSpeed === undefined) return undefined;
  return (serverWaitSeconds ?? 0) + (sourceSeconds * effort) / serverSpeed;
}
