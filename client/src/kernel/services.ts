import { language } from '../i18n/index.ts';
import { createApiClient } from './api-client.ts';
import { createApiTransport } from './api-transport.ts';
import { canConvertHere } from './capabilities.ts';
import { createLocalConversion } from './convert-here.ts';
import { createServerConversion } from './convert-on-server.ts';
import { browserLiveDependencies, createLiveConnection } from './live-connection.ts';
import { createTwoWorkers } from './local/two-workers.ts';
import { settingsStorage } from './settings-storage.ts';
import { createSpeedMemory } from './speed-memory.ts';
import type { DeviceData } from './stored/device-data.ts';

/** Everything that the features use, put together once. */
export function createServices() {
  const transport = createApiTransport({ language });
  const api = createApiClient(transport);
  const live = createLiveConnection(browserLiveDependencies(language));
  const engine = createTwoWorkers(
    (name) => new Worker(new URL('./local/worker.ts', import.meta.url), { type: 'module', name }),
  );
  let deviceData: Promise<DeviceData> | undefined;
  return {
    transport,
    api,
    live,
    engine,
    places: { browser: createLocalConversion(engine), server: createServerConversion({ api, live }) },
    speeds: createSpeedMemory(settingsStorage, navigator.userAgent),
    browserCapable: canConvertHere(),
    /** What the browser keeps on this device; opened when it is first asked for. */
    deviceData(): Promise<DeviceData> {
      deviceData ??= import('./stored/device-data.ts').then(({ openDeviceData }) => openDeviceData(transport));
      return deviceData;
    },
  };
}

export type Services = ReturnType<typeof createServices>;
