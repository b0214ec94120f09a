import { For } from 'solid-js';
import { language, t } from '../../i18n/index.ts';
import { sampleVoices } from '../../kernel/samples.ts';
import type { VoiceChoice } from './saved-voice-choices.tsx';
import styles from './voice-card.module.css';
import { VoicePreviewButton } from './voice-preview-button.tsx';

/** The voices that come with the app, each to be heard and chosen, as choices of a radio group. */
export function SampleVoiceChoices(props: { readonly model: VoiceChoice; readonly group: string }) {
  const isChosen = (id: string) => {
    const voice = props.model.voice();
    return voice.kind === 'sample' && voice.sample.id === id;
  };
  return (
    <For each={sampleVoices}>
      {(sample) => (
        <div class={styles.voice}>
          <VoicePreviewButton sample={sample} />
          <label class={styles.label}>
            <input
              class="visually-hidden"
              type="radio"
              name={props.group}
              checked={isChosen(sample.id)}
              onChange={() => props.model.chooseVoice({ kind: 'sample', sample })}
            />
            <span class={styles.name}>{sample.name[language()]}</span>
            <span class={styles.detail}>{t().voice.language[sample.language] ?? sample.language}</span>
          </label>
        </div>
      )}
    </For>
  );
}
