import { For, Match, Show, Switch } from 'solid-js';
import { warningsOf } from '#core/voice/quality.ts';
import { RoundButton } from '../../components/button.tsx';
import { usePlayer } from '../../components/use-player.ts';
import { formatNumber } from '../../i18n/format.ts';
import { language, t } from '../../i18n/index.ts';
import { problemText } from '../shared/problem-text.ts';
import type { VoiceSample } from './new-voice.ts';
import styles from './voices-page.module.css';
import { words } from './words.ts';

/** A sample with what it is worth; problems are told as soon as it is there. */
export function SampleRow(props: { readonly sample: VoiceSample; readonly onRemove: () => void }) {
  const player = usePlayer(() => [props.sample.recording.blob]);
  const name = () => props.sample.recording.name;
  // Too little speech is a matter of all samples together.
  const warnings = () =>
    props.sample.quality ? warningsOf(props.sample.quality).filter((warning) => warning !== 'speech-short') : [];
  return (
    <li class={styles.sample}>
      <RoundButton
        icon={player.state().playing ? 'pause' : 'play'}
        label={player.state().playing ? t().result.pause : t().voice.listenTo(name())}
        onClick={player.toggle}
      />
      <div class={styles.about}>
        <p class={styles.name}>{name()}</p>
        <div role="status">
          <Switch fallback={<p class={styles.detail}>{words().make.measuring}</p>}>
            <Match when={props.sample.error}>
              {(error) => <p class={styles.bad}>{problemText(error(), t(), language()).title}</p>}
            </Match>
            <Match when={props.sample.quality}>
              {(quality) => (
                <>
                  <p class={styles.detail}>
                    {words().saved.seconds(formatNumber(quality().speechSeconds, 1, language()))}
                    <Show when={warnings().length === 0}> · {words().make.good}</Show>
                  </p>
                  <For each={warnings()}>{(warning) => <p class={styles.caution}>{words().warnings[warning]}</p>}</For>
                </>
              )}
            </Match>
          </Switch>
        </div>
      </div>
      <RoundButton icon="close" label={words().make.removeSample(name())} onClick={() => props.onRemove()} />
    </li>
  );
}
