/** A place that can convert. */
export type Place = 'browser' | 'server';

/** What the user asked for. */
export type PlacePreference = 'auto' | Place;

/** Why a place was chosen; the interface has words for each. */
type PlaceReason =
  | 'chosen-by-user'
  | 'chosen-but-unreachable'
  | 'server-unreachable'
  | 'browser-incapable'
  | 'memory-too-small'
  | 'speed-unknown'
  | 'browser-faster'
  | 'server-faster';

export interface Circumstances {
  readonly preference: PlacePreference;
  /** False where WebAssembly SIMD or module workers are missing. */
  readonly browserCapable: boolean;
  readonly serverReachable: boolean;
  /** Length of the source, undefined while unknown. */
  readonly sourceSeconds: number | undefined;
  /** Memory of the device in GiB, undefined where the browser does not tell. */
  readonly memoryGigabytes: number | undefined;
  /** Seconds of audio converted in one second, as measured on this device and with this server; undefined before. */
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
/** A page should leave most of the device's memory to others. */
const usableShareOfMemory = 0.25;

/** Decides where a conversion runs: the user's word first, then what is possible, then what is done sooner. */
export function choosePlace(circumstances: Circumstances): PlaceChoice {
  const { preference, browserCapable, serverReachable } = circumstances;
  const choice = (place: Place, reason: PlaceReason): PlaceChoice => ({
    place,
    reason,
    estimateSeconds: place === 'browser' ? browserEstimate(circumstances) : serverEstimate(circumstances),
  });

  if (preference === 'server' && !serverReachable) return choice('server', 'chosen-but-unreachable');
  if (preference !== 'auto') return choice(preference, 'chosen-by-user');
  if (!browserCapable) return choice('server', 'browser-incapable');
  if (!serverReachable) return choice('browser', 'server-unreachable');
  if (!fitsMemory(circumstances)) return choice('server', 'memory-too-small');
  const here = browserEstimate(circumstances);
  if (here === undefined) return choice('server', 'speed-unknown');
  const there = serverEstimate(circumstances);
  return there !== undefined && there < here ? choice('server', 'server-faster') : choice('browser', 'browser-faster');
}

function fitsMemory({ sourceSeconds, memoryGigabytes }: Circumstances): boolean {
  if (sourceSeconds === undefined || memoryGigabytes === undefined) return true;
  return bytesOfEngine + sourceSeconds * bytesPerSecond <= memoryGigabytes * 2 ** 30 * usableShareOfMemory;
}

function browserEstimate({ sourceSeconds, browserSpeed }: Circumstances): number | undefined {
  return sourceSeconds === undefined || browserSpeed === undefined ? undefined : sourceSeconds / browserSpeed;
}

function serverEstimate({ sourceSeconds, serverSpeed, serverWaitSeconds }: Circumstances): number | undefined {
  if (sourceSeconds === undefined || serverSpeed === undefined) return undefined;
  return (serverWaitSeconds ?? 0) + sourceSeconds / serverSpeed;
}
