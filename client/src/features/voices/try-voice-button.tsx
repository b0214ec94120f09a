import { createSignal, Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { RoundButton } from '../../components/button.tsx';
import { language } from '../../i18n/index.ts';
import { blobOf } from '../../kernel/recording.ts';
import { sampleRecordings } from '../../kernel/samples.ts';
import { LoadedPlayer } from '../shared/play-button.tsx';
import type { VoiceItem } from './voice-item.ts';
import { VoiceProblem } from './voice-problem.tsx';
import type { VoicesModel } from './voices-model.ts';
import styles from './voices-page.module.css';
import { words } from './words.ts';

/** Lets a saved voice be heard: converts a sample sentence with it, in the browser. */
export function TryVoiceButton(props: { readonly item: VoiceItem; readonly model: VoicesModel }) {
  const { services } = useApp();
  const [state, setState] = createSignal<'idle' | 'trying' | { readonly error: unknown }>('idle');
  const [spoken, setSpoken] = createSignal<Blob>();
  const failure = () => {
    const now = state();
    return typeof now === 'object' ? now : undefined;
  };

  async function start(): Promise<void> {
    const sample = sampleRecordings.find((known) => known.language === language()) ?? sampleRecordings[0];
    if (!sample) return;
    setState('trying');
    try {
      const [source, voice] = await Promise.all([
        blobOf({ kind: 'sample', sample }),
        props.model.profileOf(props.item),
      ]);
      const { bytes, mediaType } = await services.engine.convert({
        source: await source.arrayBuffer(),
        reference: await voice.arrayBuffer(),
        settings: {},
      });
      setSpoken(new Blob([bytes], { type: mediaType }));
      setState('idle');
    } catch (error) {
      setState({ error });
    }
  }

  return (
    <>
      <Show
        when={spoken()}
        fallback={
          <RoundButton
            icon="play"
            label={words().saved.try(props.item.name)}
            disabled={state() === 'trying'}
            onClick={() => void start()}
          />
        }
      >
        {(blob) => <LoadedPlayer blob={blob()} label={words().saved.try(props.item.name)} />}
      </Show>
      <div class={styles.tried} role="status">
        <Show when={state() === 'trying'}>{words().saved.trying}</Show>
        <Show when={failure()}>{(failed) => <VoiceProblem error={failed().error} />}</Show>
      </div>
    </>
  );
}
