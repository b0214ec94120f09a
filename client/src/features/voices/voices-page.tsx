import { createSignal, onMount, Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Notice } from '../../components/notice.tsx';
import { MakeVoiceCard } from './make-voice-card.tsx';
import { createNewVoice } from './new-voice.ts';
import { SavedVoices } from './saved-voices.tsx';
import styles from './voices-page.module.css';
import { words } from './words.ts';

/** The screen "Giọng": makes voices of samples, and looks after the saved ones. */
export function VoicesPage() {
  const { services, voices } = useApp();
  const draft = voices.draft((model) => createNewVoice(services, model));
  const [said, setSaid] = createSignal('');
  onMount(() => void voices.refresh());

  return (
    <>
      <header class={styles.hero}>
        <h1>{words().title}</h1>
        <p>{words().lead}</p>
      </header>
      <p class="visually-hidden" role="status">
        {said()}
      </p>
      <Show when={voices.isUnreachable()}>
        <Notice kind="remark">{words().saved.unreachable}</Notice>
      </Show>
      <div class={styles.cards}>
        <MakeVoiceCard draft={draft} onSaved={(name) => setSaid(words().make.saved(name))} />
        <SavedVoices model={voices} onSaid={setSaid} />
      </div>
    </>
  );
}
