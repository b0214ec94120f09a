import { createContext, useContext } from 'solid-js';
import type { BatchModel } from './features/convert/batch-model.ts';
import type { ConvertModel } from './features/convert/convert-model.ts';
import type { EnginesModel } from './features/engines/engines-model.ts';
import type { HistoryKeeper } from './features/history/keeper.ts';
import type { OfflineModel } from './features/offline/offline-model.ts';
import type { VoicesModel } from './features/voices/voices-model.ts';
import type { Services } from './kernel/services.ts';

/** What every screen may use. It outlives them, so that a conversion goes on while the user looks at another screen. */
export interface AppState {
  readonly services: Services;
  readonly offline: OfflineModel;
  readonly engines: EnginesModel;
  readonly convert: ConvertModel;
  readonly batch: BatchModel;
  readonly keeper: HistoryKeeper;
  readonly voices: VoicesModel;
}

export const AppContext = createContext<AppState>();

/** The app's state; throws outside of `AppContext.Provider`. */
export function useApp(): AppState {
  const app = useContext(AppContext);
  if (!app) throw new Error('no AppContext.Provider around this component');
  return app;
}
