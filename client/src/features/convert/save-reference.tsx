import { createEffect, createSignal, on, Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Button } from '../../components/button.tsx';
import { language } from '../../i18n/index.ts';
import { ServerUnreachableError } from '../../kernel/api-errors.ts';
import type { Recording } from '../../kernel/recording.ts';
import { withoutExtension } from '../shared/names.ts';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { savedVoiceWords } from './saved-voice-words.ts';
import { defaultSettings } from './settings.ts';
import styles from './voice-card.module.css';

/** Keeps the reference as a voice: on the server, or on this device where that cannot be reached. */
export function SaveReference(props: { readonly recording: Recording }) {
  const { voices, convert } = useApp();
  const words = () => savedVoiceWords[language()];
  const [state, setState] = createSignal<'idle' | 'saving' | 'saved' | { readonly error: unknown }>('idle');
  createEffect(
    on(
      () => props.recording,
      () => setState('idle'),
    ),
  );
  const failure = () => {
    const now = state();
    return typeof now === 'object' ? now : undefined;
  };

  async function save(): Promise<void> {
    const { recording } = props;
    if (recording.kind !== 'file') return;
    const name = withoutExtension(recording.name).slice(0, 100);
    setState('saving');
    try {
      const engines = [...new Set([defaultSettings.engine, convert.settings.engine])];
      await voices.save('server', name, [recording], engines).catch((error: unknown) => {
        if (!(error instanceof ServerUnreachableError)) throw error;
        return voices.save('device', name, [recording], engines);
      });
      setState('saved');
    } catch (error) {
      setState({ error });
    }
  }

  return (
    <>
      <Show when={state() !== 'saved'} fallback={<p role="status">{words().saved}</p>}>
        <div class={styles.actions}>
          <Button icon="voice" disabled={state() === 'saving'} onClick={() => void save()}>
            {state() === 'saving' ? words().saving : words().save}
          </Button>
          <span class={styles.ownHint}>{words().consent}</span>
        </div>
      </Show>
      <Show when={failure()}>{(failed) => <ProblemNotice error={failed().error} />}</Show>
    </>
  );
}
