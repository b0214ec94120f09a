import { type RouteSectionProps, useLocation } from '@solidjs/router';
import { createEffect, on, Show, Suspense } from 'solid-js';
import { useApp } from '../app-context.ts';
import { NewVersionNotice } from '../features/offline/new-version-notice.tsx';
import { formatPercent } from '../i18n/format.ts';
import { t } from '../i18n/index.ts';
import styles from './frame.module.css';
import { LanguagePicker } from './language-picker.tsx';
import { Navigation } from './navigation.tsx';
import { screens } from './screens.ts';
import { words } from './words.ts';

/** What stands around every screen. */
export function Frame(props: RouteSectionProps) {
  const { offline, convert } = useApp();
  const location = useLocation();
  let main: HTMLElement | undefined;
  const screen = () => screens.find(({ path }) => path === location.pathname);
  createEffect(() => {
    const found = screen();
    const title = found && found.path !== '/' ? words().titleOf(words().screens[found.name]) : t().title;
    const run = convert.run();
    const fraction = run.phase === 'running' ? run.fraction : undefined;
    document.title = fraction === undefined ? title : words().titleWhile(formatPercent(fraction), title);
  });
  // As after loading a page: reading starts at the top of the new screen.
  createEffect(
    on(
      () => location.pathname,
      () => {
        main?.focus({ preventScroll: true });
        scrollTo({ top: 0, behavior: 'instant' });
      },
      { defer: true },
    ),
  );

  return (
    <div class={styles.app}>
      <a class={styles.skip} href="#main">
        {t().skipToContent}
      </a>
      <header class={styles.bar}>
        <Wordmark />
        <Navigation />
        <LanguagePicker />
      </header>
      <main id="main" ref={main} class={styles.main} tabIndex={-1}>
        <Show when={offline.hasNewVersion() && convert.run().phase !== 'running'}>
          <NewVersionNotice offline={offline} />
        </Show>
        <Suspense>{props.children}</Suspense>
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
