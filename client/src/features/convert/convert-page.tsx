import { Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Icon } from '../../components/icon.tsx';
import { t } from '../../i18n/index.ts';
import { KeepNotice } from '../history/keep-notice.tsx';
import { ActionCard } from './action-card.tsx';
import styles from './convert-page.module.css';
import { ResultCard } from './result-card.tsx';
import { SourceCard } from './source-card.tsx';
import { VoiceCard } from './voice-card.tsx';

/** The screen "Chuyển giọng": a recording and a voice in, the same words in that voice out. */
export function ConvertPage() {
  const { convert: model } = useApp();
  return (
    <>
      <header class={styles.hero}>
        <h1>{t().pitch}</h1>
        <p>{t().lead}</p>
      </header>
      <div class={styles.cards}>
        <SourceCard model={model} />
        <span class={styles.into} aria-hidden="true">
          <Icon name="arrow" />
        </span>
        <VoiceCard model={model} />
      </div>
      <ActionCard model={model} />
      <KeepNotice />
      <Show when={model.converted()} keyed>
        {(converted) => (
          <ResultCard
            converted={converted}
            encodeAs={model.encodeAs}
            spectrogramOf={model.spectrogramOf}
            similarityOf={model.similarityOf}
          />
        )}
      </Show>
    </>
  );
}
