import { Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Icon } from '../../components/icon.tsx';
import { t } from '../../i18n/index.ts';
import { KeepNotice } from '../history/keep-notice.tsx';
import { ActionCard } from './action-card.tsx';
import { BatchActionCard } from './batch-action-card.tsx';
import { BatchCard } from './batch-card.tsx';
import styles from './convert-page.module.css';
import { ResultCard } from './result-card.tsx';
import { SourceCard } from './source-card.tsx';
import { VoiceCard } from './voice-card.tsx';

/** The screen "Chuyển giọng": a recording and a voice in, the same words in that voice out. */
export function ConvertPage() {
  const { convert: model, batch } = useApp();
  return (
    <>
      <header class={styles.hero}>
        <h1>{t().pitch}</h1>
        <p>{t().lead}</p>
      </header>
      <div class={styles.cards}>
        <Show when={batch.isOn()} fallback={<SourceCard model={model} />}>
          <BatchCard batch={batch} />
        </Show>
        <span class={styles.into} aria-hidden="true">
          <Icon name="arrow" />
        </span>
        <VoiceCard model={model} />
      </div>
      <Show when={batch.isOn()} fallback={<ActionCard model={model} />}>
        <BatchActionCard batch={batch} model={model} />
      </Show>
      <KeepNotice />
      <Show when={!batch.isOn() && model.converted()} keyed>
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
