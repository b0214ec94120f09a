import { CancelledError, InputError } from '#core/errors.ts';
import { ServerUnreachableError } from './api-errors.ts';
import type { ConversionControl, ConversionOrder } from './conversion-order.ts';
import type { Place, PlacePreference } from './where-to-run.ts';

/** How one place converts. */
export type ConvertAt = (order: ConversionOrder, control: ConversionControl) => Promise<Blob>;

export interface ConversionOutcome {
  readonly file: Blob;
  readonly place: Place;
  /** True when the place that was tried first could not do it. */
  readonly fellBack: boolean;
  /** Wall-clock seconds at `place`, from the order to the file. */
  readonly seconds: number;
}

export interface RunControl extends ConversionControl {
  /** Work starts at a place, for the second time after the first one failed. */
  onPlace(place: Place, fellBack: boolean): void;
}

export interface RunDependencies {
  readonly places: Readonly<Record<Place, ConvertAt>>;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

/**
 * Converts at the chosen place. When the choice was automatic and that place cannot, the other one does: a recording that the user
 * asked to keep on the device is never sent off by itself.
 */
export async function runConversion(
  order: ConversionOrder,
  { first, preference }: { readonly first: Place; readonly preference: PlacePreference },
  control: RunControl,
  { places, now }: RunDependencies,
): Promise<ConversionOutcome> {
  async function at(place: Place, fellBack: boolean): Promise<ConversionOutcome> {
    control.onPlace(place, fellBack);
    const started = now();
    const file = await places[place](order, control);
    return { file, place, fellBack, seconds: (now() - started) / 1000 };
  }

  try {
    return await at(first, false);
  } catch (error) {
    if (control.signal.aborted) throw new CancelledError({ cause: error });
    if (preference !== 'auto' || !otherPlaceMayDo(first, error)) throw error;
    return await at(first === 'browser' ? 'server' : 'browser', true);
  }
}

/** Wrong input is wrong everywhere; a server that answers has reasons which this device should not work around. */
function otherPlaceMayDo(failed: Place, error: unknown): boolean {
  if (error instanceof InputError || error instanceof CancelledError) return false;
  return failed === 'browser' || error instanceof ServerUnreachableError;
}
