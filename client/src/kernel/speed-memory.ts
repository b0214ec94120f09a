import type { SettingsStorage } from './settings-storage.ts';
import type { Place } from './where-to-run.ts';

/** Remembers how fast each place was, for this version of the browser: another version may run WebAssembly differently. */
export interface SpeedMemory {
  /** Seconds of audio in one second, as measured last; undefined before the first time. */
  speed(place: Place): number | undefined;
  remember(place: Place, speed: number): void;
}

export function createSpeedMemory(storage: SettingsStorage, browserVersion: string): SpeedMemory {
  const key = (place: Place) => `giong.speed.${place}.${browserVersion}`;
  return {
    speed(place) {
      const value = Number(storage.getItem(key(place)) ?? Number.NaN);
      return Number.isFinite(value) && value > 0 ? value : undefined;
    },
    remember(place, speed) {
      if (Number.isFinite(speed) && speed > 0) storage.setItem(key(place), String(speed));
    },
  };
}
