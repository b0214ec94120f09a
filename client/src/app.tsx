import { Route, Router } from '@solidjs/router';
import { For } from 'solid-js';
import { AppContext } from './app-context.ts';
import { createConvertModel } from './features/convert/convert-model.ts';
import { createOfflineModel } from './features/offline/offline-model.ts';
import { Frame } from './frame/frame.tsx';
import { NotFoundPage } from './frame/not-found-page.tsx';
import { screens } from './frame/screens.ts';
import { followLanguage } from './i18n/index.ts';
import type { Services } from './kernel/services.ts';

/** The app: what lives as long as its tab, the frame, and the screens with their addresses. */
export function App(props: { readonly services: Services }) {
  followLanguage();
  const offline = createOfflineModel();
  const convert = createConvertModel(props.services, { isAppKept: offline.isReady });
  return (
    <AppContext.Provider value={{ services: props.services, offline, convert }}>
      <Router root={Frame}>
        <For each={screens}>{({ path, page }) => <Route path={path} component={page} />}</For>
        <Route path="*" component={NotFoundPage} />
      </Router>
    </AppContext.Provider>
  );
}
