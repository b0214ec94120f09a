import type { SettingsStorage } from './settings-storage.ts';
import type { Place } from './where-to-run.ts';

/** Remembers how fast each engine was at each place, for this version of the browser: another version may run WebAssembly differently. */
export interface SpeedMemory {
  /** Seconds of audio that an engine converts in one second with its default options, as measured last; undefined before the first time. */
  speed(place: Place, engine: string): number | undefined;
  remember(place: Place, engine: string, speed: number): void;
}

export function createSpeedMemory(storage: SettingsStorage, browserVersion: string): SpeedMemory {
  const key = (place: Place, engine: string) => `giong.speed.${place}.${engine}.${browserVersion}`;
  return {
    speed(place, engine) {
      const value = Number(storage.getItem(key(place, engine)) ?? Number.NaN);
      return Number.isFinite(value) && value > 0 ? value : undefined;
    },
    remember(place, engine, speed) {
      if (Number.isFinite(speed) && speed > 0) storage.setItem(key(place, engine), String(speed));
    },
  };
}
