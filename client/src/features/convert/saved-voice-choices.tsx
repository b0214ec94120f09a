import { createSignal, For, onMount, Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Notice } from '../../components/notice.tsx';
import { language, t } from '../../i18n/index.ts';
import { problemText } from '../shared/problem-text.ts';
import type { VoiceItem } from '../voices/voice-item.ts';
import type { ConvertModel } from './convert-model.ts';
import { savedVoiceWords } from './saved-voice-words.ts';
import styles from './voice-card.module.css';

/** The saved voices, of the server and of this device, as choices of a radio group. */
export function SavedVoiceChoices(props: { readonly model: ConvertModel; readonly group: string }) {
  const { voices } = useApp();
  const [chosenId, setChosenId] = createSignal<string>();
  const [problem, setProblem] = createSignal<{ readonly error: unknown }>();
  onMount(() => void voices.refresh());

  const isChosen = (item: VoiceItem) => {
    const voice = props.model.voice();
    if (voice.kind !== 'voice') return false;
    return item.place === 'server'
      ? voice.serverId === item.id
      : chosenId() === item.id || voice.profile === item.profile;
  };
  async function choose(item: VoiceItem): Promise<void> {
    setProblem(undefined);
    setChosenId(item.id);
    try {
      const choice = await voices.choiceOf(item);
      if (chosenId() === item.id) props.model.chooseVoice(choice);
    } catch (error) {
      setChosenId(undefined);
      setProblem({ error });
    }
  }

  return (
    <>
      <For each={voices.items()}>
        {(item) => (
          <div class={styles.voice}>
            <label class={styles.label}>
              <input
                class="visually-hidden"
                type="radio"
                name={props.group}
                checked={isChosen(item)}
                onChange={() => void choose(item)}
              />
              <span class={styles.name}>{item.name}</span>
              <span class={styles.detail}>{savedVoiceWords[language()].places[item.place]}</span>
            </label>
          </div>
        )}
      </For>
      <Show when={problem()}>
        {(failed) => (
          <Notice kind="problem" title={problemText(failed().error, t(), language()).title}>
            {problemText(failed().error, t(), language()).advice}
          </Notice>
        )}
      </Show>
    </>
  );
}
