import { A } from '@solidjs/router';
import { createUniqueId, For, Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Notice } from '../../components/notice.tsx';
import { formatDuration } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import type { ConvertModel } from '../convert/convert-model.ts';
import styles from './engines.module.css';
import { ModelsHere } from './models-here.tsx';
import { engineName, words } from './words.ts';

/** Which engine converts, what each is for and how long it would take; and the chosen one's models on this device. */
export default function EnginePicker(props: { readonly model: ConvertModel }) {
  const { model } = props;
  const { engines } = useApp();
  const group = createUniqueId();
  const chosen = () => model.settings.engine;
  const ids = () => [...new Set([...engines.offered(), chosen()])];
  const mismatch = () => {
    const voice = model.voice();
    return voice.kind === 'voice' && voice.engines?.includes(chosen()) === false ? voice.name : undefined;
  };

  return (
    <fieldset class={styles.picker}>
      <legend>{words().title}</legend>
      <div class={styles.engines}>
        <For each={ids()}>
          {(id) => (
            <label class={styles.engine}>
              <input
                class="visually-hidden"
                type="radio"
                name={group}
                value={id}
                checked={id === chosen()}
                onChange={() => model.change({ engine: id })}
              />
              <span class={styles.name}>{engineName(id)}</span>
              <span>{words().engines[id]?.purpose}</span>
              <span class={styles.soft}>
                {placesOf(id)} · {timeOf(id)}
              </span>
            </label>
          )}
        </For>
      </div>
      <ModelsHere engine={chosen()} />
      <Show when={mismatch()}>{(voice) => <Notice kind="remark">{words().voiceMismatch(voice())}</Notice>}</Show>
      <A class={styles.more} href="/system">
        {words().more}
      </A>
    </fieldset>
  );

  function placesOf(id: string): string {
    const [there, here] = [engines.offered().includes(id) && engines.isOnServer(id), engines.isHere(id)];
    if (there) return words().places[here ? 'both' : 'server'];
    return words().places[here ? 'here' : 'nowhere'];
  }

  function timeOf(id: string): string {
    const seconds = model.estimateWith(id);
    return seconds === undefined ? words().unmeasured : words().estimate(formatDuration(seconds, language()));
  }
}
