import { createSignal, For, Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { createSavedVoices, type SavedVoiceItem } from '../voices/saved-voices.ts';
import { words } from '../voices/words.ts';
import type { ConvertModel } from './convert-model.ts';
import styles from './voice-card.module.css';

/** The voices that the user saved, as choices of the same group as the samples. */
export function SavedVoiceChoices(props: { readonly model: ConvertModel; readonly group: string }) {
  const saved = createSavedVoices(useApp().services);
  const [error, setError] = createSignal<unknown>();
  const isChosen = ({ id, name, place }: SavedVoiceItem) => {
    const voice = props.model.voice();
    if (voice.kind !== 'voice') return false;
    return place === 'server' ? voice.serverId === id : voice.serverId === undefined && voice.name === name;
  };

  async function choose(item: SavedVoiceItem): Promise<void> {
    setError(undefined);
    try {
      props.model.chooseVoice(await saved.recordingOf(item));
    } catch (failure) {
      setError(failure);
    }
  }

  return (
    <>
      <For each={saved.items()}>
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
              <span class={styles.detail}>
                {item.place === 'server' ? words().list.onServer : words().list.onDevice}
              </span>
            </label>
          </div>
        )}
      </For>
      <Show when={error()}>{(failure) => <ProblemNotice error={failure()} />}</Show>
    </>
  );
}
