import { Show } from 'solid-js';
import { goodSpeechSeconds } from '#core/voice/quality.ts';
import { Meter } from '../../components/meter.tsx';
import { formatNumber } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import type { NewVoice } from './new-voice.ts';
import styles from './voices-page.module.css';
import { words } from './words.ts';

/** How much speech the samples hold, and how much more would make the voice good. */
export function SpeechNeeded(props: { readonly draft: NewVoice }) {
  const rounded = (seconds: number) => formatNumber(Math.ceil(seconds), 0, language());
  return (
    <div class={styles.needed}>
      <Meter
        aria-label={words().make.speech}
        min={0}
        max={goodSpeechSeconds}
        value={Math.min(goodSpeechSeconds, props.draft.speechSeconds())}
      />
      <p role="status">
        <Show
          when={props.draft.neededSeconds() > 0}
          fallback={words().make.enough(rounded(props.draft.speechSeconds()))}
        >
          {words().make.needed(rounded(props.draft.neededSeconds()))}
        </Show>
      </p>
    </div>
  );
}
