import { For, Show } from 'solid-js';
import styles from './app.module.css';
import { createConvertModel } from './features/convert/convert-model.ts';
import { ConvertPage } from './features/convert/convert-page.tsx';
import { NewVersionNotice } from './features/offline/new-version-notice.tsx';
import { createOfflineModel } from './features/offline/offline-model.ts';
import { en } from './i18n/en.ts';
import { followLanguage, language, switchLanguage, t } from './i18n/index.ts';
import { languages } from './i18n/language.ts';
import { vi } from './i18n/vi.ts';
import type { Services } from './kernel/services.ts';

const ownNames = { vi: vi.languageName, en: en.languageName };

/** The frame around every screen. */
export function App(props: { readonly services: Services }) {
  followLanguage();
  const offline = createOfflineModel();
  const model = createConvertModel(props.services, { isAppKept: offline.isReady });
  return (
    <div class={styles.app}>
      <a class={styles.skip} href="#main">
        {t().skipToContent}
      </a>
      <header class={styles.bar}>
        <Wordmark />
        <nav class={styles.languages} aria-label={t().chooseLanguage}>
          <For each={languages}>
            {(each) => (
              <button
                type="button"
                lang={each}
                aria-pressed={language() === each}
                title={ownNames[each]}
                onClick={() => switchLanguage(each)}
              >
                <span class={styles.short} aria-hidden="true">
                  {each.toUpperCase()}
                </span>
                <span class="visually-hidden">{ownNames[each]}</span>
              </button>
            )}
          </For>
        </nav>
      </header>
      <main id="main" class={styles.main} tabIndex={-1}>
        <Show when={offline.hasNewVersion() && model.run().phase !== 'running'}>
          <NewVersionNotice offline={offline} />
        </Show>
        <ConvertPage model={model} />
      </main>
      <footer class={styles.footer}>
        <p>{t().footer.samples}</p>
        <p>{t().footer.license}</p>
        <Show when={offline.isReady()}>
          <p>{t().offline.ready}</p>
        </Show>
      </footer>
    </div>
  );
}

/** The name, whose tone mark, the dot under "ọ", carries the colour. */
function Wordmark() {
  return (
    <p class={styles.wordmark}>
      <span aria-hidden="true">
        Gi<span class={styles.tone}>o</span>ng
      </span>
      <span class="visually-hidden">Giọng</span>
    </p>
  );
}
