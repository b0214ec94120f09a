import { Route, Router } from '@solidjs/router';
import { For } from 'solid-js';
import { AppContext } from './app-context.ts';
import { createBatchModel } from './features/convert/batch-model.ts';
import { createConvertModel } from './features/convert/convert-model.ts';
import { createDraft } from './features/convert/draft.ts';
import { notifyOfEnd } from './features/convert/end-notification.ts';
import { keepLocalResult } from './features/convert/keep-local-result.ts';
import { createEnginesModel } from './features/engines/engines-model.ts';
import { createHistoryKeeper } from './features/history/keeper.ts';
import { createOfflineModel } from './features/offline/offline-model.ts';
import { createVoicesModel } from './features/voices/voices-model.ts';
import { Frame } from './frame/frame.tsx';
import { NotFoundPage } from './frame/not-found-page.tsx';
import { screens } from './frame/screens.ts';
import { followLanguage } from './i18n/index.ts';
import type { Services } from './kernel/services.ts';

/** The app: what lives as long as its tab, the frame, and the screens with their addresses. */
export function App(props: { readonly services: Services }) {
  followLanguage();
  const offline = createOfflineModel();
  const keeper = createHistoryKeeper(props.services);
  const draft = createDraft(props.services);
  const engines = createEnginesModel(props.services);
  const convert = createConvertModel(props.services, {
    engines,
    isAppKept: offline.isReady,
    onConverted: (order, converted) => void keepLocalResult(keeper, order, converted),
    onJob: draft.rememberJob,
  });
  const batch = createBatchModel(props.services, { convert, keeper });
  const voices = createVoicesModel(props.services, engines);
  draft.follow(convert);
  notifyOfEnd(convert);
  return (
    <AppContext.Provider value={{ services: props.services, offline, engines, convert, batch, keeper, voices }}>
      <Router root={Frame}>
        <For each={screens}>{({ path, page }) => <Route path={path} component={page} />}</For>
        <Route path="*" component={NotFoundPage} />
      </Router>
    </AppContext.Provider>
  );
}
