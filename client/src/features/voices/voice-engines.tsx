import { For, Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { engineName } from '../engines/words.ts';
import type { NewVoice } from './new-voice.ts';
import styles from './voices-page.module.css';
import { words } from './words.ts';

/** For which engines a voice is made, where there is more than one; the samples are gone afterwards. */
export function VoiceEngines(props: { readonly draft: NewVoice }) {
  const { engines } = useApp();
  const { draft } = props;
  const ids = () =>
    engines.offered().filter((id) => (draft.place() === 'server' ? engines.isOnServer(id) : engines.isHere(id)));
  const toggle = (id: string, isWanted: boolean) =>
    draft.setEngines([...draft.engines().filter((each) => each !== id), ...(isWanted ? [id] : [])]);
  return (
    <Show when={ids().length > 1}>
      <fieldset class={styles.engines}>
        <legend>{words().make.engines}</legend>
        <For each={ids()}>
          {(id) => (
            <label class={styles.consent}>
              <input
                type="checkbox"
                checked={draft.engines().includes(id)}
                disabled={draft.engines().length === 1 && draft.engines().includes(id)}
                onChange={(event) => toggle(id, event.currentTarget.checked)}
              />
              <span>{engineName(id)}</span>
            </label>
          )}
        </For>
      </fieldset>
    </Show>
  );
}
